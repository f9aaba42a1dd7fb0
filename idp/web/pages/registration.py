"""Inscription: the door of who has no account yet."""

from idp.accounts.links import RegistrationPurpose
from idp.web.pages.door import build_door
from idp.web.pages.door.plan import Door

blueprint = build_door(Door(purpose=RegistrationPurpose.REGISTRATION, path="/inscription"))
