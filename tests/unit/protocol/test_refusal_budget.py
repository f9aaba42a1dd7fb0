"""Anybody can have a known client refused: the trail keeps five a minute of a kind."""

from datetime import UTC, datetime, timedelta

from idp.protocol.audit import RefusalBudget

NOW = datetime(2026, 3, 2, 9, 30, 0, tzinfo=UTC)


def spend_all(budget: RefusalBudget, reason: str = "pkce_missing") -> int:
    """Return how many of a hundred refusals of one moment are recorded."""
    return sum(budget.spend("site", reason, NOW) for _ in range(100))


def test_flood_is_recorded_five_times() -> None:
    """What comes after the fifth of its minute is in the log alone."""
    assert spend_all(RefusalBudget()) == 5


def test_flood_hides_no_other_reason() -> None:
    """Each reason of each client has its own budget: what else goes wrong is still recorded."""
    budget = RefusalBudget()
    spend_all(budget)
    assert spend_all(budget, "scope_not_registered") == 5
    assert budget.spend("other", "pkce_missing", NOW)


def test_next_minute_has_its_own() -> None:
    """The budget is a minute's."""
    budget = RefusalBudget()
    spend_all(budget)
    assert not budget.spend("site", "pkce_missing", NOW + timedelta(seconds=59))
    assert budget.spend("site", "pkce_missing", NOW + timedelta(seconds=60))
