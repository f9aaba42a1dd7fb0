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


def test_variable_that_is_no_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every misspelt `IDP_` variable is refused with the nearest name, as a file's settings are."""
    monkeypatch.setenv("IDP_SERVR__PORT", "8001")
    monkeypatch.setenv("IDP_DATABASE_URL", "sqlite:///elsewhere")
    faults = list_faults(tmp_path, "[session]\nidle_liftime = '1 h'\n")
    assert {fault for fault in faults if "is no setting" in fault} == {
        "session.idle_liftime: is no setting; did you mean session.idle_lifetime?",
        "IDP_SERVR__PORT: is no setting; did you mean IDP_SERVER__PORT?",
        "IDP_DATABASE_URL: is no setting; did you mean IDP_DATABASE__URL?",
    }


def test_variables_of_kubernetes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it tells of services called idp and idp-redis is left alone; a mere port is a slip."""
    for service in ("IDP", "IDP_REDIS"):
        for name in ("SERVICE_HOST", "SERVICE_PORT_HTTP", "PORT_8000_TCP", "PORT_8000_TCP_ADDR"):
            monkeypatch.setenv(f"{service}_{name}", "10.0.0.1")
        monkeypatch.setenv(f"{service}_PORT", "tcp://10.0.0.1:8000")
    assert not [fault for fault in list_faults(tmp_path, "") if "is no setting" in fault]
    monkeypatch.setenv("IDP_PORT", "9000")
    assert any(fault.startswith("IDP_PORT: is no setting") for fault in list_faults(tmp_path, ""))


def test_setting_that_stands_under_a_table(tmp_path: Path) -> None:
    """In TOML whatever follows [redis] is Redis's: the issuer is sought at its own place."""
    faults = list_faults(tmp_path, "[redis]\nurl = ''\nissuer = 'https://connexion.example'\n")
    assert "redis.issuer: is no setting; did you mean issuer?" in faults


@pytest.mark.parametrize("issuer", ["https://[x", "https://:443", "https://"])
def test_issuer_that_is_no_address(tmp_path: Path, issuer: str) -> None:
    """It is a fault like another, told without a traceback."""
    faults = list_faults(tmp_path, f'issuer = "{issuer}"\n')
    assert any(fault.startswith("issuer: ") for fault in faults)


def test_faulty_variable_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment set wrongly is not looked for in the file."""
    monkeypatch.setenv("IDP_SERVER__PORT", "eight")
    (fault,) = (each for each in list_faults(tmp_path, "") if each.startswith("server.port"))
    assert fault.endswith("(set by IDP_SERVER__PORT)")


@pytest.mark.parametrize("written", ['"30"', "30", '"PT30M"', '"30 hours"', "00:30:00"])
def test_duration_without_a_unit_of_ours(tmp_path: Path, written: str) -> None:
    """Nobody guesses what a bare number counts; the fault says how a duration is written."""
    (fault,) = (
        each
        for each in list_faults(tmp_path, f"[session]\nidle_lifetime = {written}\n")
        if each.startswith("session")
    )
    assert '"60 s", "30 min", "12 h" or "90 d"' in fault


def test_duration_that_no_calendar_holds(tmp_path: Path) -> None:
    """Longer than a century, which the purge could not count back, is refused."""
    faults = list_faults(tmp_path, '[audit]\nretention = "999999 d"\n')
    assert "audit.retention: must be 36500 d at most" in faults


def test_sealed_request_that_outlives_what_is_kept_of_it(tmp_path: Path) -> None:
    """The purge keeps for a day and an hour what such a request names: no setting goes past it."""
    faults = list_faults(tmp_path, '[tokens]\nsealed_request_lifetime = "48 h"\n')
    assert "tokens.sealed_request_lifetime: must be 24 h at most" in faults


def test_no_lifetime_is_zero(tmp_path: Path) -> None:
    """A session that ends as it begins is meant by nobody; suggesting no new password may be."""
    faults = list_faults(
        tmp_path, "[session]\nidle_lifetime = '0'\n[passwords]\nrenewal_lifetime = '0'\n"
    )
    assert any(fault.startswith("session.idle_lifetime:") for fault in faults)
    assert not any(fault.startswith("passwords") for fault in faults)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    """The fault has the whole path, and where it was named."""
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / "settings.toml")
    (fault,) = caught.value.faults
    assert fault.startswith(f"{tmp_path}/settings.toml: No such file")
    assert "--config or IDP_CONFIG" in fault


def test_no_file_at_all() -> None:
    """Who forgot to name the file is told so, instead of making secrets anew."""
    with pytest.raises(SettingsError, match="no settings file was read"):
        load_settings()
