"""What may become of a delivery that did not succeed. The messages are fit for logs and tables."""


class RefusedError(Exception):
    """It will never succeed: the item is dead, with this reason."""


class DeferredError(Exception):
    """It may succeed later: the item is tried again."""


class TransportDownError(Exception):
    """Nothing can be delivered this way now: the item, and all others of its kind, wait."""
