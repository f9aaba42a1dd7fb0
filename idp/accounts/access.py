"""Cutting an account's access: everything that somebody could still come in with."""

from idp.accounts.account import Account
from idp.accounts.links import EmailLinkKind
from idp.accounts.visit import Visit


def cut_access(visit: Visit, account: Account) -> None:
    """End the account's sessions and grants, forget its devices, and kill every link of it."""
    visit.uow.sessions.end_all(account.sub, visit.now)
    visit.uow.grants.revoke_all(account.sub, visit.now)
    visit.uow.known_devices.forget_all(account.sub)
    visit.uow.registrations.replace_all(account.finess, visit.now)
    visit.uow.email_links.replace_all(account.sub, EmailLinkKind.UNDO, visit.now)
    kill_pending_links(visit, account)


def kill_pending_links(visit: Visit, account: Account) -> None:
    """Kill the links that would give access or change the address.

    Those that undo a change of address stay: whoever stole an account could kill them otherwise.
    """
    visit.uow.resets.replace_all(account.sub, visit.now)
    visit.uow.email_links.replace_all(account.sub, EmailLinkKind.CONFIRM, visit.now)
