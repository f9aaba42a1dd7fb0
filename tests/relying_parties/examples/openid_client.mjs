import { createServer } from "node:http";
import * as oidc from "openid-client";

const { ISSUER, SITE, CLIENT_ID, CLIENT_SECRET } = process.env;

// Plain http is for trying on one machine: leave the last argument out elsewhere.
const provider = await oidc.discovery(
  new URL(ISSUER),
  CLIENT_ID,
  CLIENT_SECRET,
  oidc.ClientSecretBasic(CLIENT_SECRET),
  { execute: [oidc.allowInsecureRequests] },
);
const visitors = new Map(); // what is known of each browser, by the secret in its cookie

const pages = {
  "/": async (visitor) => {
    if (!visitor.tokens) return { text: "Nobody is signed in: open /login" };
    const { sub } = visitor.tokens.claims();
    const user = await oidc.fetchUserInfo(provider, visitor.tokens.access_token, sub);
    return { text: JSON.stringify(user) };
  },
  "/login": async (visitor) => {
    visitor.checks = {
      pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
      expectedState: oidc.randomState(),
      expectedNonce: oidc.randomNonce(),
    };
    const { pkceCodeVerifier, expectedState, expectedNonce } = visitor.checks;
    return {
      goTo: oidc.buildAuthorizationUrl(provider, {
        redirect_uri: `${SITE}/callback`,
        scope: "openid profile",
        code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: "S256",
        state: expectedState,
        nonce: expectedNonce,
      }),
    };
  },
  "/callback": async (visitor, address) => {
    visitor.tokens = await oidc.authorizationCodeGrant(provider, address, visitor.checks);
    return { goTo: "/" };
  },
  "/refresh": async (visitor) => {
    visitor.tokens = await oidc.refreshTokenGrant(provider, visitor.tokens.refresh_token);
    return { goTo: "/" };
  },
  "/logout": async (visitor) => {
    const { id_token } = visitor.tokens;
    visitor.tokens = undefined;
    const parameters = { id_token_hint: id_token, post_logout_redirect_uri: `${SITE}/` };
    return { goTo: oidc.buildEndSessionUrl(provider, parameters) };
  },
};

function findVisitor(request, response) {
  const [, known] = /my_site=([^;]+)/.exec(request.headers.cookie) ?? [];
  if (visitors.has(known)) return visitors.get(known);
  const secret = oidc.randomState();
  response.setHeader("Set-Cookie", `my_site=${secret}; HttpOnly; SameSite=Lax; Path=/`);
  return visitors.set(secret, {}).get(secret);
}

const notHere = async () => ({ status: 404, text: "Not here" });
const explain = (error) => ({ status: 400, text: `${error}` });
const plain = "text/plain; charset=utf-8";

createServer(async (request, response) => {
  const address = new URL(request.url, SITE);
  const page = pages[address.pathname] ?? notHere;
  const answer = await page(findVisitor(request, response), address).catch(explain);
  if (answer.goTo) response.writeHead(303, { Location: `${answer.goTo}` }).end();
  else response.writeHead(answer.status ?? 200, { "Content-Type": plain }).end(answer.text);
}).listen(new URL(SITE).port, "127.0.0.1");
