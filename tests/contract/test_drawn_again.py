"""Every bundled flow that its settings tell whole gives the same commands again from evidence alone."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from harness.base.bits import digest, timeless
from harness.base.capabilities import Capabilities, Conventions
from harness.base.seeds import Seed
from harness.compose import plugs, redrawing
from harness.evidence.archive import Archive
from harness.evidence.history import NotDrawnAgainError
from harness.evidence.run import FlowRecipe, ScenarioRecord
from harness.evidence.store import write_json
from harness.flows.poisson import PoissonFlow
from harness.flows.replay import ReplayFlow
from tests.fakes.flow import FakeFlow
from tests.fakes.journaled import run_folder

OFFERED = Capabilities(commands=("new", "cancel", "replace"), tifs=("day", "ioc"))
COMMANDS = 10_000


def archive(tmp_path, told) -> Archive:
    folder = run_folder(tmp_path)
    record = msgspec.json.decode((folder / "scenario.json").read_bytes(), type=ScenarioRecord)
    write_json(folder / "scenario.json", msgspec.structs.replace(record, recipe=told))
    return Archive(tmp_path)


def drawn(flow):
    """The flow's own first commands, as an instrument numbers them."""
    batches = flow.batches(Seed(1).branch("s"))
    found, count = [], 0
    while count < COMMANDS and (batch := next(batches, None)) is not None:
        found.append(batch.copy())
        count += len(batch)
    commands = np.concatenate(found)[:COMMANDS]
    commands["number"] = np.arange(1, len(commands) + 1)
    return commands


FLOWS = {
    name: plugs.scenario(name)
    for name in ("poisson", "cancel_heavy", "common", "explore", "edge_cases", "price_limit_move")
}


@pytest.mark.parametrize("name", FLOWS)
@pytest.mark.parametrize("cut", [1, 100, 4096, COMMANDS])
def test_the_commands_are_the_same_however_they_are_cut(tmp_path, name, cut):
    flow = FLOWS[name].flow.fitted(OFFERED, Conventions())
    wanted = drawn(flow)
    if cut == 1:
        wanted = wanted[:300]
    told = redrawing.recipe(flow)
    assert told is not None
    redraw = redrawing.redraw(archive(tmp_path, told), "s")
    parts = [redraw(int(wanted["number"][at]), len(wanted[at : at + cut])) for at in range(0, len(wanted), cut)]
    assert digest(timeless(np.concatenate(parts))) == digest(timeless(wanted))


def test_commands_that_nobody_asks_for_are_passed_over(tmp_path):
    flow = PoissonFlow()
    redraw = redrawing.redraw(archive(tmp_path, redrawing.recipe(flow)), "s")
    for first, count in ((5, 3), (700, 10), (710, 1), (9_000, 1_000)):
        assert digest(redraw(first, count)) == digest(drawn(flow)[first - 1 : first - 1 + count])


def test_a_flow_that_ends_gives_no_more(tmp_path):
    flow = plugs.scenario("edge_cases").flow.fitted(OFFERED, Conventions())
    whole = drawn(flow)
    redraw = redrawing.redraw(archive(tmp_path, redrawing.recipe(flow)), "s")
    assert len(redraw(len(whole), 5)) == 1
    assert len(redraw(len(whole) + 1, 5)) == 0


def test_a_flow_whose_settings_do_not_come_back_as_they_were_has_no_recipe():
    assert redrawing.recipe(PoissonFlow(accounts=9)) is not None
    assert redrawing.recipe(PoissonFlow(accounts=9.5)) is None
    assert redrawing.recipe(PoissonFlow(without=["ioc"])) is None


@pytest.mark.parametrize("flow", [FakeFlow(), ReplayFlow(path=Path("day.csv"))], ids=["not bundled", "of a file"])
def test_a_flow_that_its_settings_do_not_tell_has_no_recipe(tmp_path, flow):
    assert redrawing.recipe(flow) is None
    with pytest.raises(NotDrawnAgainError, match="not told by settings alone"):
        redrawing.redraw(archive(tmp_path, None), "s")


@pytest.mark.parametrize(
    "told", [FlowRecipe(plug="gone", settings="{}"), FlowRecipe(plug="poisson", settings='{"markets":"many"}')]
)
def test_a_recipe_of_another_version_is_refused_in_words(tmp_path, told):
    with pytest.raises(NotDrawnAgainError, match="cannot be drawn again"):
        redrawing.redraw(archive(tmp_path, told), "s")
