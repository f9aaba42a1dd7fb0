"""A browser's name as its owner recognizes it."""

import pytest

from idp.web.browser_names import name_browser

WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    "user_agent, name",
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox sur Windows",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {WEBKIT} Safari/604.1",
            "Safari sur iPhone",
        ),
        (
            f"Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) {WEBKIT} CriOS/140.0 Safari/604.1",
            "Chrome sur iPad",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge sur Windows",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15; SM-S911B) {WEBKIT} SamsungBrowser/28.0 Chrome/130.0",
            "Samsung Internet sur Android",
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) {WEBKIT} Version/18.0 Safari/605.1",
            "Safari sur Mac",
        ),
        ("curl/8.5", "Navigateur inconnu"),
        ("<script>alert(1)</script>", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_name_is_made_of_known_words(user_agent: str, name: str) -> None:
    """Only words of the table come out, whatever was sent."""
    assert name_browser(user_agent) == name
