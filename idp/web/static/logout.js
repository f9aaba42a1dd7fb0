// Goes on to the site once its fellows were told (the page waits for their frames), or after five
// seconds.

const PATIENCE_MS = 5000;

const told = new Promise((resolve) => window.addEventListener("load", resolve));
const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));

Promise.race([told, patience]).then(() => document.getElementById("continue-link").click());
