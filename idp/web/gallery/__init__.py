"""Every page and mail in every state, with made-up practitioners.

For the demo, for `idp pages gallery DIR`, and for the tests that render, read and picture them.
"""

from idp.web.gallery.catalogue import list_mails, list_pages
from idp.web.gallery.drawing import Gallery, write_gallery
from idp.web.gallery.samples import GalleryPage

__all__ = ["Gallery", "GalleryPage", "list_mails", "list_pages", "write_gallery"]
