"""The open engine nodejs-order-book of npm: in whole numbers and without post-only, hundreds of seeds find nothing, as docs/examples.md says."""

import pytest

from harness.compose.exploring import explore
from harness.compose.searching import Machines
from tests.fakes.node_book import LOOK_PAST, installed

pytestmark = pytest.mark.nightly

SEEDS, SEARCHES, COMMANDS = 240, 40, 2_000


def test_in_whole_numbers_exploring_finds_nothing(tmp_path):
    engine = installed(tmp_path) / "engine.toml"
    engine.write_text(LOOK_PAST)
    machines = Machines(seeds=range(1, SEARCHES + 1))
    found = explore(str(engine), range(1, SEEDS + 1), COMMANDS, lambda _: None, machines=machines)
    assert not found.failed()
    assert sum(one.commands for one in found.seeds) == SEEDS * COMMANDS
    assert sum(one.commands for one in found.machines) > SEARCHES * COMMANDS // 2
