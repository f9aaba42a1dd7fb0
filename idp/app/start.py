"""What happens once before the processes of `idp serve` part, and before others replace them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import structlog

from idp.app.keys import open_keys
from idp.app.storage import open_database
from idp.app.trial_build import try_build
from idp.audit_events import Event
from idp.clock import Clock
from idp.protocol.client_records import ClientFaultsError, apply_clients, parse_clients
from idp.settings import Settings, name_operator
from idp.signing.errors import KeysRefusedError
from idp.store.audit import AuditContext
from idp.store.database import Database
from idp.store.errors import StoreUnavailableError, UnsafeFileError
from idp.store.migrations import check


def prepare_start(settings: Settings, clock: Clock) -> Iterator[str]:
    """Check keys and database, apply the clients file; yield every fault, a sentence each.

    A database that is away is no fault: sign-ins answer 503 until it is back.
    """
    faults = [*_find_faults(settings, clock)]
    yield from faults or try_build(settings, clock)


def _find_faults(settings: Settings, clock: Clock) -> Iterator[str]:
    try:
        open_keys(settings, clock)
    except KeysRefusedError as error:
        yield from (str(fault) for fault in error.faults)
    try:
        yield from _prepare_database(settings, clock)
    except UnsafeFileError as error:
        yield str(error)
    except StoreUnavailableError as error:
        structlog.get_logger("idp.serve").warning("database.away", exc_info=error)


def _prepare_database(settings: Settings, clock: Clock) -> Iterator[str]:
    with closing(open_database(settings)) as database:
        if complaint := check(database.engines):
            yield complaint
        elif settings.clients_file:
            yield from _apply_clients(settings.clients_file, database, clock)


def _apply_clients(file: Path, database: Database, clock: Clock) -> Iterator[str]:
    try:
        wanted = parse_clients(file.read_text("utf-8"), clock.now())
    except ClientFaultsError as error:
        yield from (f"{file}: {fault}" for fault in error.faults)
    except (OSError, UnicodeDecodeError) as error:
        yield f"{file}: {error}"
    else:
        context = AuditContext(clock=clock, operator=name_operator())
        with database.unit_of_work(context) as unit:
            for change in apply_clients(wanted, unit.clients, clock.now()):
                unit.audit.record(Event.CLIENT_APPLIED, client_id=change.after.client_id)
            unit.commit()
