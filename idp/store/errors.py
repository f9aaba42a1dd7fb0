"""What can go wrong with a database that is none of the caller's fault."""


class StoreUnavailableError(Exception):
    """The database is away, too busy or out of room: try again in a moment (503, Retry-After)."""


class UnsafeFileError(Exception):
    """A database file is open to others on this machine, or is not the plain file it should be."""


class MigrationNeededError(Exception):
    """The database is older, or newer, than this program."""
