"""All signing keys on one time line: who signs and who is published at any moment."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from idp.signing.errors import KeyFault, NoActiveKeyError
from idp.signing.signing_key import KeyLife, KeyState, SigningKey

_RESTORE = "Restore it from the backup of the keys folder"


@dataclass(frozen=True)
class _Span:
    """What holds between two changes."""

    active: dict[str, SigningKey]
    rehearsed: dict[tuple[str, str], SigningKey]
    published: dict[str, SigningKey]
    jwks: dict[str, list[dict[str, Any]]]


class KeyRing:
    """A frozen set of keys. The spans between its changes are worked out once, here."""

    def __init__(self, keys: Iterable[SigningKey]) -> None:
        """Lay the keys out on their time line."""
        self.lives = tuple(_lay_out(keys))
        self._lives = {life.key.kid: life for life in self.lives}
        self._changes = sorted({moment for life in self.lives for moment in _list_changes(life)})
        self._spans = [_build_span(self.lives, moment) for moment in self._changes]

    def __repr__(self) -> str:
        return f"KeyRing({sorted(self._lives)})"

    def active(self, algorithm: str, now: datetime, *, client_id: str | None = None) -> SigningKey:
        """Return the key that signs with this algorithm at `now`.

        For a client that rehearses the next key, that is the next key.

        Raises:
            NoActiveKeyError: no key of this algorithm signs at `now`.

        """
        span = self._span(now)
        rehearsed = span.rehearsed.get((algorithm, client_id)) if client_id is not None else None
        key = rehearsed or span.active.get(algorithm)
        if key is None:
            raise NoActiveKeyError(algorithm)
        return key

    def algorithms(self, now: datetime) -> tuple[str, ...]:
        """Return the algorithms that a key signs with at `now`, sorted."""
        return tuple(sorted(self._span(now).active))

    def find_published(self, kid: str, now: datetime) -> SigningKey | None:
        """Return the key of that kid if its signatures count at `now`, else None."""
        return self._span(now).published.get(kid)

    def find(self, kid: str) -> KeyLife | None:
        """Return the key of that kid with its dates, whatever its state, or None."""
        return self._lives.get(kid)

    def find_next(self, algorithm: str, now: datetime) -> KeyLife | None:
        """Return the key announced to sign after the active one, or None."""
        coming = (life for life in self.lives if life.key.algorithm == algorithm)
        return next((life for life in coming if life.state_at(now) is KeyState.NEXT), None)

    def jwks(self, now: datetime) -> dict[str, list[dict[str, Any]]]:
        """Return the JWK set (RFC 7517 section 5), public members only.

        It is the very same object until something changes: callers may key a cache on it, and
        must not alter it.
        """
        return self._span(now).jwks

    def _span(self, now: datetime) -> _Span:
        index = bisect_right(self._changes, now)
        return self._spans[index - 1] if index else _Span({}, {}, {}, {"keys": []})


def find_ring_faults(
    ring: KeyRing, now: datetime, *, required: Collection[str] = ()
) -> list[KeyFault]:
    """Return what is wrong with a set of keys as a whole at `now`.

    Args:
        ring: the keys.
        now: the present moment.
        required: the algorithms that must have a key that signs.

    """
    faults = [
        KeyFault(f"{kid}.json", f"the key is missing, and {life.key.kid} needs it", _RESTORE)
        for life in ring.lives
        for kid in _list_neighbours(life, now)
        if ring.find(kid) is None
    ]
    begun = {life.key.algorithm for life in ring.lives if life.key.signs_from <= now}
    faults += [
        KeyFault(
            "keys folder",
            f"no key signs with {algorithm}",
            f"Restore its key from a backup, or make one: idp keys init --alg {algorithm}",
        )
        for algorithm in sorted({*begun, *required} - {*ring.algorithms(now)})
    ]
    return faults


def _list_neighbours(life: KeyLife, now: datetime) -> Iterator[str]:
    """List the kids that must be there beside this key: who replaces it, and who came before."""
    key = life.key
    if key.successor is not None and life.state_at(now) is not KeyState.GONE:
        yield key.successor
    overlaps = key.predecessor_gone_at is not None and now < key.predecessor_gone_at
    if key.predecessor is not None and key.ever_signs and overlaps:
        yield key.predecessor


def _lay_out(keys: Iterable[SigningKey]) -> Iterator[KeyLife]:
    """Set each key beside its successor: the next one of its algorithm that ever signs."""
    by_turn = sorted(keys, key=_tell_turn)
    for _, line in groupby(by_turn, key=attrgetter("algorithm")):
        waiting: SigningKey | None = None
        for key in line:
            if not key.ever_signs:
                yield KeyLife(key)
                continue
            if waiting is not None:
                yield KeyLife(waiting, key)
            waiting = key
        if waiting is not None:
            yield KeyLife(waiting)


def _tell_turn(key: SigningKey) -> tuple[str, datetime, bool, str]:
    """Order keys by their turns; a key revoked at the moment it began comes before its stand-in."""
    return (key.algorithm, key.signs_from, key.revoked_at is None, key.kid)


def _list_changes(life: KeyLife) -> Iterator[datetime]:
    moments = (life.key.published_at, life.key.signs_from, life.signs_until, life.gone_at)
    return (moment for moment in moments if moment is not None)


def _build_span(lives: Sequence[KeyLife], moment: datetime) -> _Span:
    published = [life for life in lives if life.is_published_at(moment)]
    return _Span(
        active={
            life.key.algorithm: life.key
            for life in published
            if life.state_at(moment) is KeyState.ACTIVE
        },
        rehearsed={
            (life.key.algorithm, client_id): life.key
            for life in published
            if life.state_at(moment) is KeyState.NEXT
            for client_id in life.key.rehearsed_by
        },
        published={life.key.kid: life.key for life in published},
        jwks={"keys": [life.key.public_jwk for life in published]},
    )
