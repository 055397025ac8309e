"""Whose an id is: of whoever gives it first, told as a dict of Python's tells it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.records import CommandKind, empty_commands
from harness.load.first_use import FirstUse
from harness.wire.order_table import LEAST

KINDS = [CommandKind.NEW, CommandKind.CANCEL, CommandKind.REPLACE, CommandKind.MASS_CANCEL]
IDS = st.sampled_from([0, 1, 2, 3, LEAST + 1, 2**63, 2**64 - 1])
ROWS = st.lists(st.tuples(st.sampled_from(KINDS), IDS, IDS, st.booleans()), max_size=40)


def commands_of(rows):
    commands = empty_commands(len(rows))
    for name, column in zip(("kind", "order", "target"), zip(*rows, strict=True), strict=False):
        commands[name] = column
    return commands


def model(rows):
    """Which rows are strange."""
    is_mine, strange = {}, []
    for kind, order, target, mine in rows:
        gives = kind == CommandKind.NEW or (kind == CommandKind.REPLACE and order != target)
        gives = gives and order != 0
        strange.append(gives and mine and not is_mine.get(order, True))
        if gives:
            is_mine.setdefault(order, mine)
    return strange


@settings(deadline=None)
@given(rows=ROWS, cuts=st.lists(st.integers(0, 40), max_size=4).map(sorted))
def test_it_tells_what_a_dict_tells_however_the_whole_is_cut(rows, cuts):
    uses, found = FirstUse(), []
    for first, last in zip([0, *cuts], [*cuts, 40], strict=True):
        part = rows[first:last]
        found += uses.strange(commands_of(part), np.array([mine for *_, mine in part], bool)).tolist()
    assert found == model(rows)


def test_it_remembers_all_however_many_there_are():
    commands = empty_commands(10 * LEAST)
    commands["kind"], commands["order"] = CommandKind.NEW, np.random.default_rng(5).permutation(len(commands)) + 1
    uses, mine = FirstUse(), np.arange(len(commands)) % 3 == 0
    assert not uses.strange(commands, mine).any()
    assert uses.strange(commands, np.ones(len(commands), bool)).tolist() == (~mine).tolist()
    assert not uses.strange(commands, np.zeros(len(commands), bool)).any(), "what others do is theirs to tell"
