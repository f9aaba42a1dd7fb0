"""A signing key: what signs, and the dates that say when."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from idp.signing.key_material import KeyMaterial


class KeyState(StrEnum):
    """What a key does at a moment."""

    NEXT = "next"
    """Published, so that relying parties know it before it signs."""
    ACTIVE = "active"
    """Signs."""
    RETIRED = "retired"
    """Signs no more, published until the last token it signed has died."""
    GONE = "gone"
    """Neither published nor trusted."""


@dataclass(frozen=True, kw_only=True)
class KeyPlan:
    """A key that is to be made, and when it takes its turn. All times are aware and in UTC."""

    algorithm: str
    published_at: datetime
    signs_from: datetime
    predecessor: str | None = None
    """The kid this key takes over from; None for the first of its algorithm."""
    predecessor_gone_at: datetime | None = None
    """When the last token that the predecessor signed has died."""


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """A key as its file keeps it. All times are aware and in UTC.

    A key signs from `signs_from` until its successor does, and is gone when its successor says so:
    announcing a successor is therefore one write, and no two files can disagree about who signs.
    A revoked key is gone at `revoked_at`, whatever else is said.
    """

    material: KeyMaterial
    published_at: datetime
    signs_from: datetime
    predecessor: str | None = None
    predecessor_gone_at: datetime | None = None
    successor: str | None = None
    """The kid that takes over, noted once it was announced: its file must then be there."""
    revoked_at: datetime | None = None
    rehearsed_by: frozenset[str] = field(default=frozenset())
    """The ids of the clients whose tokens this key signs while it is still next."""

    @classmethod
    def make(cls, material: KeyMaterial, plan: KeyPlan) -> "SigningKey":
        """Return the key that was planned, with what it signs with."""
        return cls(
            material=material,
            published_at=plan.published_at,
            signs_from=plan.signs_from,
            predecessor=plan.predecessor,
            predecessor_gone_at=plan.predecessor_gone_at,
        )

    @property
    def kid(self) -> str:
        """The key's public name: its algorithm and 96 bits of its RFC 7638 thumbprint."""
        return self.material.kid

    @property
    def algorithm(self) -> str:
        """The one algorithm this key signs with."""
        return self.material.algorithm

    @property
    def public_jwk(self) -> dict[str, Any]:
        """The public half as a JWK (RFC 7517): no private member, ever."""
        return self.material.public_jwk

    @property
    def ever_signs(self) -> bool:
        """False for a key revoked before its turn came."""
        return self.revoked_at is None or self.revoked_at >= self.signs_from


@dataclass(frozen=True)
class KeyLife:
    """A key beside the one that takes over from it, and the dates that follow."""

    key: SigningKey
    successor: SigningKey | None = None

    @property
    def signs_until(self) -> datetime | None:
        """When the key's turn ends; None while nothing is planned."""
        end = self.successor.signs_from if self.successor else None
        return _earliest(end, self.key.revoked_at)

    @property
    def gone_at(self) -> datetime | None:
        """When the key leaves the JWKS and its signatures count no more; None if not planned."""
        end = None
        if self.successor is not None:
            turn = self.successor.signs_from
            end = max(turn, self.successor.predecessor_gone_at or turn)
        return _earliest(end, self.key.revoked_at)

    def state_at(self, now: datetime) -> KeyState:
        """Return what the key does at `now`."""
        if self.gone_at is not None and now >= self.gone_at:
            return KeyState.GONE
        if now < self.key.signs_from:
            return KeyState.NEXT
        if self.signs_until is None or now < self.signs_until:
            return KeyState.ACTIVE
        return KeyState.RETIRED

    def is_published_at(self, now: datetime) -> bool:
        """Say whether the key stands in the JWKS at `now`."""
        return self.key.published_at <= now and self.state_at(now) is not KeyState.GONE


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
