"""What the provider tells of a practitioner, as the demo's site words it."""

from collections.abc import Iterator, Mapping
from typing import Any

_LABELS = {
    "name": "Nom",
    "finess": "Numéro FINESS",
    "given_name": "Prénom",
    "family_name": "Nom de famille",
    "email": "Adresse mail",
    "phone_number": "Téléphone",
    "address": "Adresse",
}


def describe_profile(profile: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield each claim that is there: its name, its French label, its value as text."""
    for name, label in _LABELS.items():
        if value := profile.get(name):
            yield name, label, _describe(name, value, profile)


def _describe(name: str, value: Any, profile: Mapping[str, Any]) -> str:  # noqa: ANN401 - a claim
    if name == "email" and profile.get("email_verified"):
        return f"{value} (vérifiée)"
    if name == "address":
        town = " ".join(filter(None, (value.get("postal_code"), value.get("locality"))))
        return ", ".join(filter(None, (value.get("street_address"), town)))
    return str(value)
