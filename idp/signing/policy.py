"""How long keys are announced, sign and stay, so that no relying party notices a rotation.

A relying party keeps the JWKS for its max-age. A key may therefore sign only once it has been
published for longer than that, and must stay published until the last token it signed has died
(OpenID Connect Core section 10.1.1).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from idp.signing.signing_key import SigningKey


@dataclass(frozen=True, kw_only=True)
class RotationPolicy:
    """How long keys are announced, sign, and stay."""

    jwks_max_age: timedelta
    """How long relying parties may keep the JWKS."""
    longest_token_lifetime: timedelta
    """How long the longest-lived thing a key signs must verify after it was signed."""
    announce_lifetime: timedelta = timedelta(days=14)
    """How long the schedule publishes a key before it signs."""
    manual_announce_lifetime: timedelta = timedelta(hours=1)
    """The same for a rotation by hand."""
    rotation_interval: timedelta = timedelta(days=90)
    """How long the schedule lets a key sign."""
    clock_tolerance: timedelta = timedelta(seconds=60)
    """How far the clocks of nodes and relying parties may differ."""

    @property
    def shortest_announce(self) -> timedelta:
        """How long a key must be published before every relying party surely knows it."""
        return self.jwks_max_age + self.clock_tolerance

    @property
    def shortest_manual_announce(self) -> timedelta:
        """How long before its turn a key must be announced by hand."""
        return max(self.manual_announce_lifetime, self.shortest_announce)

    @property
    def scheduled_announce(self) -> timedelta:
        """How long before its turn the schedule announces a key."""
        return max(self.announce_lifetime, self.shortest_announce)

    def is_known_at(self, key: SigningKey) -> datetime:
        """Return when every relying party surely knows the key."""
        return key.published_at + self.shortest_announce

    def outlive(self, turn: datetime) -> datetime:
        """Return when everything that was signed before `turn` has surely died."""
        return turn + self.longest_token_lifetime + self.clock_tolerance
