"""The words of a command are its fields, and a batch is not copied for it."""

import numpy as np

from engines.reference import asked, teller
from engines.reference.asked import asked_of, terms_of
from engines.reference.machine import U
from harness.base.records import COMMAND, EVENT, NONE, commands_of, empty_commands
from tests.fakes.lines import command

ROW = command("B 100x5 #7 fok post a3 i9")._replace(number=2**63 + 1, target=4, stop=-6, session=11)


def test_the_places_of_the_fields():
    words, amounts = asked_of(commands_of([ROW]))
    assert [int(words[0, at]) for at in (asked.NUMBER, asked.ORDER, asked.TARGET)] == [2**63 + 1, 7, 4]
    assert [int(amounts[0, at]) for at in (asked.PRICE, asked.STOP, asked.QTY)] == [100, -6, 5]
    assert [int(amounts[0, at]) for at in (asked.MIN_QTY, asked.DISPLAY)] == [NONE, NONE]
    assert int(words[0, asked.HOME]) == 9 | 3 << 32
    assert int(words[0, asked.WHAT]) == 11 | 1 << 32 | 1 << 40 | 3 << 48 | 0 << 56


def test_the_places_of_an_events_fields():
    names = ["command", "order", "new_order", "maker", "match", "price", "qty", "remaining", "engine_seq"]
    assert [EVENT.fields[name][1] // 8 for name in names] == list(range(teller.ENGINE_SEQ + 1))
    assert [EVENT.fields[name][1] for name in ("instrument", "session", "role")] == [
        8 * at for at in (teller.WHO, teller.WHAT, teller.HOW)
    ]


def test_terms_are_type_tif_and_flags_whatever_lies_in_the_padding():
    commands = commands_of([ROW])
    commands.view(np.uint8)[107:] = 0xFF
    assert int(terms_of(asked_of(commands), U(0))) == 1 | 3 << 8 | 1 << 16


def test_no_copy_where_none_is_needed():
    commands = empty_commands(3)
    assert np.shares_memory(asked_of(commands).words, commands)


def test_arrays_that_numpy_has_cut_or_stretched():
    commands = commands_of([ROW, ROW, ROW])
    joined = np.concatenate([commands, commands])
    assert joined.dtype.itemsize < COMMAND.itemsize, "numpy drops the padding"
    assert asked_of(joined).words[:, asked.ORDER].tolist() == [7] * 6
    assert asked_of(commands[::2]).words[:, asked.ORDER].tolist() == [7, 7]
    assert asked_of(commands[:0]).words.shape == (0, 14)
