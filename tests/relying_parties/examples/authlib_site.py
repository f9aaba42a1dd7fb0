import os

from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask, redirect, session

ISSUER, SITE = os.environ["ISSUER"], os.environ["SITE"]

app = Flask(__name__)
app.secret_key = os.urandom(32)
# On one machine all ports share their cookies, and the provider's is called "session" there.
app.config["SESSION_COOKIE_NAME"] = "my_site"
provider = OAuth(app).register(
    "mnspf",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
)


@app.get("/")
def show_user():
    return session.get("user") or "Nobody is signed in: open /login"


@app.get("/login")
def sign_in():
    return provider.authorize_redirect(f"{SITE}/callback")


@app.get("/callback")
def receive_answer():
    tokens = provider.authorize_access_token()  # checks state, redeems, verifies the ID token
    session["user"] = provider.userinfo(token=tokens)
    session["id_token"] = tokens["id_token"]
    return redirect("/")


@app.get("/logout")
def sign_out():
    session.pop("user", None)
    return provider.logout_redirect(f"{SITE}/", id_token_hint=session.pop("id_token", None))


@app.errorhandler(OAuthError)
def explain(error):
    return f"{error.error}: {error.description}", 400


if __name__ == "__main__":
    app.run(port=int(SITE.rpartition(":")[2]))
