"""Cutting an account's access: everything that somebody could still come in with."""

from idp.accounts.account import Account
from idp.accounts.links import EmailLinkKind
from idp.accounts.visit import Visit


def cut_access(visit: Visit, account: Account) -> None:
    """End the account's sessions and grants, forget its devices, and kill every link of it."""
    visit.uow.sessions.end_all(account.sub, visit.now)
    visit.uow.grants.revoke_all(account.sub, visit.now)
    visit.uow.known_devices.forget_all(account.sub)
    kill_links(visit, account)


def kill_links(visit: Visit, account: Account) -> None:
    """Kill the links that were mailed for the account and not used yet."""
    visit.uow.resets.replace_all(account.sub, visit.now)
    visit.uow.registrations.replace_all(account.finess, visit.now)
    for kind in EmailLinkKind:
        visit.uow.email_links.replace_all(account.sub, kind, visit.now)
