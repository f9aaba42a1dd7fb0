"""`idp practitioners show` and `unlock`."""

import json
from datetime import UTC, datetime, timedelta

from idp.accounts.proof import proof_counter
from tests.support.admin_program import FINESS, NAME, SUFFIX, AdminProgram


def fail_proofs(admin: AdminProgram, count: int) -> None:
    """Reserve as many proofs as if each had failed."""
    with admin.toolbox.visit() as visit:
        counter = proof_counter(visit, FINESS)
        for _ in range(count):
            visit.uow.attempts.reserve(counter.key, counter.rule, visit.now)


def test_show_says_what_is_on_file(admin: AdminProgram) -> None:
    """Of the IBAN, whether there is one; nothing of its digest."""
    practitioner = admin.add_practitioner(locality="Nîmes")
    printed = admin.do("practitioners", "show", "75 0000 010")
    assert NAME in printed
    assert "Nîmes" in printed
    assert "has iban               yes" in printed
    assert SUFFIX not in printed
    assert str(practitioner.iban_digest) not in printed


def test_show_for_scripts(admin: AdminProgram) -> None:
    """JSON, moments with their offset."""
    admin.add_practitioner(updated_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    admin.add_account()
    facts = json.loads(admin.do("practitioners", "show", FINESS, "--json"))
    assert (facts["finess"], facts["has_iban"], facts["account"]) == (FINESS, True, "active")
    changed_at = datetime.fromisoformat(facts["changed_at"])
    assert changed_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert facts["closed_at"] is None


def test_unknown_number_is_a_fault(admin: AdminProgram) -> None:
    """Exit code 1, and the number as it was understood."""
    for command in ("show", "unlock"):
        printed = admin.refuse("practitioners", command, "75 0000 010")
        assert printed == f"Error: {FINESS} is not in the directory\n"


def test_what_is_no_number_is_a_wrong_command(admin: AdminProgram) -> None:
    """Exit code 2."""
    assert "nine letters and digits" in admin.refuse("practitioners", "show", "75", code=2)


def test_unlock_forgets_every_failed_proof(admin: AdminProgram) -> None:
    """The block, and the failures since the last success that make it a long one."""
    admin.add_practitioner()
    fail_proofs(admin, 9)
    blocked = json.loads(admin.do("practitioners", "show", FINESS, "--json"))
    until = datetime.fromisoformat(blocked["proofs_blocked_until"])
    assert until > datetime.now(UTC) + timedelta(hours=1)
    admin.do("practitioners", "unlock", FINESS)
    free = json.loads(admin.do("practitioners", "show", FINESS, "--json"))
    assert free["proofs_blocked_until"] is None
    fail_proofs(admin, 2)
    still_free = json.loads(admin.do("practitioners", "show", FINESS, "--json"))
    assert still_free["proofs_blocked_until"] is None
    assert [event.finess for event in admin.trail("practitioner.unlocked")] == [FINESS]
