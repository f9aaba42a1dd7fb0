"""The numbers of a file are remembered on disk."""

import tracemalloc

from idp.cli.row_check import SeenNumbers

ROWS = 20_000


def test_first_line_is_told_again() -> None:
    """A number that stands twice is known by the line it stood on first."""
    seen = SeenNumbers()
    assert [seen.see("990000010", 2), seen.see("990000028", 3), seen.see("990000010", 9)] == [
        2,
        3,
        2,
    ]
    assert "990000028" in seen
    assert "990000036" not in seen


def test_long_list_takes_no_more_memory() -> None:
    """Twenty thousand numbers leave next to nothing in Python's memory."""
    seen = SeenNumbers()
    tracemalloc.start()
    for number in range(ROWS):
        seen.see(f"{number:09}", number)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < ROWS
