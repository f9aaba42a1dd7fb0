"""A proof on its way to step 2: sealed to FINESS number, door, browser and the digest on file.

Good for a quarter of an hour, and once: its id is consumed by what it is used for.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from idp.accounts.links import RegistrationPurpose
from idp.accounts.practitioner import Practitioner
from idp.accounts.visit import Visit
from idp.secret_values import SealBrokenError, digest, random_token

_PURPOSE = "iban proof"
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Proof:
    """An opened proof that still holds, and whose it is."""

    id_digest: str
    practitioner: Practitioner
    expires_at: datetime


def seal_proof(visit: Visit, door: RegistrationPurpose, practitioner: Practitioner) -> str:
    """Return the proof as it travels through the browser."""
    content = {
        "id": random_token(_ID_BYTES),
        "finess": practitioner.finess,
        "expires_at": (visit.now + visit.policy.proof_lifetime).isoformat(),
        **_bind(visit, door, practitioner),
    }
    return visit.keys.seal(_PURPOSE, json.dumps(content))


def open_proof(visit: Visit, door: RegistrationPurpose, sealed: str) -> Proof | None:
    """Return the proof, None where it is not ours, is too old, or no longer fits."""
    try:
        content = json.loads(visit.keys.unseal(_PURPOSE, sealed))
    except SealBrokenError:
        return None
    expires_at = datetime.fromisoformat(content["expires_at"])
    practitioner = visit.uow.practitioners.find(content["finess"])
    if practitioner is None or practitioner.closed_at or visit.now >= expires_at:
        return None
    bound = _bind(visit, door, practitioner)
    if any(content[name] != value for name, value in bound.items()):
        return None
    return Proof(digest(content["id"]), practitioner, expires_at)


def consume_proof(visit: Visit, proof: Proof) -> bool:
    """Use the proof; False where it was used before."""
    return visit.uow.proofs.consume(proof.id_digest, expires_at=proof.expires_at)


def _bind(visit: Visit, door: RegistrationPurpose, practitioner: Practitioner) -> dict[str, str]:
    """Return what must not have changed between sealing and opening."""
    on_file = practitioner.iban_digest or ""
    return {"door": door, "flow": visit.flow_digest, "iban": on_file}
