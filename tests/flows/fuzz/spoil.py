"""Hypothesis strategies: good requests spoilt in a few places, and nonsense from scratch.

Text may hold bytes that are no UTF-8, as Python's surrogateescape writes them.
"""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from tests.flows.fuzz.seeds import ACCESS_TOKEN, CODE, COOKIES, TYPED, Pairs, Request

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "X")
UNSIGNED = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2Nvbm5leGlvbi5leGFtcGxlIn0."
MISTYPED = "eyJhbGciOlsxXSwia2lkIjp7fSwidHlwIjoxfQ.WzFd.AA"
"""A JWT whose header has values of wrong types, and whose claims are a list."""

CORPUS = (
    "",
    " ",
    "\0",
    "%00",
    "%",
    "é\u202e🚒",
    "\udcff\udcfe",
    "\r\nSet-Cookie: x=y",
    "'\"><script>alert(1)</script>{{7*7}}${7*7}",
    "' OR 1=1 --",
    "../../etc/passwd",
    "//evil.example/",
    "https://site.example/callback\\@evil.example/",
    "http://[::1",
    "javascript:alert(1)",
    "-1",
    "9" * 30,
    "1e400",
    "NaN",
    "²",
    "null",
    "[" * 3000,
    '{"a":' * 3000,
    '{"userinfo":[],"id_token":{"sub":{"value":{}}}}',
    '{"userinfo":{"email":1},"id_token":null}',
    "x" * 9000,
    UNSIGNED,
    MISTYPED,
    ".",
    "..",
    "a.b.c",
    "none login",
    "openid openid profile unknown",
    CODE,
    ACCESS_TOKEN,
    *TYPED.values(),
)
HEADERS = (
    "Authorization",
    "Content-Type",
    "Origin",
    "Host",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Request-ID",
    "User-Agent",
    "Accept-Language",
    "Sec-Fetch-Site",
    "If-None-Match",
    "Content-Encoding",
    "Content-Length",
    "Transfer-Encoding",
    "Cookie",
    "Range",
    "Expect",
)
HEADER_CORPUS = (
    "Basic",
    "Basic !!!",
    "Basic w6k6w6k=",
    "Basic /w==",
    "Bearer",
    f"Bearer {UNSIGNED}",
    f"Bearer {MISTYPED}",
    "Digest x",
    "null",
    "https://app.example",
    "application/json",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded; charset=utf-16",
    "text/plain",
    "chunked",
    "-1",
    "999999999999",
    "gzip",
    "cross-site",
    "127.0.0.1, ::1",
    '__Host-session=x; __Host-csrf=; __Host-flow=\xff; __Host-device="',
    "bytes=0-",
    'W/"x", *',
    "\xff\xfe",
)

texts = st.one_of(
    st.sampled_from(CORPUS),
    st.text(max_size=30),
    st.binary(max_size=12).map(lambda raw: raw.decode("utf-8", "surrogateescape")),
)
header_texts = st.one_of(
    st.sampled_from(HEADER_CORPUS),
    st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=30),
)
Route = tuple[str, str]
"""A method and a path that takes it."""


@st.composite
def changed_pairs(draw: st.DrawFn, pairs: Pairs, names: Sequence[str]) -> Pairs:
    """Change one parameter: leave it out, repeat, replace, shorten or lengthen it; or add one."""
    changed = list(pairs)
    if not changed or draw(st.integers(0, 5)) == 0:
        name = draw(st.one_of(st.sampled_from(names), texts))
        return (*pairs, (name, draw(texts)))
    index = draw(st.integers(0, len(changed) - 1))
    name, value = changed[index]
    changed[index : index + 1] = draw(
        st.one_of(
            st.just([]),
            st.just([(name, value), (name, value)]),
            texts.map(lambda text: [(name, text)]),
            texts.map(lambda text: [(name, value + text)]),
            texts.map(lambda text: [(name, value), (name, text)]),
            st.integers(0, len(value)).map(lambda end: [(name, value[:end])]),
        )
    )
    return tuple(changed)


@st.composite
def spoilt_requests(draw: st.DrawFn, seeds: Sequence[Request]) -> Request:
    """A good request with up to four changes, anywhere in it."""
    names = sorted({name for seed in seeds for name, _ in (*seed.query, *seed.form)})
    request = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 4))):
        where = draw(st.sampled_from(["query", "form", "form", "cookies", "headers", "method"]))
        if where == "method":
            request = replace(request, method=draw(st.sampled_from(METHODS)))
        elif where == "headers":
            header = (draw(st.sampled_from(HEADERS)), draw(header_texts))
            request = replace(request, headers=(*request.headers, header))
        elif where == "cookies":
            cookies = [f"__Host-{name}" for name in COOKIES]
            request = replace(request, cookies=draw(changed_pairs(request.cookies, cookies)))
        elif where == "query":
            request = replace(request, query=draw(changed_pairs(request.query, names)))
        else:
            request = replace(request, form=draw(changed_pairs(request.form, names)))
    return request


@st.composite
def random_requests(draw: st.DrawFn, routes: Sequence[Route], names: Sequence[str]) -> Request:
    """A method at a path, most often one that the route takes, with parameters of any name."""
    pairs = st.lists(st.tuples(st.one_of(st.sampled_from(names), texts), texts), max_size=5)
    headers = st.lists(st.tuples(st.sampled_from(HEADERS), header_texts), max_size=3)
    method, path = draw(st.sampled_from(routes))
    is_strange = draw(st.integers(0, 7)) == 0
    return Request(
        draw(st.sampled_from(METHODS)) if is_strange else method,
        path + draw(texts) if is_strange else path,
        query=tuple(draw(pairs)),
        form=tuple(draw(pairs)),
        headers=tuple(draw(headers)),
    )
