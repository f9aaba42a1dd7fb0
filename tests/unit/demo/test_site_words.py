"""How the demo's site words what the provider told."""

from idp.demo.site_words import describe_profile


def test_profile_in_french_and_in_order() -> None:
    """What is there is shown under French labels; what is not leaves no empty line."""
    profile = {
        "sub": "f6257f54",
        "email": "camille@exemple.fr",
        "email_verified": True,
        "name": "Pharmacie du Vieux-Port",
        "address": {
            "locality": "Toulouse",
            "postal_code": "31000",
            "street_address": "12 quai des Exemples",
        },
    }
    assert list(describe_profile(profile)) == [
        ("name", "Nom", "Pharmacie du Vieux-Port"),
        ("email", "Adresse mail", "camille@exemple.fr (vérifiée)"),
        ("address", "Adresse", "12 quai des Exemples, 31000 Toulouse"),
    ]


def test_partial_address_is_shown() -> None:
    """A town alone is an address too, and an address not verified is not said to be."""
    profile = {"address": {"locality": "Arcachon"}, "email": "labo@exemple.fr"}
    assert [value for _, _, value in describe_profile(profile)] == ["labo@exemple.fr", "Arcachon"]
