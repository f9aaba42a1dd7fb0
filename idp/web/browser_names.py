"""A browser's name as its owner recognizes it: « Firefox sur Windows ».

Read from the User-Agent by a few words, most telling first. Only words of this table come out, so
that nothing a client sent is stored or shown.
"""

_BROWSERS = (
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("fxios", "Firefox"),
    ("firefox", "Firefox"),
    ("crios", "Chrome"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
)
_SYSTEMS = (
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("mac os x", "Mac"),
    ("cros", "ChromeOS"),
    ("linux", "Linux"),
)


def name_browser(user_agent: str) -> str:
    """Return the browser and its system in French, as far as they can be told."""
    text = user_agent.lower()
    browser = next((name for word, name in _BROWSERS if word in text), "Navigateur inconnu")
    system = next((name for word, name in _SYSTEMS if word in text), None)
    return f"{browser} sur {system}" if system else browser
