"""What must happen before an authorization request is answered: one pure function decides.

It is asked again after every step - login, registration, consent. What a request demands anew
(`prompt=login`, `max_age`, `prompt=consent`) is satisfied by the login or consent that named this
request, once: an old one in the history bypasses nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from idp.protocol.authorization_request import AuthorizationRequest
from idp.protocol.errors import ProtocolError
from idp.protocol.ports import SignedIn, UnitOfWork
from idp.protocol.redirect_uris import is_loopback_address

_FRESH_LOGIN_PROMPTS = frozenset({"login", "select_account", "create"})


@dataclass(frozen=True, slots=True)
class Proceed:
    """Answer it. `once_id` is set where the request may be answered once for this sign-in."""

    once_id: str | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """Ask the practitioner to sign in."""


@dataclass(frozen=True, slots=True)
class Create:
    """Open the registration."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Ask the practitioner to agree to these scopes."""

    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refuse:
    """Tell the client why nothing can happen."""

    error: str
    description: str


Decision = Proceed | Login | Create | Consent | Refuse


@dataclass(frozen=True, slots=True)
class Interaction:
    """What the practitioner must do before the request is answered.

    `was_answered` says that it was answered before: whoever does it again does it for a new one.
    """

    step: Login | Create | Consent
    request: AuthorizationRequest
    was_answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the decision needs to remember: `subject` is who is signed in, as the client sees them.

    `was_answered` says whether the request was answered for this sign-in; `agreed_scopes` and
    `agreed_request_id` are the consent given before and the request that asked for it last.
    """

    subject: str = ""
    was_answered: bool = False
    agreed_scopes: frozenset[str] = frozenset()
    agreed_request_id: str | None = None


def decide(
    request: AuthorizationRequest, session: SignedIn | None, now: datetime, *, memory: Memory
) -> Decision:
    """Return what must happen next.

    Args:
        request: a checked request.
        session: who is signed in in this browser, if anybody.
        now: the present moment.
        memory: what `recall` found out.

    """
    decision = _decide_next_step(request, session, now, memory=memory)
    if "none" in request.prompts:
        return _refuse_to_ask(decision)
    if isinstance(decision, Login) and "create" in request.prompts:
        return Create()
    return decision


def recall(
    request: AuthorizationRequest, session: SignedIn | None, *, subject: str, uow: UnitOfWork
) -> Memory:
    """Read what `decide` needs; only what this request can need is read."""
    if session is None:
        return Memory()
    prompts = request.prompts - {"none"}
    may_be_once = bool(prompts) or request.max_age is not None or is_public_loopback(request)
    was_answered = may_be_once and uow.grants.was_answered(_once_id(request, session))
    if not _asks_for_consent(request):
        return Memory(subject=subject, was_answered=was_answered)
    agreed = uow.consents.find(session.sub, request.client.client_id)
    scopes, request_id = agreed or (frozenset(), None)
    return Memory(
        subject=subject,
        was_answered=was_answered,
        agreed_scopes=scopes,
        agreed_request_id=request_id,
    )


def list_asked_scopes(request: AuthorizationRequest) -> tuple[str, ...]:
    """Return the scopes that consent is about: those asked for, and those behind single claims."""
    extra = request.claims.scopes - set(request.scopes)
    return (*request.scopes, *sorted(extra))


def is_public_loopback(request: AuthorizationRequest) -> bool:
    """Whether a program of this computer asks that cannot prove which one it is (RFC 8252 8.6)."""
    return request.client.is_public and is_loopback_address(request.reply_to.redirect_uri)


def _decide_next_step(
    request: AuthorizationRequest, session: SignedIn | None, now: datetime, *, memory: Memory
) -> Decision:
    if session is None:
        return Login()
    is_login_for_this = session.login_request_id == request.request_id and not memory.was_answered
    needs_fresh_login = _needs_fresh_login(request, session, now)
    if needs_fresh_login and not is_login_for_this:
        return Login()
    if request.expected_subject not in {None, memory.subject}:
        return _refuse_stranger() if is_login_for_this else Login()
    if _asks_for_consent(request) and not _is_agreed(request, memory):
        return Consent(list_asked_scopes(request))
    is_once = needs_fresh_login or "consent" in request.prompts or is_public_loopback(request)
    return Proceed(_once_id(request, session) if is_once else None)


def _needs_fresh_login(request: AuthorizationRequest, session: SignedIn, now: datetime) -> bool:
    if request.prompts & _FRESH_LOGIN_PROMPTS:
        return True
    age, max_age = now - session.authenticated_at, request.max_age
    return max_age is not None and (age > max_age or max_age == timedelta())


def _asks_for_consent(request: AuthorizationRequest) -> bool:
    is_trusted = request.client.is_first_party and not is_public_loopback(request)
    return not is_trusted or "consent" in request.prompts


def _is_agreed(request: AuthorizationRequest, memory: Memory) -> bool:
    if "consent" in request.prompts or is_public_loopback(request):
        return memory.agreed_request_id == request.request_id and not memory.was_answered
    return memory.agreed_scopes.issuperset(list_asked_scopes(request))


def _once_id(request: AuthorizationRequest, session: SignedIn) -> str:
    """Name one sign-in's answer to a request: who signs in again may be answered again."""
    return f"{request.request_id}.{int(session.authenticated_at.timestamp() * 1_000_000)}"


def _refuse_to_ask(decision: Decision) -> Decision:
    """With `prompt=none` nobody is asked anything (OpenID Connect Core 3.1.2.6)."""
    if isinstance(decision, Login):
        return Refuse("login_required", "Nobody suitable is signed in.")
    if isinstance(decision, Consent):
        return Refuse("consent_required", "The practitioner has not agreed yet.")
    return decision


def _refuse_stranger() -> Refuse:
    return Refuse("login_required", "Another practitioner signed in than the one expected.")


def as_error(refusal: Refuse, request: AuthorizationRequest) -> ProtocolError:
    """Return the refusal as the error that the client is told."""
    error = ProtocolError(refusal.error, refusal.description)
    error.client_id, error.reply_to = request.client.client_id, request.reply_to
    return error
