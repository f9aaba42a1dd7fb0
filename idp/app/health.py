"""What /readyz asks: can this process serve, and is there something an operator should see to?"""

from collections.abc import Mapping

import structlog

from idp.app.keys import REQUIRED_ALGORITHMS
from idp.app.services import Built
from idp.store.errors import MigrationNeededError
from idp.store.migrations import check
from idp.web.endpoints.health import Check


class NotReadyError(Exception):
    """Something an operator should see to."""


def list_checks(built: Built) -> Mapping[str, Check]:
    """Return what serving needs."""

    def check_database() -> None:
        if complaint := check(built.database.engines):
            raise MigrationNeededError(complaint)

    def check_keys() -> None:
        ring, now = built.live_keys.ring(), built.services.clock.now()
        for algorithm in REQUIRED_ALGORITHMS:
            ring.active(algorithm, now)

    return {"database": check_database, "keys": check_keys}


def list_warnings(built: Built) -> Mapping[str, Check]:
    """Return what takes nobody out of service."""

    def check_outbox() -> None:
        with built.open_unit() as unit:
            depth = unit.outbox.depth(built.services.clock.now())
        if depth.is_late:
            raise NotReadyError(f"the oldest item of the outbox waits since {depth.oldest_age}")

    def check_key_folder() -> None:
        if faults := built.live_keys.faults:
            raise NotReadyError("; ".join(str(fault) for fault in faults))

    return {"outbox": check_outbox, "key_folder": check_key_folder}


def report_failure(name: str, error: Exception) -> None:
    """Write what failed to the log."""
    structlog.get_logger("idp.health").warning("health.failed", check=name, exc_info=error)
