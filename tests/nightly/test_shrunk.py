"""Every specimen is shrunk to a few commands, and one that needs many by its nature to hardly more, within the time that proving gives it."""

import statistics
import time
from types import SimpleNamespace

import pytest

from harness.base import discover
from harness.compose import plugs, proving

pytestmark = pytest.mark.nightly

COMMANDS_MOST, COMMANDS_MEDIAN = 8, 4
OVER_PERCENT = 1
"""By how much a tape may be longer than the nature of its specimen asks."""
TRIES_MOST = 40
"""Tapes tried for one that needs many commands: each of them is long."""


@pytest.fixture
def detected(monkeypatch):
    """What became of each specimen, by name; what else runs on this machine takes nothing from the time that it has."""
    monkeypatch.setattr(proving, "time", SimpleNamespace(monotonic=time.process_time))
    plugged = {name: discover.load(plugs.SPECIMENS, name, "SPECIMEN") for name in discover.names(plugs.SPECIMENS)}
    # Others are processes of their own, which are not shrunk.
    plugged = {name: plug for name, plug in plugged.items() if plug.base in plugs.healthy()}
    return {name: proving.detect(name, plug, 1, shrinks=True) for name, plug in plugged.items()}


def test_every_specimen_is_as_few_commands_as_it_can_be(detected):
    small = {name: one.shrunk for name, one in detected.items() if one.shrunk}
    least = {name: one.least_commands for name, one in detected.items()}
    assert detected.keys() - small.keys() == set()

    few = {name: one.commands for name, one in small.items() if not least[name]}
    assert {name: commands for name, commands in few.items() if commands > COMMANDS_MOST} == {}
    assert statistics.median(few.values()) <= COMMANDS_MEDIAN

    many = {name: one for name, one in small.items() if least[name]}
    assert {name: one for name, one in many.items() if one.commands < least[name]} == {}, "not the least"
    too_many = {name: one for name, one in many.items() if 100 * one.commands > (100 + OVER_PERCENT) * least[name]}
    assert too_many == {}
    assert {name: one for name, one in many.items() if one.tries > TRIES_MOST} == {}
    assert {name: one for name, one in small.items() if one.seconds > proving.SHRINK_S} == {}
