// A public client on oidc-client-ts: which one is told by settings.json, by the page's host.
const settings = (await (await fetch("/settings.json")).json())[location.hostname];
const manager = new oidc.UserManager({
  ...settings,
  redirect_uri: `${location.origin}/back`,
  silent_redirect_uri: `${location.origin}/silent`,
  post_logout_redirect_uri: `${location.origin}/`,
  scope: "openid profile",
  loadUserInfo: true,
  automaticSilentRenew: false,
  checkSessionIntervalInSeconds: 1,
  silentRequestTimeoutInSeconds: 10,
});
const heading = document.querySelector("h1");
manager.events.addUserSignedOut(() => (heading.textContent = "Signed out elsewhere"));
window.manager = manager;

if (location.pathname === "/silent") {
  await manager.signinSilentCallback();
} else {
  if (location.pathname === "/back") await manager.signinRedirectCallback();
  const user = await manager.getUser();
  heading.textContent = user ? user.profile.name : "Nobody";
}
