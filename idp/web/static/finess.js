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

function adviseFiness(text) {
  if (/^\d{8}$/.test(text)) return { say: "Il manque un chiffre. Vouliez-vous dire", offer: completeFiness(text) };
  if (/^\d{11}$/.test(text)) return { say: "11 chiffres : c’est un numéro RPPS. Indiquez le numéro FINESS, de 9 caractères." };
  if (/^\d{14}$/.test(text)) return { say: "14 chiffres : c’est un SIRET. Indiquez le numéro FINESS, de 9 caractères." };
  if (/^\d{9}$/.test(text) && luhnSum(text) % 10) return { say: "Vérifiez votre saisie. Un numéro AM (Assurance maladie) a aussi 9 chiffres : indiquez bien le numéro FINESS." };
  if (text && text.length !== 9) return { say: `Un numéro FINESS compte 9 caractères ; vous en avez saisi ${text.length}.` };
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
