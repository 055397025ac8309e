"""The market-making flow: more cancels and replaces than orders, in long queues."""

from harness.base.records import Command, CommandKind, EventKind, command_rows
from harness.base.seeds import Seed
from harness.flows import cancel_heavy
from tests.fakes.drawn import drawn, played, share


def test_cancel_heavy_cancels_and_replaces_more_than_it_adds():
    answers, model = played(cancel_heavy.FLOW(), 24)
    kinds = [command.kind for command, _ in answers]
    changes = kinds.count(CommandKind.CANCEL) + kinds.count(CommandKind.REPLACE)
    assert changes > 1.5 * kinds.count(CommandKind.NEW)
    assert share(answers, EventKind.CANCEL_REJECTED, (CommandKind.CANCEL,)) < 0.25
    assert model.book()["place"].max() > 50


def test_cancel_heavy_replaces_up_down_and_in_place():
    commands = command_rows(drawn(cancel_heavy.FLOW(), Seed(1), 8))
    price: dict[int, int] = {}
    moves = set()
    for command in commands:
        if command.kind == CommandKind.REPLACE:
            moves.add(sign(command, price.get(command.target)))
        if command.kind in (CommandKind.NEW, CommandKind.REPLACE):
            price[command.order] = command.price
    assert {-1, 0, 1} <= moves


def sign(command: Command, before: int | None) -> int | None:
    """Whether the replace moves its order up, down or not at all; None for an order that was never sent."""
    return None if before is None else (command.price > before) - (command.price < before)
