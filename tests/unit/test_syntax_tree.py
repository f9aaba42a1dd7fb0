"""The reader of syntax trees sees through the ways in which a rule could be evaded."""

import ast

import pytest

from tests.support.syntax_tree import calls_on_import, imported_modules, is_within, used_names


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\ndatetime.datetime.now()",
        "import datetime as dt\ndt.datetime.now()",
        "from datetime import datetime\ndatetime.now()",
        "from datetime import datetime as moment\nread = moment.now",
        "def read():\n    from datetime import datetime\n    return datetime.now()",
    ],
)
def test_full_name_is_found(source: str) -> None:
    """A name is found whatever it is imported as, called or not, wherever it is imported."""
    assert "datetime.datetime.now" in {name for _, name in used_names(ast.parse(source))}


def test_own_name_is_no_import() -> None:
    """A method that happens to be called as a forbidden function is not it."""
    source = "def read(clock):\n    return clock.now()"
    assert list(used_names(ast.parse(source))) == []


def test_import_under_type_checking_counts() -> None:
    """An import for annotations alone is a dependency like any other."""
    source = "if TYPE_CHECKING:\n    from idp.accounts import login"
    assert imported_modules(ast.parse(source)) == {"idp.accounts.login"}


def test_call_in_a_function_is_not_on_import() -> None:
    """Calls in the file and in class bodies happen on import, calls in functions do not."""
    source = "from flask import Flask\na = Flask('a')\nclass C:\n    b = Flask('b')\n"
    in_function = "def create():\n    return Flask('c')\nlater = lambda: Flask('d')"
    calls = sorted(calls_on_import(ast.parse(source + in_function)))
    assert calls == [(2, "flask.Flask"), (4, "flask.Flask")]


def test_owner_is_not_a_prefix_of_letters() -> None:
    """flask_limiter does not lie in flask, flask.views does."""
    assert is_within("flask.views", "flask")
    assert not is_within("flask_limiter", "flask")
