"""What a journey cannot answer with an outcome of its own."""

from datetime import timedelta


class AccountsError(Exception):
    """Whatever the accounts room raises."""


class HashQueueFullError(AccountsError):
    """No hash slot came free in time: nothing was reserved, nothing was checked."""

    def __init__(self, retry_after: timedelta) -> None:
        """Say when to come back."""
        self.retry_after = retry_after
        super().__init__(f"come back in {retry_after.total_seconds():.0f} s")


class AccountChangedError(AccountsError):
    """Someone changed the account between reading and writing it; nothing may be committed."""


class UnknownFinessError(AccountsError):
    """An administrator named a FINESS number; the message says what there is not for it."""


class PasswordHashRefusedError(AccountsError):
    """An imported password hash is of a kind, or of parameters, that are not taken over."""


class DirectoryRowRefusedError(AccountsError):
    """A row of the insurer's list cannot be taken; the message says why and holds no cell."""
