"""What /metrics says of the keys while the schedule rotates them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from idp.app.keys import REQUIRED_ALGORITHMS
from idp.app.vital_signs import read_vital_signs
from idp.signing.files import FolderKeyStore
from idp.signing.key_changes import KeyKeeper
from tests.support.databases import Databases
from tests.support.provider_app import (
    PASSPHRASE,
    ProviderApp,
    build_settings,
    make_keys_folder,
)
from tests.support.signing import DAY, POLICY, AuditList


@pytest.fixture
def provider(sqlite_databases: Databases, tmp_path: Path) -> Iterator[ProviderApp]:
    """The provider, with keys that sign since START and are its own."""
    database = sqlite_databases.create_migrated()
    folder = make_keys_folder(tmp_path / "keys", REQUIRED_ALGORITHMS)
    provider = ProviderApp.start(build_settings(folder, sqlite_databases.url(database)))
    yield provider
    provider.close()
    sqlite_databases.drop(database)


def count_days(provider: ProviderApp) -> set[int]:
    """Return the days that are told, of all algorithms."""
    provider.built.live_keys.refresh()  # every two seconds, in a process
    return {left.days for left in read_vital_signs(provider.built).keys_signing_for.values()}


def test_only_a_key_without_a_follower_ends_soon(provider: ProviderApp) -> None:
    """Two weeks before its end the next key is announced, and counts: no rotation is an alarm."""
    folder = provider.built.services.settings.keys.folder
    store = FolderKeyStore(folder, passphrase=PASSPHRASE)
    keeper = KeyKeeper(store, policy=POLICY, clock=provider.clock, audit=AuditList())
    provider.clock.advance(75 * DAY)
    assert count_days(provider) == {15}
    provider.clock.advance(DAY)
    keeper.run_schedule()
    provider.clock.advance(13 * DAY)
    assert count_days(provider) == {91}
