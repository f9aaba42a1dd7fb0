"""Registrations, resets and changes of address in memory: each link is used once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from idp.accounts.links import EmailLink, EmailLinkKind, LinkState, Registration, Reset
from tests.support.fake_ledger import Ledger

Link = TypeVar("Link", Registration, Reset, EmailLink)


class FakeLinks(Generic[Link]):
    """Links by id; somebody else uses them first if `loses_races`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.loses_races = False
        self.kept: dict[str, Link] = {}

    def find_by_link(self, link_digest: str) -> Link | None:
        """Return the link of that digest."""
        return next((k for k in self.kept.values() if k.link_digest == link_digest), None)

    def consume(self, link_id: str, now: datetime) -> bool:
        """Use it, once."""
        with self._ledger.write():
            if self.kept[link_id].state(now) is not LinkState.USABLE:
                return False
            self._change(self.kept[link_id], used_at=now)
            return not self.loses_races

    def _replace_where(self, now: datetime, **fields: object) -> None:
        with self._ledger.write():
            for link in list(self.kept.values()):
                is_meant = all(getattr(link, name) == value for name, value in fields.items())
                if is_meant and link.state(now) is LinkState.USABLE:
                    self._change(link, replaced_at=now)

    def _change(self, link: Link, **changes: Any) -> None:  # noqa: ANN401 - any field
        self.kept[link.id] = replace(link, **changes)

    def _keep(self, link: Link) -> None:
        with self._ledger.write():
            self.kept[link.id] = link


class FakeRegistrations(FakeLinks[Registration]):
    """Registrations."""

    def add(self, registration: Registration) -> None:
        """Keep it; it replaces those of its number."""
        self.replace_all(registration.finess, registration.created_at)
        self._keep(registration)

    def find_by_flow(self, flow_digest: str) -> Registration | None:
        """Return the latest of that browser."""
        return next((r for r in self._latest() if r.flow_digest == flow_digest), None)

    def replace_all(self, finess: str, now: datetime) -> None:
        """Replace the usable ones of that number."""
        self._replace_where(now, finess=finess)

    def _latest(self) -> list[Registration]:
        return list(reversed(self.kept.values()))


class FakeResets(FakeLinks[Reset]):
    """Resets, decoys included."""

    def add(self, reset: Reset) -> None:
        """Keep it."""
        self._keep(reset)

    def reserve_code_attempt(self, reset_id: str, *, limit: int, now: datetime) -> int | None:
        """Count a try, if one is left."""
        with self._ledger.write():
            reset = self.kept[reset_id]
            if reset.code_attempts >= limit or reset.state(now) is not LinkState.USABLE:
                return None
            self._change(reset, code_attempts=reset.code_attempts + 1)
            return reset.code_attempts + 1

    def record_code_proof(self, reset_id: str, proof_digest: str, now: datetime) -> bool:
        """Remember the browser."""
        with self._ledger.write():
            if self.kept[reset_id].state(now) is not LinkState.USABLE:
                return False
            self._change(self.kept[reset_id], proof_digest=proof_digest)
            return not self.loses_races

    def replace_all(self, sub: str, now: datetime) -> None:
        """Replace the usable ones of the account."""
        self._replace_where(now, sub=sub)


class FakeEmailLinks(FakeLinks[EmailLink]):
    """Links of changes of address."""

    def add(self, link: EmailLink) -> None:
        """Keep it; a confirmation replaces the earlier ones."""
        if link.kind is EmailLinkKind.CONFIRM:
            self.replace_all(link.sub, link.kind, link.created_at)
        self._keep(link)

    def find_usable(self, sub: str, kind: EmailLinkKind, now: datetime) -> Sequence[EmailLink]:
        """Return the usable ones, oldest first; none where somebody else just used them."""
        if self.loses_races:
            return []
        of_account = (k for k in self.kept.values() if (k.sub, k.kind) == (sub, kind))
        return [link for link in of_account if link.state(now) is LinkState.USABLE]

    def replace_all(self, sub: str, kind: EmailLinkKind, now: datetime) -> None:
        """Replace the usable ones of that kind."""
        self._replace_where(now, sub=sub, kind=kind)
