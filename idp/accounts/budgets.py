"""Budgets of failures: a network's, which refuses, and everybody's, which only raises an alarm.

A limit over all networks that refused would be an outage anyone can cause.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from idp.accounts.alarms import Alarm, raise_alarm
from idp.accounts.attempts import Budget
from idp.accounts.counters import CounterPurpose, counter_key
from idp.accounts.outcomes import NetworkRefused
from idp.accounts.visit import Visit
from idp.audit_events import Event


def refuse_network(
    visit: Visit, purpose: CounterPurpose, budgets: Sequence[Budget]
) -> NetworkRefused | None:
    """Say whether the visitor's network may not try again yet.

    Failures under way are not counted yet: a network may overrun by as many as are checked at once.
    """
    for key, budget in _keyed_budgets(visit, purpose, budgets):
        if visit.uow.attempts.spent(key, visit.now) >= budget.limit:
            return NetworkRefused(budget.window)
    return None


def spend_networks(visit: Visit, purpose: CounterPurpose, budgets: Sequence[Budget]) -> None:
    """Count one failure of the visitor's networks; the one that ends a budget is recorded."""
    for key, budget in _keyed_budgets(visit, purpose, budgets):
        if visit.uow.attempts.spend(key, budget, visit.now) == budget.limit:
            visit.uow.audit.record(Event.NETWORK_REFUSED, reason=purpose)
            raise_alarm(visit, Alarm.NETWORK)


def spend_everybody(visit: Visit, purpose: CounterPurpose, budget: Budget) -> bool:
    """Count one failure of all networks; True for the one that reaches the alarm's threshold."""
    return visit.uow.attempts.spend(counter_key(visit, purpose), budget, visit.now) == budget.limit


def _keyed_budgets(
    visit: Visit, purpose: CounterPurpose, budgets: Sequence[Budget]
) -> Iterator[tuple[str, Budget]]:
    for network in visit.networks:
        for budget in budgets:
            key = counter_key(visit, purpose, network.name, str(budget.window))
            yield key, replace(budget, limit=budget.limit * network.factor)
