"""What a refused form says, and when to come back."""

from datetime import timedelta

import pytest

from idp.accounts.outcomes import NetworkRefused
from idp.web.forms import Form
from idp.web.refusals import explain_refusal


@pytest.mark.parametrize(
    "window, said",
    [
        (timedelta(hours=1), "réessayez dans 1\u00a0heure."),
        (timedelta(days=1), "réessayez dans 24\u00a0heures."),
    ],
)
def test_network_is_told_when_its_budget_is_renewed(window: timedelta, said: str) -> None:
    """429: the hour's or the day's budget is spent, and the words say which, like Retry-After."""
    form = Form()
    status = explain_refusal(form, NetworkRefused(window), field="password")
    assert (status.code, status.retry_after) == (429, window)
    (message,) = form.errors["form"]
    assert message.endswith(said)
