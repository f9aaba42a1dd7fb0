"""Mettre à jour mon compte: the door of who has an account without an e-mail address."""

from idp.accounts.links import RegistrationPurpose
from idp.web.pages.door import build_door
from idp.web.pages.door.plan import Door

blueprint = build_door(Door(purpose=RegistrationPurpose.UPDATE, path="/mise-a-jour"))
