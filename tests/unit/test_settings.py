"""Settings with faults: each is told, in words, before anything starts."""

from pathlib import Path

import pytest

from idp.settings import SettingsError, load_settings


def list_faults(folder: Path, text: str) -> list[str]:
    """Return what is wrong with an operator's file."""
    file = folder / "settings.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    return caught.value.faults


def test_every_fault_at_once(tmp_path: Path) -> None:
    """A value of the wrong kind hides no other fault."""
    faults = list_faults(
        tmp_path,
        """
        issuer = "http://connexion.example"
        environment = "production"
        surprise = 1
        [server]
        port = "eight"
        [secrets]
        master = ["demo-0123456789012345678901234567890123456789"]
        """,
    )
    named = {fault.partition(":")[0] for fault in faults}
    assert named >= {"issuer", "surprise", "server.port", "secrets.master", "secrets.iban"}


def test_one_setting_is_told_once(tmp_path: Path) -> None:
    """Where a secret is no text, nobody is told as well that it is missing."""
    faults = list_faults(tmp_path, "[secrets]\nmaster = [1]\n")
    assert [fault for fault in faults if fault.startswith("secrets.master")] == [
        "secrets.master.0: Input should be a valid string"
    ]


def test_section_that_is_none(tmp_path: Path) -> None:
    """A section given as a number is told, and the rest is still read."""
    faults = list_faults(tmp_path, "session = 5\nissuer = 'http://connexion.example'\n")
    assert [fault.partition(":")[0] for fault in faults][:2] == ["session", "issuer"]
