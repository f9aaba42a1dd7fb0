"""The `claims` parameter: single claims a client asks for (OpenID Connect Core 5.5)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from idp.protocol.vocabulary import ACR_PASSWORD, SCOPES


class MalformedClaimsError(ValueError):
    """The parameter is no JSON object of the form the specification gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsRequest:
    """Claims for the ID token and for userinfo, among those the client's scopes allow.

    `subject` is the `sub` that must be signed in; `demands_other_acr` says that an `acr` this
    provider cannot give is essential to the client.
    """

    id_token: tuple[str, ...] = ()
    userinfo: tuple[str, ...] = ()
    subject: str | None = None
    demands_other_acr: bool = False

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes that stand for these claims: what the practitioner is asked to agree to."""
        asked = {*self.id_token, *self.userinfo}
        return frozenset(scope for scope, claims in SCOPES.items() if asked & {*claims})

    def to_text(self) -> str:
        """Return what the grant keeps; "" where nothing was asked for."""
        kept = {"id_token": self.id_token, "userinfo": self.userinfo}
        return json.dumps(kept, separators=(",", ":")) if self.id_token or self.userinfo else ""


def parse_claims_request(text: str, client_scopes: Iterable[str]) -> ClaimsRequest:
    """Read the parameter; claims that are unknown or not the client's to ask for are ignored.

    Raises:
        MalformedClaimsError: it is not of the form of OpenID Connect Core 5.5.

    """
    wanted = _read_object(text)
    id_token, userinfo = (_read_member(wanted, name) for name in ("id_token", "userinfo"))
    allowed = {claim for scope in client_scopes for claim in SCOPES.get(scope, ())} - {"sub"}
    subject = (id_token.get("sub") or {}).get("value")
    if subject is not None and not isinstance(subject, str):
        raise MalformedClaimsError("the value of sub is no string")
    return ClaimsRequest(
        id_token=tuple(sorted(allowed & id_token.keys())),
        userinfo=tuple(sorted(allowed & userinfo.keys())),
        subject=subject,
        demands_other_acr=_is_unmet(id_token.get("acr") or {}),
    )


def read_kept_claims(text: str) -> ClaimsRequest:
    """Return what a grant kept of a claims request."""
    kept = json.loads(text or "{}")
    return ClaimsRequest(
        id_token=tuple(kept.get("id_token", ())), userinfo=tuple(kept.get("userinfo", ()))
    )


def _read_object(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedClaimsError("it is not JSON") from error
    if not isinstance(value, dict):
        raise MalformedClaimsError("it is no JSON object")
    return value


def _read_member(wanted: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    member = wanted.get(name) or {}
    is_well_formed = isinstance(member, dict) and all(
        value is None or isinstance(value, dict) for value in member.values()
    )
    if not is_well_formed:
        raise MalformedClaimsError(f"{name} is no object of null or objects")
    return member


def _is_unmet(acr: Mapping[str, Any]) -> bool:
    """Whether this request for `acr` is essential and names only others (Core 5.5.1.1)."""
    values = acr.get("values", [acr["value"]] if "value" in acr else [])
    named = values if isinstance(values, list) else [values]
    return acr.get("essential") is True and bool(named) and ACR_PASSWORD not in named
