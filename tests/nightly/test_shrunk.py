"""Every specimen is shrunk to a few commands, and one that needs many by its nature to hardly more, within the time that proving gives it."""

import statistics

import pytest

from harness.compose import proving

pytestmark = pytest.mark.nightly

COMMANDS_MOST, COMMANDS_MEDIAN = 8, 4
OVER_PERCENT = 1
"""By how much a tape may be longer than the nature of its specimen asks."""
TRIES_MOST = 40
"""Tapes tried for one that needs many commands: each of them is long."""


def test_every_specimen_is_as_few_commands_as_it_can_be():
    found = proving.prove((), 1, 0, print, shrinks=True).specimens
    small = {one.name: one.shrunk for one in found if one.shrunk}
    assert small.keys() == {one.name for one in found}
    least = {one.name: one.least_commands for one in found}

    few = {name: one.commands for name, one in small.items() if not least[name]}
    assert {name: commands for name, commands in few.items() if commands > COMMANDS_MOST} == {}
    assert statistics.median(few.values()) <= COMMANDS_MEDIAN

    many = {name: one for name, one in small.items() if least[name]}
    assert {name: one.commands for name, one in many.items() if one.commands < least[name]} == {}, "not the least"
    assert {
        name: one.commands for name, one in many.items() if 100 * one.commands > (100 + OVER_PERCENT) * least[name]
    } == {}
    assert {name: one.tries for name, one in many.items() if one.tries > TRIES_MOST} == {}
