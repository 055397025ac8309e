"""Every specimen is a few commands: at most eight, and four or fewer for most of them."""

import statistics

import pytest

from harness.base import discover
from harness.compose import plugs
from tests.fakes.shrunk import shrunk

pytestmark = pytest.mark.nightly

NAMES = [
    name
    for name in discover.names(plugs.SPECIMENS)
    if not discover.load(plugs.SPECIMENS, name, "SPECIMEN").least_commands
]


def test_every_specimen_is_a_few_commands():
    lengths = {name: len(shrunk(name).tape) for name in NAMES}
    assert {name: length for name, length in lengths.items() if length > 8} == {}
    assert statistics.median(lengths.values()) <= 4
