"""What runs beside the answers: the outbox, purge and rotation by schedule, and /metrics."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from idp.app.keys import build_key_store, build_rotation_policy
from idp.app.outbound import WorkerParts, build_worker
from idp.app.services import Built
from idp.app.vital_signs import MetricsPost
from idp.audit_events import Event
from idp.outbound.chores import Chore, ChoreList
from idp.outbound.loops import Loop
from idp.outbound.worker import OutboxWorker
from idp.protocol.logout_token import LogoutTokens
from idp.settings import find_metrics_folder
from idp.signing.errors import KeysRefusedError
from idp.signing.key_changes import KeyKeeper
from idp.web.house import build_mail_globals

_PURGE_INTERVAL = timedelta(minutes=1)
_SCHEDULE_INTERVAL = timedelta(hours=1)
_METRICS_INTERVAL = timedelta(seconds=15)


class ScheduleTrail:
    """The audit trail of the schedule: a transaction of its own for each change of a key."""

    def __init__(self, built: Built) -> None:
        self._built = built

    def record(self, name: Event, *, reason: str | None, details: Mapping[str, Any]) -> None:
        """Keep that the schedule made the change."""
        with self._built.open_unit() as unit:
            unit.audit.record(name, reason=reason or "schedule", details=details)
            unit.commit()


def build_background(built: Built) -> OutboxWorker:
    """Return the worker of this process, not started."""
    services = built.services
    return build_worker(
        services.settings,
        WorkerParts(
            open_unit=built.open_unit,
            find_client=services.clients.find,
            build_logout_token=LogoutTokens(services.protocol.provider),
            mail_globals=build_mail_globals(services.house),
            keys=services.secret_keys,
            clock=services.clock,
            chores=_list_chores(built),
            count_delivery=built.metrics.count_delivery,
        ),
    )


def start_background(built: Built) -> None:
    """Start what runs beside the answers; without the worker that is /metrics alone."""
    if built.services.settings.server.runs_worker:
        build_background(built).start()
    elif chores := _list_metrics_chores(built):
        Loop("metrics", ChoreList(chores, built.services.clock).run_due, _METRICS_INTERVAL).start()


def _list_chores(built: Built) -> list[Chore]:
    """Return the chores; each may run in several workers at once."""
    settings = built.services.settings
    keeper = KeyKeeper(
        build_key_store(settings),
        policy=build_rotation_policy(settings),
        clock=built.services.clock,
        audit=ScheduleTrail(built),
    )

    def purge(now: datetime) -> None:
        built.database.purge_expired(now)

    def rotate(_: datetime) -> None:
        """Only the node that may write the folder rotates; the others read what it wrote."""
        with suppress(KeysRefusedError):
            keeper.run_schedule()

    return [
        Chore(name="purge", interval=_PURGE_INTERVAL, run=purge),
        Chore(name="key schedule", interval=_SCHEDULE_INTERVAL, run=rotate),
        *_list_metrics_chores(built),
    ]


def _list_metrics_chores(built: Built) -> list[Chore]:
    folder = find_metrics_folder()
    if folder is None or not built.services.settings.server.metrics_port:
        return []
    post = MetricsPost(built, folder)
    return [Chore(name="metrics", interval=_METRICS_INTERVAL, run=post.take)]
