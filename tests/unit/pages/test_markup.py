"""The markup of every page is what browsers, policies and password managers need."""

import re
from urllib.parse import urlencode

import pytest

from idp.web.gallery import GalleryPage
from idp.web.gallery.samples import SEALED_REQUEST
from tests.unit.pages.reading import GALLERY, PAGES, STATIC, ReadPage, read_page

MAX_PAGE_BYTES = 60_000
every_page = pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))


@every_page
def test_policy_needs_no_exception(page: GalleryPage) -> None:
    """No style attribute, no inline handler; each script and style carries the nonce (CSP 3)."""
    for tag, attributes in read_page(page).elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        assert tag not in {"script", "style"} or attributes["nonce"]


@every_page
def test_page_asks_nothing_of_others(page: GalleryPage) -> None:
    """Pictures, scripts and icons are files of ours: no page calls another host."""
    read = read_page(page)
    sources = [
        found["src"] for tag in ("img", "script") for found in read.find(tag) if "src" in found
    ]
    sources += [found["href"] for found in read.find("link")]
    assert [source for source in sources if not source.startswith("static/")] == []


@every_page
def test_page_is_light(page: GalleryPage) -> None:
    """A page with its scripts, logo and icon weighs less than 60 kB, uncompressed."""
    html = GALLERY.draw_page(page)
    read = ReadPage(html)
    files = {
        found["src"] for tag in ("img", "script") for found in read.find(tag) if "src" in found
    }
    files |= {found["href"] for found in read.find("link")}
    sizes = [(STATIC / file.removeprefix("static/")).stat().st_size for file in files]
    assert len(html.encode()) + sum(sizes) < MAX_PAGE_BYTES


@every_page
def test_first_paint_waits_for_nothing(page: GalleryPage) -> None:
    """The style sheet is in the page, scripts wait for it: first paint on one round trip."""
    read = read_page(page)
    assert list(read.find("link", rel="stylesheet")) == []
    fetched = [found for found in read.find("script") if "src" in found]
    assert [s for s in fetched if s.get("type") != "module" and "defer" not in s] == []


@every_page
def test_inputs_are_named_as_they_are_identified(page: GalleryPage) -> None:
    """An input's id is its name: bookmarks, password managers and tests rely on it."""
    inputs = [found for found in read_page(page).find("input") if found["type"] != "hidden"]
    assert [found for found in inputs if found["id"] != found["name"]] == []


@every_page
def test_passwords_are_never_echoed(page: GalleryPage) -> None:
    """A password field comes back empty, whatever was typed."""
    assert [
        found for found in read_page(page).find("input", type="password") if "value" in found
    ] == []


@every_page
def test_forms_carry_what_keeps_them_alive(page: GalleryPage) -> None:
    """Each form to this provider has the CSRF token and, if a site waits, its request."""
    read = read_page(page)
    ours = [found for found in read.find("form") if found["action"].startswith("/")]
    assert len(list(read.find("input", name="csrf_token"))) == len(ours)
    waiting = ours if page.context.get("site", "one waits") else []
    assert len(list(read.find("input", name="request", value=SEALED_REQUEST))) == len(waiting)


@every_page
def test_links_keep_the_request(page: GalleryPage) -> None:
    """A link to another page of the entrance carries the waiting request: it is never lost."""
    query = urlencode({"request": SEALED_REQUEST}) if page.context.get("site", True) else ""
    entrance = ("/connexion", "/inscription", "/mot-de-passe-oublie", "/mise-a-jour", "/aide")
    links = [found["href"] for found in read_page(page).find("a")]
    assert [link for link in links if link.startswith(entrance) and not link.endswith(query)] == []


@every_page
def test_faults_are_found_from_the_top(page: GalleryPage) -> None:
    """A page with faults says so in its title, takes the focus to them, and links to each field."""
    read = read_page(page)
    summaries = list(read.find("div", role="alert"))
    is_faulty = bool(getattr(page.context.get("form"), "errors", None))
    assert bool(summaries) == is_faulty == read.texts[0].startswith("Erreur\u00a0: ")
    assert all("autofocus" in found and found["tabindex"] == "-1" for found in summaries)
    invalid = {found["id"] for found in read.find("input", **{"aria-invalid": "true"})}
    links = {found["href"] for found in read.find("a")}
    assert {f"#{name}" for name in invalid} <= links


@every_page
def test_descriptions_exist(page: GalleryPage) -> None:
    """What describes a field is on the page."""
    read = read_page(page)
    ids = {attributes["id"] for _, attributes in read.elements if "id" in attributes}
    described = " ".join(attributes.get("aria-describedby", "") for _, attributes in read.elements)
    assert set(described.split()) <= ids


@every_page
def test_each_way_on_is_offered_once(page: GalleryPage) -> None:
    """No two buttons or links of a page's own text lead to the same place."""
    text = GALLERY.draw_page(page).partition("<main")[2].partition("</main>")[0]
    own = re.sub(r"<nav.*?</nav>", "", text, flags=re.DOTALL)
    ways = re.findall(r'<a [^>]*href="(?!tel:|mailto:)([^"]+)"', own)
    assert sorted(set(ways)) == sorted(ways)
