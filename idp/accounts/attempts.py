"""How many times a secret may be tried: the rule, and what a reserved attempt is."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRule:
    """`limit` failures within any `window` block for `block`.

    The failures since the last success are counted too, over `long_window`: from `long_limit` on
    a block lasts `long_block`; with `blocks_each` every single attempt then blocks.
    """

    limit: int
    window: timedelta
    block: timedelta
    long_limit: int
    long_window: timedelta
    long_block: timedelta
    blocks_each: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt reserved, hence counted as a failure until a success clears the counter."""

    number: int
    total: int
    blocked_until: datetime | None

    def tries_left(self, rule: AttemptRule) -> int:
        """How many more failures the rule allows before it blocks; 0 where this one blocked."""
        return 0 if self.blocked_until else max(0, rule.limit - self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most `limit` failures in each period of length `window`, for a network or for all."""

    limit: int
    window: timedelta
