"""Tapes for what shrinks them: made of rows, read as lists, and told as lines."""

from harness.base.records import Commands, command_rows, commands_of
from harness.base.words import say_command
from tests.fakes.history import numbered


def tape_of(rows) -> Commands:
    """The rows as a numbered tape."""
    return commands_of(numbered(rows))


def orders(tape) -> list[int]:
    """The order id of each command."""
    return tape["order"].tolist()


def lines(tape) -> list[str]:
    """The commands in words."""
    return [say_command(row) for row in command_rows(tape)]
