"""What tells the two doors apart."""

from dataclasses import dataclass

from flask import Response

from idp.accounts.links import RegistrationPurpose
from idp.accounts.policy import RegistrationEmail
from idp.accounts.proof import AlreadyActive
from idp.web.context import current
from idp.web.rendering import render_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What it is for, and its address; its templates are named after its purpose."""

    purpose: RegistrationPurpose
    path: str

    @property
    def account_path(self) -> str:
        """Where step 2 is."""
        return f"{self.path}/compte"

    @property
    def sent_path(self) -> str:
        """Where one reads that a mail was sent."""
        return f"{self.path}/envoye"

    @property
    def resend_path(self) -> str:
        """Where « Renvoyer » posts to."""
        return f"{self.path}/renvoyer"


def asks_email() -> bool:
    """Whether step 2 asks for an address: not where mails go to the directory's alone."""
    return current.services.tools.policy.registration_email is RegistrationEmail.CHOSEN


def show_closed(outcome: object) -> Response:
    """Show whoever proved the pair why there is nothing to register."""
    is_open_already = isinstance(outcome, AlreadyActive)
    return render_page("proof_exists.html" if is_open_already else "proof_by_phone.html")
