"""The French sentences of the accounts room."""

import re

import pytest

from idp.accounts import wording
from idp.accounts.alarms import Alarm
from idp.accounts.finess import SlipKind

SENTENCES = [
    sentence
    for name, value in vars(wording).items()
    if name.isupper() and name != "PASSWORD_PARTS"
    for sentence in (value.values() if isinstance(value, dict) else [value])
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_typography_is_french(sentence: str) -> None:
    """Curly apostrophes, spaces that do not break where French wants them, a full stop."""
    assert not re.search(r"['\"<>]| [:;!?»]|« |\d [a-z]", sentence)
    assert re.search(r"[.\u2026]$|domaine\.fr$", sentence)


@pytest.mark.parametrize(
    "sentences, names", [(wording.FINESS_SLIPS, SlipKind), (wording.ALARMS, Alarm)]
)
def test_everything_named_has_a_sentence(
    sentences: dict[str, str], names: type[SlipKind | Alarm]
) -> None:
    """Each slip and each alarm is put into words, and nothing else is."""
    assert set(sentences) == set(names)
