"""Inscription, step 2: what is taken, what is mailed, what is replaced."""

from dataclasses import replace

import pytest

from idp.accounts.credentials import Invalid, NewEmail, NewPassword
from idp.accounts.errors import HashQueueFullError
from idp.accounts.hash_slots import HashSlots
from idp.accounts.links import LinkState, RegistrationPurpose
from idp.accounts.outcomes import TooManyMails
from idp.accounts.policy import RegistrationEmail
from idp.accounts.proof import AlreadyActive, Proved
from idp.accounts.registration import (
    ActivationSent,
    ProofLost,
    RegistrationForm,
    RegistrationOutcome,
    register,
    resend_activation,
)
from idp.secret_values import digest
from tests.support.accounts_house import (
    DAY,
    EMAIL,
    FINESS,
    HOME,
    HOUR,
    ISSUER,
    PASSWORD,
    AccountsHouse,
)

DOOR = RegistrationPurpose.REGISTRATION


def fill_form(house: AccountsHouse, **fields: object) -> RegistrationForm:
    """Prove the pair and fill in step 2, well unless told otherwise."""
    proved = house.prove()
    assert isinstance(proved, Proved)
    form = RegistrationForm(
        proof=proved.sealed,
        email=NewEmail(EMAIL, EMAIL),
        password=NewPassword(PASSWORD, PASSWORD),
    )
    return replace(form, **fields)  # type: ignore[arg-type]


def faults(outcome: RegistrationOutcome) -> dict[str, list[str]]:
    """Return the codes of a form's faults by field."""
    assert isinstance(outcome, Invalid)
    return {name: [v.code for v in violations] for name, violations in outcome.faults.items()}


def test_activation_link_goes_to_the_address_given(house: AccountsHouse) -> None:
    """The mail goes to the address chosen, with a link good for 24 hours."""
    outcome = house.register()
    assert outcome == ActivationSent(EMAIL, house.now + DAY)
    mail = house.last_mail("activation")
    assert (mail.to, mail.expires_at) == (EMAIL, house.now + DAY)
    assert mail.secrets["link"].startswith(f"{ISSUER}/activation?token=")


def test_activation_mail_names_nobody(house: AccountsHouse) -> None:
    """It may reach a stranger: it holds no FINESS number and no name."""
    house.register()
    assert house.last_mail("activation").parameters == {}


def test_c92_link_rests_as_a_digest(house: AccountsHouse) -> None:
    """C92: what rests in the database is the digest of 256 random bits."""
    house.register()
    token = house.last_mail("activation").token
    (registration,) = house.uow.registrations.kept.values()
    assert registration.link_digest == digest(token)
    assert len(token) == 43
    assert token not in repr(registration)


def test_nothing_exists_until_the_mail_is_confirmed(house: AccountsHouse) -> None:
    """A registration waits beside the accounts: there is no account yet."""
    house.register()
    assert house.uow.accounts.kept == {}


def test_every_fault_is_said_at_once(house: AccountsHouse) -> None:
    """Address and password faults of a form are all listed in one answer."""
    form = fill_form(
        house, email=NewEmail("camille@", "x"), password=NewPassword("azerty", "qwerty")
    )
    assert faults(register(house.visit(), DOOR, form)) == {
        "email": ["shape"],
        "password": ["lacks", "common"],
        "password_confirmation": ["different"],
    }


def test_empty_fields_are_called_empty(house: AccountsHouse) -> None:
    """What was not typed at all is not told everything that it lacks."""
    form = fill_form(house, email=NewEmail(" ", ""), password=NewPassword("", ""))
    missing = {"email": ["missing"], "password": ["missing"]}
    assert faults(register(house.visit(), DOOR, form)) == missing


def test_two_different_addresses_are_refused(house: AccountsHouse) -> None:
    """E-mail twice: they must be the same, case aside."""
    form = fill_form(house, email=NewEmail(EMAIL, "autre@orange.example"))
    assert faults(register(house.visit(), DOOR, form)) == {"email_confirmation": ["different"]}
    form = fill_form(house, email=NewEmail(EMAIL, EMAIL.upper()))
    assert isinstance(register(house.visit(), DOOR, form), ActivationSent)


@pytest.mark.parametrize(
    "password, code",
    [("Camille75!", "name"), ("750000010Aa!", "finess"), ("Camille.Martin75!", "email")],
)
def test_c100_own_words_are_refused_at_registration(
    house: AccountsHouse, password: str, code: str
) -> None:
    """C100: the directory's name, the number and the address typed are known here."""
    form = fill_form(house, password=NewPassword(password, password))
    assert code in faults(register(house.visit(), DOOR, form))["password"]


def test_faulty_form_leaves_the_proof_good(house: AccountsHouse) -> None:
    """A form sent back with faults can be sent again: the proof is not used up."""
    form = fill_form(house)
    register(house.visit(), DOOR, replace(form, email=NewEmail("", "")))
    assert isinstance(register(house.visit(), DOOR, form), ActivationSent)


def test_full_queue_leaves_the_proof_good(house: AccountsHouse) -> None:
    """Where no hash slot is free nothing is used up."""
    form = fill_form(house)
    house.hasher.slots = HashSlots(1, queue_limit=0, patience=HOUR)
    with house.hasher.slots.take(), pytest.raises(HashQueueFullError):
        register(house.visit(), DOOR, form)
    assert isinstance(register(house.visit(), DOOR, form), ActivationSent)


def test_proof_serves_one_registration(house: AccountsHouse) -> None:
    """The same step 2 posted twice makes one registration."""
    form = fill_form(house)
    register(house.visit(), DOOR, form)
    assert register(house.visit(), DOOR, form) == ProofLost()
    assert len(house.mails("activation")) == 1


def test_step_2_without_a_proof_starts_again(house: AccountsHouse) -> None:
    """Step 2 comes only after step 1 was proved."""
    assert register(house.visit(), DOOR, fill_form(house, proof="")) == ProofLost()


def test_account_that_became_active_meanwhile_is_told(house: AccountsHouse) -> None:
    """A pair proved before the account was activated elsewhere changes nothing."""
    form = fill_form(house)
    house.add_account()
    assert register(house.visit(), DOOR, form) == AlreadyActive()


def test_new_registration_kills_the_waiting_link(house: AccountsHouse) -> None:
    """A second registration replaces the first, whose mail may have gone to a wrong address."""
    house.register(email="camile.martin@orange.example")
    house.register()
    states = [r.state(house.now) for r in house.uow.registrations.kept.values()]
    assert states == [LinkState.REPLACED, LinkState.USABLE]


def test_renvoyer_mails_a_new_link_and_kills_the_old(house: AccountsHouse) -> None:
    """Renvoyer: a new link, the old one dead; same address and password."""
    house.register(sealed_request="the request")
    assert isinstance(resend_activation(house.visit()), ActivationSent)
    first, second = house.uow.registrations.kept.values()
    assert (first.state(house.now), second.state(house.now)) == (
        LinkState.REPLACED,
        LinkState.USABLE,
    )
    assert second.password_hash == first.password_hash
    assert second.sealed_request == "the request"
    assert len({mail.token for mail in house.mails("activation")}) == 2


def test_renvoyer_works_in_the_registering_browser_alone(house: AccountsHouse) -> None:
    """Another browser, or none, has nothing to send again."""
    house.register()
    assert resend_activation(house.visit(replace(HOME, flow="another"))) is None
    assert resend_activation(house.visit(replace(HOME, flow=""))) is None


def test_renvoyer_of_a_replaced_or_expired_registration_is_refused(house: AccountsHouse) -> None:
    """A registration that another browser replaced, or that is too old, is not sent again."""
    house.register()
    house.register(browser=replace(HOME, flow="another"))
    assert resend_activation(house.visit()) is None
    house.now += DAY
    assert resend_activation(house.visit(replace(HOME, flow="another"))) is None


def test_three_activation_mails_an_hour(house: AccountsHouse) -> None:
    """Three an hour per FINESS, Renvoyer included; the last link stays good."""
    house.register()
    resend_activation(house.visit())
    house.register()
    assert resend_activation(house.visit()) == TooManyMails(HOUR)
    assert isinstance(house.register(), TooManyMails)
    assert len(house.mails("activation")) == 3
    usable = [
        r for r in house.uow.registrations.kept.values() if r.state(house.now) is LinkState.USABLE
    ]
    assert [r.link_digest for r in usable] == [digest(house.last_mail("activation").token)]
    house.now += HOUR
    assert isinstance(resend_activation(house.visit()), ActivationSent)


def test_on_file_mails_the_directory_s_address_alone() -> None:
    """registration.email = on_file: whatever address is posted, the directory's gets the mail."""
    house = AccountsHouse(registration_email=RegistrationEmail.ON_FILE)
    house.add_practitioner(email="cabinet@orange.example")
    outcome = house.register(email="squatter@orange.example")
    assert outcome == ActivationSent("cabinet@orange.example", house.now + DAY)


def test_registration_is_in_the_trail(house: AccountsHouse) -> None:
    """Proof and registration are audit events of the number."""
    house.register()
    names = [event.name for event in house.uow.audit.events if event.finess == FINESS]
    assert names == ["proof.succeeded", "registration.requested"]
