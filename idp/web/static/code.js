// Keeps the digits of a pasted verification code, whatever stands between them.

document.querySelectorAll("[data-code]").forEach((input) => {
  input.addEventListener("input", () => {
    const digits = input.value.replace(/\D/g, "").slice(0, 6);
    if (digits !== input.value) input.value = digits;
  });
});
