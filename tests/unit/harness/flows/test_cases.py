"""The hand-made cases as a flow, and that the oracle's model agrees with each of them."""

from itertools import product

import numpy as np
import pytest

from harness.base.capabilities import Capabilities, Conventions
from harness.base.notes import ExpectedEvent
from harness.base.records import CommandKind, command_rows
from harness.base.seeds import Seed
from harness.base.words import say_command, say_event
from harness.flows.cases import FLOW
from harness.oracle.model import Model
from tests.fakes.case_folder import GOOD, folder_with
from tests.fakes.expected import as_event
from tests.fakes.history import ALL


def test_a_case_becomes_commands_and_what_they_must_give(tmp_path):
    flow = FLOW(folder_with(tmp_path, a=GOOD))
    commands = command_rows(np.concatenate(list(flow.batches(Seed(1)))))
    assert [(c.kind, c.order, c.account, c.instrument) for c in commands] == [
        (CommandKind.NEW, 1_001, 1, 1), (CommandKind.MASS_CANCEL, 0, 0, 0),
    ]  # fmt: skip
    (case,) = flow.notes().cases
    assert (case.name, case.about, case.first) == ("one", "a b", 1)
    assert case.expect == (
        (
            ExpectedEvent(kind="accepted", order=1_001, price=100, qty=5, remaining=5),
            ExpectedEvent(kind="rested", order=1_001, price=100, remaining=5),
        ),
        (
            ExpectedEvent(kind="canceled", order=1_001, qty=5, remaining=0, reason="mass_cancel"),
            ExpectedEvent(kind="done", qty=1),
        ),
    )


def test_without_mass_cancel_a_case_ends_by_single_cancels(tmp_path):
    bare = Capabilities(commands=("new", "cancel"))
    flow = FLOW(folder_with(tmp_path, a=GOOD)).fitted(bare, Conventions())
    commands = command_rows(np.concatenate(list(flow.batches(Seed(1)))))
    assert (commands[-1].kind, commands[-1].target) == (CommandKind.CANCEL, 1_001)
    assert flow.notes().cases[0].expect[-1][0].reason == "user"


CONVENTIONS = [
    Conventions(self_trade=mode, replace_keeps_place=place, replace_quantity=quantity)
    for mode, place, quantity in product(
        ("none", "cancel_newest", "cancel_oldest", "cancel_both", "decrement"),
        ("quantity_down", "never"),
        ("open", "total"),
    )
]


def agrees(expected, event):
    """Whether the event has every field that the case names."""
    return all(
        getattr(as_event(expected), name) == getattr(event, name)
        for name in ("kind", "order", "maker", "new_order", "price", "qty", "remaining", "reason")
        if name == "kind" or getattr(expected, name) is not None
    )


@pytest.mark.parametrize("mass_cancel", [True, False])
@pytest.mark.parametrize(
    "conventions", CONVENTIONS, ids=lambda c: f"{c.self_trade}-{c.replace_keeps_place}-{c.replace_quantity}"
)
def test_the_oracle_agrees_with_every_case(conventions, mass_cancel):
    offered = ALL if mass_cancel else Capabilities(**{name: getattr(ALL, name) for name in ("types", "tifs", "flags")})
    flow = FLOW().fitted(offered, conventions)
    model = Model(flow.instruments(), conventions)
    commands = command_rows(np.concatenate(list(flow.batches(Seed(1)))))
    wanted = [(case.name, expect) for case in flow.notes().cases for expect in case.expect]
    for command, (name, expect) in zip(commands, wanted, strict=True):
        events = model.apply(command)
        if command.kind == CommandKind.MASS_CANCEL:
            events = sorted(events, key=lambda event: event.order or 2**64)
            expect = sorted(expect, key=lambda event: event.order or 2**64)  # noqa: PLW2901 - the cancels come in any order
        assert len(events) == len(expect), (name, say_command(command), [*map(say_event, events)])
        assert all(map(agrees, expect, events)), (name, say_command(command), [*map(say_event, events)])
    assert len(model.book()) == 0


def test_every_case_runs_under_some_convention_and_is_named_under_the_others():
    fitted = [FLOW().fitted(ALL, conventions) for conventions in CONVENTIONS]
    names = {case.name for case in FLOW().notes().cases}
    assert len(names) > 50
    assert {case.name for flow in fitted for case in flow.notes().cases} == names
    for flow in fitted:
        run = {case.name for case in flow.notes().cases}
        assert {f"case {name}" for name in names - run} == set(flow.notes().not_tested)


def test_a_bare_engine_is_told_what_it_lacks():
    notes = FLOW().fitted(Capabilities(), Conventions()).notes()
    assert "case exact_fill" not in notes.not_tested
    assert notes.not_tested["case fok_at_market"] == "the engine does not offer fok, market"
    assert notes.not_tested["case mass_cancel_of_nothing"] == "the engine does not offer mass_cancel"


def test_a_right_engine_accepts_more_than_the_least():
    for conventions in CONVENTIONS:
        notes = FLOW().fitted(ALL, conventions).notes()
        firsts = [expect[0].kind for case in notes.cases for expect in case.expect]
        accepted, rejected = firsts.count("accepted"), firsts.count("rejected")
        assert accepted / (accepted + rejected) > notes.least_accepted + 0.1
