"""What pages and mails say of durations is what the settings are."""

from pathlib import Path

from idp.app.pages import build_durations
from tests.support.provider_app import build_settings


def test_each_link_lives_as_its_own_setting_says(tmp_path: Path) -> None:
    """Links of a registration and of a reset are two settings."""
    settings = build_settings(
        tmp_path,
        "sqlite:///unused.sqlite3",
        registration={"link_lifetime": "3 h"},
        reset={"link_lifetime": "2 h"},
    )
    told = build_durations(settings)
    assert (told.link, told.reset_link) == ("3\u00a0heures", "2\u00a0heures")
