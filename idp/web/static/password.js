// Shows a password on demand, and marks the rules it meets as one types.

const RULES = {
  length: (text, item) => {
    const count = [...text].length;
    return count >= Number(item.dataset.min) && count <= Number(item.dataset.max);
  },
  upper: (text) => /[\p{Lu}\p{Lt}]/u.test(text),
  lower: (text) => /\p{Ll}/u.test(text),
  digit: (text) => /\p{Nd}/u.test(text),
  special: (text) => /[\p{P}\p{S}\p{Zs}\p{Nl}\p{No}]/u.test(text),
};

function addReveal(box) {
  const input = box.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "reveal";
  const name = document.querySelector(`label[for="${input.id}"]`).textContent;
  const show = (isShown) => {
    input.type = isShown ? "text" : "password";
    button.textContent = isShown ? "Masquer" : "Afficher";
    button.setAttribute("aria-label", `${button.textContent} : ${name}`);
  };
  show(false);
  button.addEventListener("click", () => show(input.type === "password"));
  // A password left in clear would be offered again by the browser's form history.
  input.form.addEventListener("submit", () => show(false));
  box.classList.add("has-reveal");
  box.append(button);
}

function markRules(input) {
  const text = input.value.normalize("NFC");
  for (const item of document.querySelectorAll(`#${input.dataset.rules} [data-rule]`)) {
    const isMet = RULES[item.dataset.rule](text, item);
    item.dataset.state = isMet ? "met" : "unmet";
    item.querySelector(".unseen").textContent = isMet ? " : respecté" : " : pas encore respecté";
  }
}

function watchRules(input) {
  for (const item of document.querySelectorAll(`#${input.dataset.rules} [data-rule]`)) {
    const said = document.createElement("span");
    said.className = "unseen";
    item.append(said);
  }
  input.addEventListener("input", () => markRules(input));
}

document.querySelectorAll("[data-secret]").forEach(addReveal);
document.querySelectorAll("input[data-rules]").forEach(watchRules);
