"""Connexion, as practitioners see it."""

from tests.support.provider import FINESS, Provider, read_answer
from tests.support.visitor import Visitor


def test_sign_in_leads_back_to_the_site(provider: Provider, visitor: Visitor) -> None:
    """Number and password lead on to the site that asked, with its state."""
    provider.add_account()
    page = provider.start_at_site(visitor)
    assert (page.status, page.title) == (200, "Connexion")
    answer = read_answer(provider.sign_in(visitor, page=page))
    assert answer["state"] == "state-of-the-site"
    assert answer["code"]
