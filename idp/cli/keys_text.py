"""Keys in words: dates with their offset, the table of `idp keys list`, what follows a change."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from rich.table import Table

from idp.cli.arguments import show_time
from idp.durations import show_duration
from idp.signing.forecast import foresee
from idp.signing.key_ring import KeyRing
from idp.signing.policy import RotationPolicy
from idp.signing.rotation import next_announcement_at
from idp.signing.signing_key import KeyLife, KeyState
from idp.store.key_uses import KeyUse

STATE_STYLES = {
    KeyState.NEXT: "cyan",
    KeyState.ACTIVE: "bold green",
    KeyState.RETIRED: "yellow",
    KeyState.GONE: "dim",
}


def _stack_time(moment: datetime | None) -> str:
    """Return a moment as day over time, so that four of them fit in 80 columns."""
    if moment is None:
        return "–"
    return moment.astimezone().isoformat(sep="\n", timespec="minutes")


def name_state(life: KeyLife, now: datetime) -> str:
    """Return the key's state in a word, "revoked" among them."""
    return "revoked" if life.key.revoked_at is not None else str(life.state_at(now))


def describe_state(life: KeyLife, now: datetime) -> str:
    """Return the key's state, and who rehearses it."""
    state, rehearsed_by = name_state(life, now), sorted(life.key.rehearsed_by)
    if state == KeyState.NEXT and rehearsed_by:
        return f"{state}, rehearsed by {', '.join(rehearsed_by)}"
    return state


def build_key_table(ring: KeyRing, now: datetime) -> Table:
    """Return one row a key: its state, and when each state begins and ends."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name in ("key", "state", "published", "signs from", "signs until", "gone from"):
        table.add_column(name, no_wrap=True)
    for life in ring.lives:
        dates = (life.key.published_at, life.key.signs_from, life.signs_until, life.gone_at)
        state = f"[{STATE_STYLES[life.state_at(now)]}]{name_state(life, now)}[/]"
        table.add_row(life.key.kid, state, *map(_stack_time, dates))
    return table


def list_consequences(ring: KeyRing, now: datetime, policy: RotationPolicy) -> Iterable[str]:
    """Return a line for each key: what would break if one acted on it now."""
    for life in ring.lives:
        consequence = foresee(life, now=now, policy=policy, show=show_time)
        yield f"{life.key.kid} ({describe_state(life, now)}): {consequence}"


def list_changes_to_come(ring: KeyRing, now: datetime, policy: RotationPolicy) -> Iterable[str]:
    """Return a line for each date that lies ahead, the nearest first."""
    changes: list[tuple[datetime | None, str]] = []
    for life in ring.lives:
        changes.append((life.key.signs_from, f"{life.key.kid} signs"))
        changes.append((life.gone_at, f"{life.key.kid} is gone"))
        if life.successor is None and life.state_at(now) is KeyState.ACTIVE:
            due = next_announcement_at(life.key, policy)
            changes.append((due, f"the schedule announces what replaces {life.key.kid}"))
    ahead = [(moment, what) for moment, what in changes if moment is not None and moment > now]
    return (f"{show_time(moment)}  {what}" for moment, what in sorted(ahead))


def describe_schedule(ring: KeyRing, now: datetime, policy: RotationPolicy) -> Iterable[str]:
    """Return a line for each algorithm: what signs, and what comes next."""
    for algorithm in ring.algorithms(now):
        active, coming = ring.active(algorithm, now), ring.find_next(algorithm, now)
        if coming is not None:
            then = f"{coming.key.kid} takes over at {show_time(coming.key.signs_from)}"
        else:
            due = next_announcement_at(active, policy)
            then = f"its successor is announced at {show_time(due)}"
        yield f"{algorithm}: {active.kid} signs; {then}"


def describe_revocation(life: KeyLife, ring: KeyRing, now: datetime, *, max_age: timedelta) -> str:
    """Return what follows when this key is revoked, before it is."""
    lines = [
        f"Revoking {life.key.kid} ({describe_state(life, now)}):",
        "- leaves the JWKS at once, and each of its tokens is refused here within seconds:",
        "  relying parties refresh theirs, or send their practitioners to sign in again;",
        f"- whoever keeps the key set may trust it for up to {show_duration(max_age)} more;",
        "- cannot be undone.",
    ]
    if life.state_at(now) is KeyState.ACTIVE:
        coming = ring.find_next(life.key.algorithm, now)
        stand_in = coming.key.kid if coming else "a new key, unknown until relying parties look,"
        lines.insert(-1, f"- {stand_in} signs at once;")
    return "\n".join(lines)


def build_use_table(
    client_ids: Sequence[str], uses: Sequence[KeyUse], *, ring: KeyRing, now: datetime
) -> Table:
    """Return, for each client, when it last got a token under which key."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name in ("client", "last token", "key", "state"):
        table.add_column(name, no_wrap=name == "key", overflow="fold")
    for client_id in client_ids:
        own = [use for use in uses if use.client_id == client_id]
        if not own:
            table.add_row(client_id, "never", "–", "")
        for use in own:
            life = ring.find(use.kid)
            state = describe_state(life, now) if life else "removed"
            table.add_row(client_id, show_time(use.last_used_at), use.kid, state)
    return table
