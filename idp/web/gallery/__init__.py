"""Every page and mail in every state, with made-up practitioners: for the demo, for `idp pages
gallery DIR`, and for the tests that render, read and picture them all."""

from idp.web.gallery.catalogue import GalleryPage, list_mails, list_pages
from idp.web.gallery.drawing import Gallery, write_gallery

__all__ = ["Gallery", "GalleryPage", "list_mails", "list_pages", "write_gallery"]
