// Counts down to the moment another mail may be asked. Without it the server says to wait.

function countDown(form) {
  const button = form.querySelector("button");
  const line = form.querySelector("[data-countdown]");
  const end = Date.now() + Number(form.dataset.resendAfter) * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    button.disabled = left > 0;
    const unit = left > 1 ? "secondes" : "seconde";
    line.textContent = left > 0 ? `Possible dans ${left} ${unit}.` : "";
    if (left > 0) setTimeout(tick, 1000);
  };
  tick();
}

document.querySelectorAll("[data-resend-after]").forEach(countDown);
