"""What the README shows to whoever connects a site is what the tests run."""

import re

import pytest

from tests.relying_parties.sites import EXAMPLES
from tests.support.processes import REPOSITORY


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir() if path.is_file()))
def test_readme_shows_the_example(name: str) -> None:
    """Each example stands in the README to the letter."""
    blocks = re.findall(
        r"^```\w+\n(.*?)^```$", (REPOSITORY / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    assert (EXAMPLES / name).read_text() in blocks
