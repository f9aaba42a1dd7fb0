"""A door: FINESS number and IBAN proved, new credentials chosen, a mail sent. There are two.

Inscription and Mettre à jour mon compte differ in their words and addresses alone; what the
activation then does, the account decides.
"""

from flask import Blueprint, Response

from idp.web.pages.door import account_step, mail_step, proof_step
from idp.web.pages.door.plan import Door


def build_door(door: Door) -> Blueprint:
    """Return the pages of a door; its endpoints are named in the table of limits."""
    blueprint = Blueprint(door.purpose, __name__)

    @blueprint.get(door.path)
    def show() -> Response:
        return proof_step.show(door)

    @blueprint.post(door.path)
    def prove() -> Response:
        return proof_step.prove(door)

    @blueprint.get(door.account_path)
    def show_account() -> Response:
        return account_step.show(door)

    @blueprint.post(door.account_path)
    def register() -> Response:
        return account_step.register(door)

    @blueprint.get(door.sent_path)
    def show_sent() -> Response:
        return mail_step.show(door)

    @blueprint.post(door.resend_path)
    def resend() -> Response:
        return mail_step.resend(door)

    return blueprint
