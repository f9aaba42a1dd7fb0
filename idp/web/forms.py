"""A form as its page shows it again: what was typed, what is wrong with it, gentle hints."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import request

from idp.accounts.passwords import Violation

MAX_FIELD_LENGTH = 4096


@dataclass
class Form:
    """Values by field name (never a password's), faults and hints by field name.

    `heading` goes above the faults where there is nothing to be corrected.
    """

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    notices: dict[str, list[str]] = field(default_factory=dict)
    heading: str = ""

    def add_error(self, name: str, message: str) -> None:
        """Say one more thing that is wrong with a field ("form": with no single one)."""
        self.errors.setdefault(name, []).append(message)

    def add_faults(self, faults: Mapping[str, Sequence[Violation]]) -> None:
        """Say everything that a journey found wrong, field by field."""
        for name, violations in faults.items():
            for violation in violations:
                self.add_error(name, violation.text)

    def add_notice(self, name: str, message: str) -> None:
        """Say something about a field that refuses nothing."""
        self.notices.setdefault(name, []).append(message)


def read_field(name: str) -> str:
    """Return what was typed, cut where no field of ours is that long, without NUL characters."""
    return request.form.get(name, "")[:MAX_FIELD_LENGTH].replace("\0", "")


def read_form(names: Iterable[str]) -> Form:
    """Return a form holding what was typed in these fields (name no password)."""
    return Form(values={name: read_field(name).strip() for name in names})
