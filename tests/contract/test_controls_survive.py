"""What the controls know survives every end: killed behind any command, a service goes on as one that never ended."""

import numpy as np
import pytest

from engines.reference.layout import Capacities
from engines.service.configuration import Configuration
from harness.base.records import commands_of
from tests.fakes.durable_service import engine
from tests.fakes.risky import INSTRUMENTS, drawn_controls, risky

COUNT = 120


@pytest.mark.parametrize("seed", [1, 2, 8])
def test_killed_behind_any_command_it_knows_all_that_it_knew(tmp_path, seed):
    configuration = Configuration(
        instruments=INSTRUMENTS, controls=drawn_controls(seed), capacities=Capacities(orders=200, pages=50)
    )
    commands, whole = commands_of(risky(COUNT, seed)), configuration.build()
    for at in range(COUNT):
        made = engine(tmp_path, configuration=configuration, snapshot_every=7)
        assert np.array_equal(made.state(), whole.state()), f"after {at} commands"
        events = made.submit(commands[at : at + 1])
        assert np.array_equal(events.view(np.uint64), whole.submit(commands[at : at + 1]).view(np.uint64))
        made.abandon()
    assert {name for name in whole.counters() if name.startswith("refused: ")}, "some control refused something"
