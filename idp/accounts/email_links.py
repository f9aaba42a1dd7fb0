"""The links that confirm or undo a change of address: made and found."""

from idp.accounts.account import Account
from idp.accounts.links import EmailLink, EmailLinkKind
from idp.accounts.typed_text import normalize_token
from idp.accounts.visit import Visit
from idp.secret_values import digest, random_id


def make_email_link(
    visit: Visit, token: str, *, account: Account, kind: EmailLinkKind, new_email: str
) -> EmailLink:
    """Return the link of a token; its old address is the account's."""
    policy = visit.policy
    is_undo = kind is EmailLinkKind.UNDO
    lifetime = policy.undo_lifetime if is_undo else policy.confirmation_lifetime
    return EmailLink(
        id=random_id(),
        link_digest=digest(token),
        finess=account.finess,
        created_at=visit.now,
        expires_at=visit.now + lifetime,
        kind=kind,
        sub=account.sub,
        old_email=account.email,
        new_email=new_email,
    )


def find_email_link(visit: Visit, token: str, kind: EmailLinkKind) -> EmailLink | None:
    """Return the link of a token, however it was pasted, if it is of that kind."""
    link = visit.uow.email_links.find_by_link(digest(normalize_token(token)))
    return link if link and link.kind is kind else None
