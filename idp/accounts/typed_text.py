"""What people type: full-width digits, stray spaces, dots and invisible characters."""

import re
from unicodedata import category, normalize

_IGNORED_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"})
_FOREIGN_TO_TOKENS = re.compile(r"[^A-Za-z0-9_-]")
_MAX_READ_LENGTH = 200


def squeeze_text(typed: str) -> str:
    """Return the text in compatibility form and upper case, without spaces, dots and dashes.

    Only the first 200 characters are read: no number that people type is longer.
    """
    text = normalize("NFKC", typed[:_MAX_READ_LENGTH]).upper()
    return "".join(c for c in text if c != "." and category(c) not in _IGNORED_CATEGORIES)


def normalize_code(typed: str) -> str:
    """Return a verification code as it was made, however its digits were grouped."""
    return squeeze_text(typed)


def normalize_token(pasted: str) -> str:
    """Return a link's token without what a mail program or a paste put around or into it."""
    return _FOREIGN_TO_TOKENS.sub("", pasted[:_MAX_READ_LENGTH])
