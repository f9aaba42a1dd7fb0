// Goes on to the site once its fellows were told, or after five seconds.

const PATIENCE_MS = 5000;
const frames = [...document.querySelectorAll("iframe")];
const told = frames.map((frame) => new Promise((resolve) => frame.addEventListener("load", resolve)));
const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));

Promise.race([Promise.all(told), patience]).then(() => {
  document.getElementById("continue-link").click();
});
