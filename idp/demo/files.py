"""What the demo keeps in its folder: secrets made once, and the provider's settings from them."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from idp import secret_values
from idp.demo.plan import CLIENT_ID, HOST, DemoPlan
from idp.demo.practitioners import write_directory

_SECRETS_FILE = "demo-secrets.json"
# Production refuses a secret that begins so.
_PREFIX = "demo-"
_SECRETS = ("master", "iban", "passphrase", "client_secret", "site_cookie")


class NotADemoFolderError(Exception):
    """The folder holds something that no demo put there."""


def remove_demo(folder: Path) -> None:
    """Remove the folder and all in it, if a demo made it.

    Raises:
        NotADemoFolderError: it was not; nothing is touched.

    """
    if folder.exists() and not (folder / _SECRETS_FILE).is_file() and any(folder.iterdir()):
        raise NotADemoFolderError(folder)
    shutil.rmtree(folder, ignore_errors=True)


def write_files(plan: DemoPlan) -> Mapping[str, str]:
    """Write what the provider reads; return the secrets. What exists already is kept.

    Raises:
        NotADemoFolderError: the folder holds something else.
        OSError: the folder cannot be written.

    """
    plan.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secrets = _read_or_make_secrets(plan.folder)
    _write_private(plan.settings_file, _draw_settings(plan, secrets))
    _write_private(plan.clients_file, _draw_client(plan, secrets["client_secret"]))
    write_directory(plan.directory_file)
    return secrets


def _read_or_make_secrets(folder: Path) -> Mapping[str, str]:
    file = folder / _SECRETS_FILE
    if file.is_file():
        kept: dict[str, str] = json.loads(file.read_text("utf-8"))
        return kept
    if any(folder.iterdir()):
        raise NotADemoFolderError(folder)
    secrets = {name: _PREFIX + secret_values.random_token() for name in _SECRETS}
    _write_private(file, json.dumps(secrets, indent=2))
    return secrets


def _write_private(file: Path, content: str) -> None:
    file.touch(mode=0o600)
    file.write_text(content, "utf-8")


def _draw_settings(plan: DemoPlan, secrets: Mapping[str, str]) -> str:
    """Return the settings; JSON strings and numbers are TOML too."""
    sections: Mapping[str, Mapping[str, object]] = {
        "server": {"host": HOST, "port": plan.provider_port, "workers": 1, "metrics_port": 0},
        "database": {"url": f"sqlite:///{plan.folder.resolve()}/demo.sqlite3"},
        "secrets": {"master": [secrets["master"]], "iban": [secrets["iban"]]},
        "keys": {
            "folder": str(plan.folder.resolve() / "keys"),
            "passphrase": secrets["passphrase"],
        },
        "mail": {"host": HOST, "port": plan.smtp_port, "security": "none"},
        "outbox": {"poll_interval": "1 s"},
        "pages": {"home_url": plan.site_url},
    }
    top = {
        "issuer": plan.issuer,
        "environment": "demo",
        "clients_file": str(plan.clients_file.resolve()),
    }
    lines = ["# Written anew each time the demo starts.", *_draw_table(top)]
    for name, values in sections.items():
        lines += ["", f"[{name}]", *_draw_table(values)]
    return "\n".join(lines) + "\n"


def _draw_client(plan: DemoPlan, client_secret: str) -> str:
    client = {
        "client_id": CLIENT_ID,
        "name": "Site de la MNSPF (démonstration)",
        "secret_digests": [secret_values.digest(client_secret)],
        "redirect_uris": [f"{plan.site_url}/retour"],
        "post_logout_redirect_uris": [f"{plan.site_url}/au-revoir"],
        "initiate_login_uri": f"{plan.site_url}/connexion",
        "backchannel_logout_uri": f"{plan.site_url}/notification",
        "scopes": ["openid", "profile", "email", "phone", "address", "finess"],
        "grant_types": ["authorization_code", "refresh_token"],
        "is_first_party": True,
    }
    return "\n".join(["[[clients]]", *_draw_table(client)]) + "\n"


def _draw_table(values: Mapping[str, object]) -> list[str]:
    return [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
