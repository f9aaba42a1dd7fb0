"""The whole provider, over each kind of database in turn, with clients of every sort."""

from tests.support.provider_fixtures import browser, keys_folder, provider, signed_in

__all__ = ["browser", "keys_folder", "provider", "signed_in"]
