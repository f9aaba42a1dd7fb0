"""The checked authorization request, sealed: it waits in the page, so waiting writes no row.

Encrypted and authenticated for this purpose alone, at most 6 kB, good for as long as the settings
say. Its date and id go along: a login satisfies `prompt=login` only for the request whose id it
posted.
"""

import json
from datetime import UTC, datetime

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from idp.protocol.authorization_request import ReceivedRequest
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


def seal_request(received: ReceivedRequest) -> str:
    """Return the request as one URL-safe text.

    Raises:
        RequestTooLongError: it is longer than 64 KiB, or sealed than 6 kB.

    """
    content = {
        "parameters": dict(received.parameters),
        "id": received.request_id,
        "at": int(received.received_at.timestamp()),
        "par": received.pushed_reference,
    }
    plain = json.dumps(content)
    if len(plain) > MAX_UNSEALED_BYTES:
        raise RequestTooLongError
    text = current.services.secret_keys.seal(_PURPOSE, plain)
    if len(text) > MAX_SEALED_LENGTH:
        raise RequestTooLongError
    return text


def open_request(text: str) -> ReceivedRequest:
    """Return what was sealed.

    Raises:
        SealBrokenError: it is not ours, or was altered.
        SealedRequestExpiredError: it is past its lifetime.

    """
    if not text or len(text) > MAX_SEALED_LENGTH:
        raise SealBrokenError
    content = json.loads(current.services.secret_keys.unseal(_PURPOSE, text))
    received = ReceivedRequest(
        parameters=content["parameters"],
        request_id=content["id"],
        received_at=datetime.fromtimestamp(content["at"], UTC),
        pushed_reference=content["par"],
    )
    lifetime = current.services.settings.tokens.sealed_request_lifetime
    if current.now - received.received_at >= lifetime:
        raise SealedRequestExpiredError(received.client_id)
    return received


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
