"""Examples: every mail."""

from idp.web.gallery.samples import GalleryPage


def list_mails() -> list[GalleryPage]:
    """Every mail of templates/mails/."""
    return []
