"""The list of everything there is to see."""

from idp.web.gallery import account, entrance, mails, others, recovery
from idp.web.gallery.samples import GalleryPage


def list_pages() -> list[GalleryPage]:
    """Every page and state, in the order a practitioner may meet them."""
    return [
        *entrance.list_login_pages(),
        *entrance.list_registration_pages(),
        *recovery.list_link_pages(),
        *recovery.list_reset_pages(),
        *recovery.list_update_pages(),
        *account.list_account_pages(),
        *others.list_protocol_pages(),
        *others.list_reading_pages(),
        *others.list_error_pages(),
    ]


def list_mails() -> list[GalleryPage]:
    """Every mail, its template named without the suffix .txt or .html."""
    return mails.list_mails()
