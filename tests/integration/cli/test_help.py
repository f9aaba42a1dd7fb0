"""Every command says what it does, and takes no secret where others could see it."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from idp.cli import main


def list_commands(
    group: click.Group = main, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    """Give the words of every group and command, the program itself first."""
    yield path
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from list_commands(command, (*path, name))
        else:
            yield (*path, name)


def find_command(path: tuple[str, ...]) -> click.Command:
    """Return the command that these words run."""
    command: click.Command = main
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None, f"there is no command {name}"
        command = found
    return command


PATHS = list(list_commands())
every_command = pytest.mark.parametrize("path", PATHS, ids=" ".join)


@every_command
def test_help_is_given(path: tuple[str, ...]) -> None:
    """`--help` needs no settings, begins with a sentence, and fits a screen of 80 columns."""
    result = CliRunner().invoke(main, [*path, "--help"], terminal_width=80)
    assert result.exit_code == 0, result.output
    text = find_command(path).help or ""
    assert text.partition("\n")[0].endswith((".", ":")), text
    assert [line for line in result.output.splitlines() if len(line) > 80] == []


@every_command
def test_every_option_is_explained(path: tuple[str, ...]) -> None:
    """No option stands in the help without a word of what it does."""
    options = [p for p in find_command(path).params if isinstance(p, click.Option)]
    assert [option.name for option in options if not option.help] == []


@every_command
def test_no_secret_is_an_argument(path: tuple[str, ...]) -> None:
    """No option or argument carries a secret: `ps` and the shell's history keep them (C109)."""
    secrets = {"password", "passphrase", "secret", "client_secret", "token", "code", "iban", "key"}
    assert {str(parameter.name) for parameter in find_command(path).params} & secrets == set()


def test_groups_are_listed_with_what_they_do() -> None:
    """`idp --help` names every group and command."""
    output = CliRunner().invoke(main, ["--help"]).output
    assert {path[0] for path in PATHS if path} <= set(output.split())
