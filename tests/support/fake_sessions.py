"""Sessions, known devices and grants in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from idp.accounts.session import Session
from tests.support.fake_ledger import Ledger

MAX_ACCOUNTS_OF_A_DEVICE = 10


class FakeSessions:
    """Sessions by `sid`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.kept: dict[str, Session] = {}

    def add(self, session: Session) -> None:
        """Keep it."""
        with self._ledger.write():
            self.kept[session.sid] = session

    def find(self, secret_digest: str, now: datetime) -> Session | None:
        """Return the live one of that cookie."""
        live = (session for session in self.kept.values() if _is_live(session, now))
        return next((s for s in live if s.secret_digest == secret_digest), None)

    def find_all(self, sub: str, now: datetime) -> Sequence[Session]:
        """Return the live ones of the account, latest first."""
        of_account = (s for s in reversed(self.kept.values()) if s.sub == sub)
        return [session for session in of_account if _is_live(session, now)]

    def touch(self, sid: str, *, last_seen_at: datetime, idle_expires_at: datetime) -> None:
        """Push its idle end."""
        with self._ledger.write():
            self.kept[sid] = replace(
                self.kept[sid], last_seen_at=last_seen_at, idle_expires_at=idle_expires_at
            )

    def renew(self, session: Session) -> bool:
        """Replace it, if it is live."""
        with self._ledger.write():
            if not _is_live(self.kept[session.sid], session.last_seen_at):
                return False
            self.kept[session.sid] = session
            return True

    def end(self, sid: str, now: datetime) -> bool:
        """End it."""
        with self._ledger.write():
            if not _is_live(self.kept[sid], now):
                return False
            self.kept[sid] = replace(self.kept[sid], ended_at=now)
            return True

    def end_all(self, sub: str, now: datetime, *, but: str | None = None) -> int:
        """End those of the account."""
        return sum(self.end(s.sid, now) for s in self.find_all(sub, now) if s.sid != but)


def _is_live(session: Session, now: datetime) -> bool:
    return session.ended_at is None and now < min(session.idle_expires_at, session.expires_at)


class FakeKnownDevices:
    """Which accounts a device signed in to."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.kept: dict[tuple[str, str], datetime] = {}

    def is_known(self, device_digest: str, sub: str, now: datetime) -> bool:
        """Whether it is known to the account."""
        expires_at = self.kept.get((device_digest, sub))
        return expires_at is not None and now < expires_at

    def remember(
        self, device_digest: str, sub: str, expires_at: datetime, *, is_new: bool = False
    ) -> None:
        """Make it known, as its latest account."""
        with self._ledger.write():
            self.kept.pop((device_digest, sub), None)
            self.kept[device_digest, sub] = expires_at
            of_device = [pair for pair in self.kept if pair[0] == device_digest]
            for pair in of_device[:-MAX_ACCOUNTS_OF_A_DEVICE]:
                del self.kept[pair]

    def find_all(self, sub: str, now: datetime) -> Sequence[str]:
        """Return the devices known to the account."""
        return [device for (device, owner) in self.kept if owner == sub]

    def forget_all(self, sub: str, *, but: str | None = None) -> None:
        """Forget them."""
        with self._ledger.write():
            for pair in [p for p in self.kept if p[1] == sub and p[0] != but]:
                del self.kept[pair]


class FakeGrants:
    """Accounts whose grants were revoked."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.revoked: list[str] = []

    def revoke_all(self, sub: str, now: datetime) -> int:
        """Revoke them."""
        with self._ledger.write():
            self.revoked.append(sub)
            return 1
