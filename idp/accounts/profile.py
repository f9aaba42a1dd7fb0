"""Mon compte: everything that is kept about a practitioner, to take away."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from idp.accounts.account import Account
from idp.accounts.visit import Visit
from idp.audit_events import Event

_ACCOUNT_SECRETS = {"password_hash", "version"}
_SESSION_SECRETS = {"secret_digest", "login_request_id", "sub"}
_DIRECTORY_SECRETS = {"iban_digest", "iban_key_version"}


def export_data(
    visit: Visit, account: Account, *, sites: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the account's data as JSON holds it: moments as ISO 8601 text, no secret, no digest.

    Args:
        visit: the visit.
        account: the signed-in account.
        sites: which sites were signed in to, as the protocol room knows them.

    """
    practitioner = visit.uow.practitioners.find(account.finess)
    sessions = visit.uow.sessions.find_all(account.sub, visit.now)
    devices = visit.uow.known_devices.find_all(account.sub, visit.now)
    visit.uow.audit.record(Event.DATA_EXPORTED, finess=account.finess, sub=account.sub)
    visit.uow.commit()
    return {
        "exported_at": visit.now.isoformat(),
        "account": _to_json(account, but=_ACCOUNT_SECRETS),
        "directory": _to_json(practitioner, but=_DIRECTORY_SECRETS) if practitioner else None,
        "has_iban_on_file": bool(practitioner and practitioner.iban_digest),
        "sessions": [_to_json(session, but=_SESSION_SECRETS) for session in sessions],
        "known_devices": len(devices),
        "sites": [dict(site) for site in sites],
    }


def _to_json(record: Any, *, but: set[str]) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    kept = {name: value for name, value in asdict(record).items() if name not in but}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in kept.items()
    }
