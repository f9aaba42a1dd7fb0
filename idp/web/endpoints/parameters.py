"""Parameters as relying parties must send them; anything else is refused before it is looked at.

A parameter occurs once (RFC 6749 3.1, attack case C10), is text, and comes where it belongs: what
a POST needs is in its body, never in its address, which gets logged.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from idp.protocol.errors import ProtocolError, refuse_request
from idp.protocol.exchange import Exchange
from idp.web.context import current, find_request

# U+FFFD is what bytes become that are no UTF-8.
_UNREADABLE = re.compile("[\0\ufffd]")
_MAX_NAME_LENGTH = 100


def read_exchange() -> Exchange:
    """Return the POST at hand as the protocol room takes it.

    Raises:
        ProtocolError: `invalid_request`, with status 400, 413 or 415.

    """
    return Exchange(
        uow=current.uow,
        now=current.now,
        parameters=read_posted(),
        authorization=request.headers.get("Authorization"),
    )


def read_posted() -> Mapping[str, str]:
    """Return the parameters of a form in the body (attack cases C29, C2D).

    Raises:
        ProtocolError: it is no such form, or there are parameters in the address as well.

    """
    asked = find_request()
    charset = asked.mimetype_params.get("charset", "utf-8").lower()
    if asked.mimetype != "application/x-www-form-urlencoded" or charset != "utf-8":
        raise ProtocolError(
            "invalid_request",
            "Content-Type must be application/x-www-form-urlencoded.",
            reason="wrong_content_type",
            status=415,
        )
    if asked.query_string:
        raise refuse_request("Parameters belong in the body.", reason="parameters_in_query")
    try:
        return _read_single(asked.get_data())
    except RequestEntityTooLarge as error:
        raise ProtocolError(
            "invalid_request", "The body is too long.", reason="too_long", status=413
        ) from error


def read_query() -> Mapping[str, str]:
    """Return the parameters of the address.

    Raises:
        ProtocolError: one is repeated, or unreadable.

    """
    return _read_single(request.query_string)


def _read_single(encoded: bytes) -> Mapping[str, str]:
    """Return parameters that each occur once and can be read; empty ones count as absent."""
    text = encoded.decode(errors="replace")
    single: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, errors="replace"):
        if name in single:
            raise refuse_request("A parameter is repeated.", reason="parameter_repeated")
        if len(name) > _MAX_NAME_LENGTH or _UNREADABLE.search(name + value):
            raise refuse_request("A parameter is not UTF-8 text.", reason="bad_characters")
        single[name] = value
    return {name: value for name, value in single.items() if value}
