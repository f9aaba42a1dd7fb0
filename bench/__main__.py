"""`make bench`: all three parts on each database, told in tables and drawn in one picture.

Growth is measured at a fifth of its full size here; `python -m bench.growth` has it whole.
"""

import argparse
from pathlib import Path

from bench.charts.costs import draw_costs
from bench.charts.growth import draw_growth
from bench.charts.overload import draw_overload
from bench.charts.page import write_page
from bench.costs import measure_costs
from bench.databases import add_databases_option, open_servers
from bench.growth import measure_growth
from bench.overload import measure_overload


def main() -> None:
    """Read the options, measure, print, draw."""
    options = _read_options()
    with open_servers(options.databases) as (folder, databases):
        costs = measure_costs(databases, folder, browsers=options.browsers, seconds=options.seconds)
        overloads = measure_overload(databases, folder, seconds=options.overload_seconds)
        growths = measure_growth(
            databases,
            folder,
            accounts=options.accounts,
            logins=options.logins,
            seconds=options.seconds,
        )
    panels = [draw_costs(costs), draw_growth(growths), *map(draw_overload, overloads)]
    write_page(options.picture, panels)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    add_databases_option(parser)
    parser.add_argument("--seconds", type=float, default=5, help="for each operation and server")
    parser.add_argument("--browsers", type=int, default=8, help="that work at the same time")
    parser.add_argument("--overload-seconds", type=int, default=60)
    parser.add_argument("--accounts", type=int, default=200_000, help="of the large database")
    parser.add_argument("--logins", type=int, default=1_000_000, help="in the large database")
    parser.add_argument("--picture", type=Path, default=Path("bench.svg"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
