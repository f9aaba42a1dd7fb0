"""Réinitialisation, step 2: the mailed link, then number and code.

A code serves the link it was mailed with and no other. It is counted before it is compared; three
wrong ones kill the request. The right one opens the next step to the browser that typed it.
"""

from dataclasses import dataclass

from idp.accounts.links import LinkState, Reset
from idp.accounts.outcomes import LinkDead
from idp.accounts.typed_text import normalize_code, normalize_token
from idp.accounts.visit import Visit
from idp.audit_events import Event
from idp.secret_values import digest, is_equal

_PURPOSE = "verification code"


@dataclass(frozen=True, slots=True)
class CodeNeeded:
    """The link is good, and this browser still has to give the code."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class CodeRefused:
    """The code, or the FINESS number typed with it, is wrong."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class CodesExhausted:
    """Too many wrong codes: the request is dead, another one may be made."""


@dataclass(frozen=True, slots=True)
class PasswordNeeded:
    """The code was right: this browser may choose the new password."""


def make_code_digest(visit: Visit, reset_id: str, code: str) -> str:
    """Return what is kept of a code: six digits need a key that is not in the database."""
    return visit.keys.mac(_PURPOSE, reset_id, code)


def look_at_reset(
    visit: Visit, token: str
) -> CodeNeeded | CodesExhausted | PasswordNeeded | LinkDead:
    """Say which step a link leads to in this browser, changing nothing."""
    return find_step(visit, find_reset(visit, token))


def try_code(
    visit: Visit, token: str, *, finess: str, code: str
) -> PasswordNeeded | CodeRefused | CodesExhausted | LinkDead:
    """Spend a try of this link on a code; the number must be the account's too."""
    reset = find_reset(visit, token)
    if reset is None or reset.state(visit.now) is not LinkState.USABLE:
        return LinkDead.describe(reset, visit.now)
    limit = visit.policy.code_attempts
    number = visit.uow.resets.reserve_code_attempt(reset.id, limit=limit, now=visit.now)
    if number is None:
        return CodesExhausted()
    visit.uow.commit()
    is_right_code = visit.keys.is_mac(reset.code_digest, _PURPOSE, reset.id, normalize_code(code))
    is_right_number = is_equal(finess, reset.finess)
    if not (is_right_code and is_right_number):
        visit.uow.audit.record(Event.RESET_CODE_FAILED, finess=reset.finess, sub=reset.sub)
        visit.uow.commit()
        return CodeRefused(limit - number) if number < limit else CodesExhausted()
    if not visit.uow.resets.record_code_proof(reset.id, visit.flow_digest, visit.now):
        return LinkDead.describe(find_reset(visit, token), visit.now)
    visit.uow.commit()
    return PasswordNeeded()


def find_reset(visit: Visit, token: str) -> Reset | None:
    """Return the reset of a link's token, however it was pasted."""
    return visit.uow.resets.find_by_link(digest(normalize_token(token)))


def find_step(
    visit: Visit, reset: Reset | None
) -> CodeNeeded | CodesExhausted | PasswordNeeded | LinkDead:
    """Say which step a reset is at for this browser."""
    if reset is None or reset.state(visit.now) is not LinkState.USABLE:
        return LinkDead.describe(reset, visit.now)
    if visit.is_same_browser(reset.proof_digest):
        return PasswordNeeded()
    tries_left = visit.policy.code_attempts - reset.code_attempts
    return CodeNeeded(tries_left) if tries_left > 0 else CodesExhausted()
