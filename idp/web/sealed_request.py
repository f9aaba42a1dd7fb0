"""The checked authorization request, sealed: it waits in the page, so waiting writes no row.

Encrypted and authenticated for this purpose alone, at most 6 kB, good for 24 hours. It carries its
own date and id: a login satisfies `prompt=login` only for the request whose id it posted.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from idp import secret_values
from idp.secret_values import MAX_UNSEALED_BYTES, SealBrokenError
from idp.web.context import current
from idp.web.redirects import build_address

MAX_SEALED_LENGTH = 6 * 1024
_PURPOSE = "authorization request"


class RequestTooLongError(Exception):
    """The parameters do not fit; answer invalid_request."""


class SealedRequestExpiredError(Exception):
    """It is ours, but older than it may be; `client_id` names the site to go back to."""

    def __init__(self, client_id: str) -> None:
        self.client_id = client_id
        super().__init__("the sealed request expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRequest:
    """What was sealed. `pushed_reference` names the pushed request it came from (RFC 9126)."""

    parameters: Mapping[str, str]
    request_id: str = field(default_factory=lambda: secret_values.random_token(16))
    created_at: datetime
    pushed_reference: str | None = None

    @property
    def client_id(self) -> str:
        """Whose request it is."""
        return self.parameters.get("client_id", "")


def seal_request(sealed: SealedRequest) -> str:
    """Return the request as one URL-safe text.

    Raises:
        RequestTooLongError: it is longer than 64 KiB, or sealed than 6 kB.

    """
    content = {
        "parameters": dict(sealed.parameters),
        "id": sealed.request_id,
        "at": int(sealed.created_at.timestamp()),
        "par": sealed.pushed_reference,
    }
    plain = json.dumps(content)
    if len(plain) > MAX_UNSEALED_BYTES:
        raise RequestTooLongError
    text = current.services.secret_keys.seal(_PURPOSE, plain)
    if len(text) > MAX_SEALED_LENGTH:
        raise RequestTooLongError
    return text


def open_request(text: str) -> SealedRequest:
    """Return what was sealed.

    Raises:
        SealBrokenError: it is not ours, or was altered.
        SealedRequestExpiredError: it is past its lifetime.

    """
    if not text or len(text) > MAX_SEALED_LENGTH:
        raise SealBrokenError
    content = json.loads(current.services.secret_keys.unseal(_PURPOSE, text))
    sealed = SealedRequest(
        parameters=content["parameters"],
        request_id=content["id"],
        created_at=datetime.fromtimestamp(content["at"], UTC),
        pushed_reference=content["par"],
    )
    if current.now - sealed.created_at >= current.services.settings.tokens.sealed_request_lifetime:
        raise SealedRequestExpiredError(sealed.client_id)
    return sealed


def read_sealed_text() -> str:
    """Return the sealed request this request carries, in its form or its address, "" if none.

    What is longer than any of ours is none. A body that is too long carries none: the page that
    says so asks this as well.
    """
    try:
        posted = request.form.get("request")
    except RequestEntityTooLarge:
        posted = None
    text = posted or request.args.get("request") or ""
    return text if len(text) <= MAX_SEALED_LENGTH else ""


def add_sealed_text(path: str, text: str) -> str:
    """Return an address of ours that carries the sealed request on."""
    return build_address(path, request=text)
