// Cuts a whole pasted IBAN to the five characters that are asked, and says so.

function help(input) {
  const box = document.createElement("div");
  box.setAttribute("role", "status");
  input.after(box);
  input.addEventListener("change", () => {
    const text = input.value.replace(/[^0-9a-z]/gi, "").toUpperCase();
    box.replaceChildren();
    if (text.length > 5) {
      const line = document.createElement("p");
      line.className = "hint";
      line.textContent = "Seuls les 5 derniers caractères sont gardés.";
      box.append(line);
    }
    input.value = text.slice(-5);
  });
  input.addEventListener("paste", () => setTimeout(() => input.dispatchEvent(new Event("change"))));
}

document.querySelectorAll("[data-iban]").forEach(help);
