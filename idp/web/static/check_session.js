// Answers a site that asks whether the session changed (OpenID Connect Session Management 3.2).
// Its session_state is the SHA-256 of "client_id origin browser_state salt", in URL-safe base64
// without padding, then a dot and the salt.

function readBrowserState() {
  const name = `${document.body.dataset.stateCookie}=`;
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith(name));
  return cookie ? cookie.slice(name.length) : "";
}

async function digest(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const encoded = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return encoded.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function answer(message, origin) {
  const [, clientId, expected, salt] = /^(\S+) ([^.\s]+)\.(\S+)$/.exec(message) ?? [];
  if (!clientId) return "error";
  const actual = await digest(`${clientId} ${origin} ${readBrowserState()} ${salt}`);
  return actual === expected ? "unchanged" : "changed";
}

window.addEventListener("message", async (event) => {
  if (typeof event.data !== "string" || event.source === window) return;
  event.source.postMessage(await answer(event.data, event.origin), event.origin);
});
