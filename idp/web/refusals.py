"""A form that is shown again: what was wrong, with which status, and when to come back.

422 where what was typed is at fault (RFC 9110 15.5.21), 403 where the form's token was, 429 and 503
with Retry-After where it is only a matter of time. What was typed stays, passwords excepted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from math import ceil
from typing import TypeVar

from flask import Response

from idp.accounts import wording as accounts_wording
from idp.accounts.credentials import Invalid
from idp.accounts.errors import HashQueueFullError
from idp.accounts.outcomes import Blocked, Failed, NetworkRefused, PasswordTooLong, TooManyMails
from idp.web import wording
from idp.web.context import current
from idp.web.csrf import is_genuine_post
from idp.web.forms import Form
from idp.web.french import round_up, say_duration, say_moment
from idp.web.rendering import render_page

OutcomeT = TypeVar("OutcomeT")
Refused = Failed | Invalid | PasswordTooLong | NetworkRefused | TooManyMails | HashQueueFullError


@dataclass(frozen=True, slots=True)
class FormStatus:
    """The HTTP status a form is shown with, and when it is worth trying anew."""

    code: HTTPStatus
    retry_after: timedelta | None = None


FRESH = FormStatus(HTTPStatus.OK)
FAULTY = FormStatus(HTTPStatus.UNPROCESSABLE_ENTITY)
EXPIRED = FormStatus(HTTPStatus.FORBIDDEN)


def is_form_expired(form: Form) -> bool:
    """Say on the form where its token is missing or foreign: then nothing is done."""
    if is_genuine_post():
        return False
    form.add_error("form", wording.FORM_EXPIRED)
    return True


def catch_full_queue(act: Callable[[], OutcomeT]) -> OutcomeT | HashQueueFullError:
    """Return what `act` returns, or that no hash slot came free.

    Whoever waits for a slot holds no connection of the database: what was read is done with.
    """
    current.uow.commit()
    try:
        return act()
    except HashQueueFullError as error:
        return error


def explain_refusal(form: Form, outcome: Refused, *, field: str) -> FormStatus:
    """Put an outcome into words on the form; a password that is wrong was the present one."""
    if isinstance(outcome, HashQueueFullError | NetworkRefused | TooManyMails):
        form.heading = wording.NOT_NOW
    if isinstance(outcome, HashQueueFullError):
        form.add_error("form", wording.SERVICE_BUSY)
        return FormStatus(HTTPStatus.SERVICE_UNAVAILABLE, outcome.retry_after)
    if isinstance(outcome, NetworkRefused | TooManyMails):
        is_network = isinstance(outcome, NetworkRefused)
        said = wording.NETWORK_REFUSED if is_network else wording.TOO_MANY_MAILS
        form.add_error("form", said.format(duration=say_duration(outcome.retry_after)))
        return FormStatus(HTTPStatus.TOO_MANY_REQUESTS, outcome.retry_after)
    if isinstance(outcome, Invalid):
        form.add_faults(outcome.faults)
    elif isinstance(outcome, Failed):
        tries = wording.count_tries(outcome.tries_left)
        form.add_error(field, f"{wording.WRONG_CURRENT_PASSWORD} {tries}")
    else:
        max_length = current.services.tools.policy.passwords.max_length
        too_long = accounts_wording.PASSWORD_VIOLATIONS["too_long"]
        form.add_error(field, too_long.format(max_length=max_length))
    return FAULTY


def render_form(template: str, status: FormStatus, **context: object) -> Response:
    """Render a page that holds a form, and say when to come back."""
    response = render_page(template, status.code, **context)
    if status.retry_after is not None:
        response.headers["Retry-After"] = str(ceil(status.retry_after.total_seconds()))
    return response


def show_blocked(template: str, blocked: Blocked) -> Response:
    """Show until when a number is blocked: one page for all numbers, known or not."""
    status = FormStatus(HTTPStatus.TOO_MANY_REQUESTS, max(blocked.until - current.now, timedelta()))
    until = say_moment(round_up(blocked.until), current.now)
    return render_form(template, status, blocked_until=until)
