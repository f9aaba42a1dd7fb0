"""Mon compte, download one's data."""

import json

from idp.accounts.iban import make_suffix_digest
from idp.accounts.login import SignedIn
from idp.accounts.profile import export_data
from tests.support.accounts_house import EMAIL, FINESS, SUFFIX, AccountsHouse


def test_data_is_json_and_holds_what_is_kept(house: AccountsHouse) -> None:
    """Account, directory entry, sessions and sites, as JSON."""
    account = house.add_account()
    house.sign_in()
    site = {"client_id": "mnspf", "name": "Espace Professionnel de Santé"}
    data = json.loads(json.dumps(export_data(house.visit(), account, sites=[site])))
    assert data["account"]["email"] == EMAIL
    assert data["directory"]["name"] == "Camille Martin"
    assert data["sessions"][0]["browser"] == "Firefox sous Windows"
    assert (data["known_devices"], data["has_iban_on_file"]) == (1, True)
    assert data["sites"] == [site]


def test_data_holds_no_secret(house: AccountsHouse) -> None:
    """No hash, no digest, nothing that opens anything."""
    account = house.add_account()
    signed_in = house.sign_in()
    assert isinstance(signed_in, SignedIn)
    text = json.dumps(export_data(house.visit(), account, sites=[]))
    kept = make_suffix_digest(house.iban_keys, FINESS, SUFFIX)
    secrets = ["argon2id", kept.digest, signed_in.session.secret_digest]
    assert [secret for secret in secrets if secret in text] == []


def test_download_is_in_the_trail(house: AccountsHouse) -> None:
    """Taking one's data away is an audit event."""
    export_data(house.visit(), house.add_account(), sites=[])
    assert house.events("data.exported") == 1
