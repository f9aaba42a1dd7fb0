"""Why a client was refused, in plain words: what `idp clients doctor` says of the audit trail.

English, for the developer of the relying party: what happened, and what to do about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from idp.protocol.client import Client
from idp.protocol.refusal_words import REFUSAL_WORDS


@dataclass(frozen=True, slots=True)
class Explanation:
    """What went wrong, what to do, and lines to compare where there are any."""

    what: str
    remedy: str
    comparison: tuple[str, ...] = ()


def explain(reason: str, details: Mapping[str, str], client: Client) -> Explanation:
    """Return what a refusal of this client means; one without words of its own says its error."""
    what, remedy = REFUSAL_WORDS.get(
        reason, ("{description}", "Correct it; what is optional may be left out.")
    )
    known = {
        "client_id": client.client_id,
        "registered": client.token_endpoint_auth_method.value,
        "used": "another method",
        "description": reason,
        "clock_offset_seconds": "?",
        "algorithm": client.id_token_signed_response_alg,
        **details,
    }
    received = details.get("redirect_uri")
    comparison = () if received is None else compare_uris(received, client.redirect_uris)
    return Explanation(what.format_map(known), remedy.format_map(known), comparison)


def compare_uris(received: str, registered: tuple[str, ...]) -> tuple[str, ...]:
    """Return the address received, the nearest registered one, and marks where they differ."""
    if not received:
        return ("received:   (none)",)
    nearest = max(registered, key=lambda uri: SequenceMatcher(None, received, uri).ratio())
    top, bottom, marks = "", "", ""
    for tag, i1, i2, j1, j2 in SequenceMatcher(
        None, received, nearest, autojunk=False
    ).get_opcodes():
        width = max(i2 - i1, j2 - j1)
        top += received[i1:i2].ljust(width, "·")
        bottom += nearest[j1:j2].ljust(width, "·")
        marks += (" " if tag == "equal" else "^") * width
    return (f"received:   {top}", f"registered: {bottom}", f"            {marks}".rstrip())
