// « Vouliez-vous dire …@orange.fr ? »: offers the usual domain that a mistyped one resembles.

const DOMAINS = [
  "orange.fr", "wanadoo.fr", "gmail.com", "free.fr", "sfr.fr", "laposte.net", "hotmail.fr",
  "hotmail.com", "outlook.fr", "outlook.com", "yahoo.fr", "yahoo.com", "live.fr", "icloud.com",
  "bbox.fr", "neuf.fr", "numericable.fr", "medical-sante.fr",
];

// Letters to add, drop, change or swap to go from one word to the other (Damerau-Levenshtein).
function distance(a, b) {
  const rows = [[...Array(b.length + 1).keys()]];
  for (let i = 1; i <= a.length; i += 1) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = Number(a[i - 1] !== b[j - 1]);
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
      }
    }
  }
  return rows[a.length][b.length];
}

function suggest(address) {
  const [, local, domain] = /^(.+)@([^@]+)$/.exec(address.trim().toLowerCase()) ?? [];
  if (!domain || DOMAINS.includes(domain)) return null;
  const near = DOMAINS.find((known) => distance(domain, known) <= (known.length > 8 ? 2 : 1));
  return near ? `${address.trim().slice(0, local.length)}@${near}` : null;
}

function help(input) {
  const box = document.createElement("div");
  box.setAttribute("role", "status");
  input.after(box);
  input.addEventListener("change", () => {
    box.replaceChildren();
    const address = suggest(input.value);
    if (!address) return;
    const line = document.createElement("p");
    line.className = "gentle";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = address;
    button.addEventListener("click", () => {
      input.value = address;
      box.replaceChildren();
      input.focus();
    });
    line.append("Vouliez-vous dire ", button, " ?");
    box.append(line);
  });
}

document.querySelectorAll("[data-email]").forEach(help);
