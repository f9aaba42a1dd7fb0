"""What the demo writes: made-up practitioners, secrets of its own, settings for loopback alone."""

import csv
import json
import stat
from pathlib import Path

import pytest
from stdnum import iban, luhn

from idp.demo.files import NotADemoFolderError, remove_demo, write_files
from idp.demo.plan import DemoPlan
from idp.demo.practitioners import SamplePractitioner, list_practitioners
from idp.settings import Environment, Settings, SettingsError, load_settings

PRACTITIONERS = list_practitioners()


@pytest.fixture
def plan(tmp_path: Path) -> DemoPlan:
    """A demo in a folder of this test, on ports that are not the usual ones."""
    return DemoPlan(
        folder=tmp_path / "demo",
        provider_port=28000,
        site_port=28001,
        mailbox_port=28002,
        smtp_port=28025,
    )


@pytest.fixture
def settings(plan: DemoPlan) -> Settings:
    """The provider's settings as the demo wrote them."""
    write_files(plan)
    return load_settings(plan.settings_file)


@pytest.mark.parametrize("sample", PRACTITIONERS, ids=lambda sample: sample.finess)
def test_numbers_are_well_formed_and_nobodys(sample: SamplePractitioner) -> None:
    """Check digits are right; the department 99 and the bank 99999 do not exist."""
    assert luhn.is_valid(sample.finess)
    assert sample.finess.startswith("99")
    assert not sample.iban or (iban.is_valid(sample.iban) and sample.iban[4:9] == "99999")


def test_directory_is_what_import_reads(plan: DemoPlan) -> None:
    """The CSV has a heading, a row a practitioner, and one of them without IBAN."""
    write_files(plan)
    with plan.directory_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [row["finess"] for row in rows] == [sample.finess for sample in PRACTITIONERS]
    assert [row["finess"] for row in rows if not row["iban"]] == ["990000051"]


def test_settings_are_the_demos(settings: Settings, plan: DemoPlan) -> None:
    """The provider reads them without a fault: environment "demo", everything on loopback."""
    assert settings.environment is Environment.DEMO
    assert settings.issuer == plan.issuer == "http://127.0.0.1:28000"
    assert (settings.mail.host, settings.mail.port) == ("127.0.0.1", 28025)
    assert Path(settings.keys.folder).is_relative_to(plan.folder.resolve())


def test_demos_secrets_are_refused_in_production(plan: DemoPlan) -> None:
    """A demo's settings file cannot become a production's: each secret is a fault by itself."""
    write_files(plan)
    overrides = {"environment": "production", "issuer": "https://connexion.example"}
    with pytest.raises(SettingsError) as caught:
        load_settings(plan.settings_file, overrides)
    refused = [fault.partition(":")[0] for fault in caught.value.faults]
    assert refused == ["secrets.master", "secrets.iban", "keys.passphrase"]


def test_secrets_are_kept_and_private(plan: DemoPlan) -> None:
    """A restart uses the same secrets; nobody else on the machine reads them."""
    assert write_files(plan) == write_files(plan)
    kept = [plan.folder / "demo-secrets.json", plan.settings_file, plan.clients_file]
    assert {stat.S_IMODE(file.stat().st_mode) for file in kept} == {0o600}
    assert stat.S_IMODE(plan.folder.stat().st_mode) == 0o700


def test_two_demos_share_no_secret(plan: DemoPlan, tmp_path: Path) -> None:
    """Secrets are drawn anew for each folder, each for one purpose."""
    first = write_files(plan)
    second = write_files(DemoPlan(folder=tmp_path / "other"))
    assert len({*first.values(), *second.values()}) == 10


def test_client_secret_rests_as_digest_at_the_provider(plan: DemoPlan) -> None:
    """The site knows its secret; the provider's file has what proves it."""
    secrets = write_files(plan)
    assert secrets["client_secret"] not in plan.clients_file.read_text("utf-8")


def test_other_folder_is_left_alone(tmp_path: Path) -> None:
    """A folder that holds something else is neither written to nor removed."""
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(NotADemoFolderError):
        write_files(DemoPlan(folder=tmp_path))
    with pytest.raises(NotADemoFolderError):
        remove_demo(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_reset_removes_a_demo(plan: DemoPlan) -> None:
    """`--reset` removes the folder; where there is none it has nothing to do."""
    write_files(plan)
    remove_demo(plan.folder)
    remove_demo(plan.folder)
    assert not plan.folder.exists()


def test_secrets_file_is_json(plan: DemoPlan) -> None:
    """Whoever wants to call the provider as the site finds the client's secret there."""
    secrets = write_files(plan)
    kept = json.loads((plan.folder / "demo-secrets.json").read_text("utf-8"))
    assert kept["client_secret"] == secrets["client_secret"]
