"""`python -m bench.flat_tables`: the tables stop growing, a year and more of logins played through.

Each simulated day adds the rows of its logins, of failures, registrations, resets and mails; then
the provider's own purge runs, as if it were that day's end. What is kept longest, the audit trail
and known devices, is kept for a year: after that every table must have as many rows at one month's
end as at the next, and the database must stay as large as it is. Else the exit status is 1.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bench.databases import DatabaseServer, add_databases_option, open_servers
from bench.provider import prepare_provider
from bench.simulation import MonthEnd, Simulation
from idp.app.storage import open_database
from idp.settings import load_settings

_console = Console(highlight=False)
_FLAT_MONTHS = 3
_SIZE_TOLERANCE = 1.02
_TOLD_TABLES = ("audit_events", "known_devices", "sessions", "grants", "outbox")
_LINE = "{:>6} " + "{:>14} " * len(_TOLD_TABLES) + "{:>12} {:>9} {:>12}"


def main() -> None:
    """Read the options, play, print each month, say whether the last ones are flat."""
    parser = argparse.ArgumentParser(prog="python -m bench.flat_tables", description=__doc__)
    add_databases_option(parser)
    parser.add_argument("--logins", type=int, default=1_000_000, help="in all")
    parser.add_argument("--days", type=int, default=450, help="that they are spread over")
    options = parser.parse_args()
    with open_servers(options.databases) as (folder, servers):
        flat = [
            _play(server, folder / server.kind, logins=options.logins, days=options.days)
            for server in servers
        ]
    sys.exit(not all(flat))


def _play(server: DatabaseServer, folder: Path, *, logins: int, days: int) -> bool:
    """Let the days pass on one database; return whether it became flat."""
    url = server.create()
    database = open_database(load_settings(prepare_provider(folder, url).settings_file))
    simulation = Simulation(url, database, logins_a_day=logins // days)
    _console.print(f"{server.kind}: {logins:,} logins in {days} days; rows at each month's end")
    _tell(("month", *_TOLD_TABLES, "other tables", "MiB", "purges, s"))
    months = []
    for number, month in enumerate(simulation.live_months(days), start=1):
        months.append(month)
        told = [month.rows[table] for table in _TOLD_TABLES]
        others = sum(month.rows.values()) - sum(told)
        figures = (*told, others, month.mib, month.purge_seconds)
        _tell((str(number), *(f"{figure:,.0f}" for figure in figures)))
    database.close()
    is_flat = _are_flat(months[-_FLAT_MONTHS:])
    _console.print(f"the last {_FLAT_MONTHS} months are {'flat' if is_flat else 'NOT FLAT'}\n")
    return is_flat


def _tell(cells: Sequence[str]) -> None:
    _console.print(_LINE.format(*cells), soft_wrap=True)


def _are_flat(months: Sequence[MonthEnd]) -> bool:
    """Say whether there are as many rows in every table, and the size is nearly the same."""
    first = months[0]
    has_same_rows = all(month.rows == first.rows for month in months)
    return has_same_rows and max(month.mib for month in months) <= first.mib * _SIZE_TOLERANCE


if __name__ == "__main__":
    main()
