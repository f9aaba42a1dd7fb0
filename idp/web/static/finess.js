// Names a likely slip in a FINESS number, and offers the ninth digit. It never refuses anything.

function luhnSum(digits) {
  return [...digits].reverse().reduce((sum, digit, place) => {
    const value = Number(digit) * (place % 2 ? 2 : 1);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
}

function completeFiness(digits) {
  return digits + String((10 - (luhnSum(`${digits}0`) % 10)) % 10);
}

// The sentences are those of idp/accounts/wording.py: a page says a thing in one way.
const MISSING_KEY = "Un numéro FINESS comporte neuf caractères : il semble manquer le dernier.";
const WRONG_KEY = "Ce numéro FINESS paraît inexact : vérifiez votre saisie. Un numéro AM ou ADELI n’est pas un numéro FINESS.";
const PHONE = "Ce numéro ressemble à un numéro de téléphone. Saisissez votre numéro FINESS.";
const RPPS = "Ce numéro ressemble à un numéro RPPS (11 chiffres). Saisissez votre numéro FINESS.";
const SIRET = "Ce numéro ressemble à un numéro SIRET (14 chiffres). Saisissez votre numéro FINESS.";
const SOCIAL_SECURITY = "Ce numéro ressemble à un numéro de sécurité sociale. Saisissez votre numéro FINESS.";
const IBAN = "Ceci ressemble à un IBAN. Saisissez ici votre numéro FINESS.";
const OTHER_NUMBERS = { 10: PHONE, 11: RPPS, 13: SOCIAL_SECURITY, 14: SIRET, 15: SOCIAL_SECURITY };

function adviseFiness(text) {
  const isNumber = /^\d+$/.test(text);
  if (isNumber && text.length === 8) return { say: `${MISSING_KEY} Vouliez-vous dire`, offer: completeFiness(text) };
  if (isNumber && text.length === 9) return luhnSum(text) % 10 ? { say: WRONG_KEY } : null;
  if (isNumber && OTHER_NUMBERS[text.length]) return { say: OTHER_NUMBERS[text.length] };
  if (/^2[AB]\d{6}$/.test(text)) return { say: MISSING_KEY };
  if (/^[A-Z]{2}\d{2}[0-9A-Z]{10,30}$/.test(text)) return { say: IBAN };
  if (text && text.length !== 9) return { say: `Un numéro FINESS comporte neuf caractères ; vous en avez saisi ${text.length}.` };
  return null;
}

function write(finess) {
  return finess.replace(/^(..)(...)(...)(.)$/, "$1 $2 $3 $4");
}

function show(box, input, advice) {
  box.replaceChildren();
  if (!advice) return;
  const line = document.createElement("p");
  line.className = "gentle";
  line.append(advice.say);
  if (advice.offer) line.append(" ", offerButton(box, input, advice.offer), " ?");
  box.append(line);
}

function offerButton(box, input, finess) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = write(finess);
  button.addEventListener("click", () => {
    input.value = finess;
    box.replaceChildren();
    input.focus();
  });
  return button;
}

function help(input) {
  const box = document.createElement("div");
  box.setAttribute("role", "status");
  input.after(box);
  input.addEventListener("change", () => {
    input.value = input.value.replace(/[\s.\u00a0\u202f-]/g, "").toUpperCase();
    // What the server said was of the number as it was: one message per cause.
    input.closest(".field").querySelectorAll(".fault, .gentle").forEach((line) => line.remove());
    input.removeAttribute("aria-invalid");
    show(box, input, adviseFiness(input.value));
  });
}

document.querySelectorAll("[data-finess]").forEach(help);
