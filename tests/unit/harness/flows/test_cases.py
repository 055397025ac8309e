"""The hand-made cases as a flow, and that the oracle's model agrees with each of them."""

from itertools import product

import msgspec
import numpy as np
import pytest
from msgspec import structs

from engines.plain.engine import PlainEngine
from engines.plain.offered import CAPABILITIES
from engines.plain.offered import CONVENTIONS as CONVENTIONS_OF_PLAIN
from harness.base import discover
from harness.base.capabilities import Capabilities, Conventions, RiskLimits
from harness.base.notes import ExpectedEvent
from harness.base.records import CommandKind, Side, command_rows
from harness.base.seeds import Seed
from harness.base.words import say_command, say_event
from harness.checks.edge_cases import CHECK
from harness.flows.cases import FLOW
from harness.oracle.model import Model
from tests.fakes.case_folder import GOOD, folder_with
from tests.fakes.expected import as_event
from tests.fakes.history import ALL, folded, info, segments


def test_a_case_becomes_commands_and_what_they_must_give(tmp_path):
    flow = FLOW(folder_with(tmp_path, a=GOOD))
    commands = command_rows(np.concatenate(list(flow.batches(Seed(1)))))
    assert [(c.kind, c.order, c.account, c.instrument) for c in commands] == [
        (CommandKind.NEW, 1_001, 11, 11), (CommandKind.MASS_CANCEL, 0, 0, 11),
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


BLANKET = """
[[case]]
name = "two"
about = "c"
why = "d"
left = ["4 of #2", "3 of #1"]
[[case.step]]
do = "mass cancel of all sell orders"
expect = ["done, 0 orders"]
[[case.step]]
do = "new buy 100 x 3 #1 (account 0, instrument 2)"
expect = ["accepted #1, 100 x 3", "rested #1 at 100, 3 left"]
[[case.step]]
do = "new buy 100 x 4 #2"
expect = ["accepted #2, 100 x 4", "rested #2 at 100, 4 left"]
[[case.step]]
do = "cancel #7 (account 7, instrument 9)"
expect = ["cancel rejected #7 (unknown order)"]
"""


def test_each_case_has_ids_accounts_and_instruments_of_its_own(tmp_path):
    flow = FLOW(folder_with(tmp_path, a=GOOD + BLANKET))
    assert [one.id for one in flow.instruments()] == [11, 12, 21, 22]
    commands = command_rows(np.concatenate(list(flow.batches(Seed(1)))))
    assert [(c.kind, c.order, c.account, c.instrument) for c in commands[-6:]] == [
        (CommandKind.MASS_CANCEL, 0, 0, 0), (CommandKind.NEW, 2_001, 0, 22), (CommandKind.NEW, 2_002, 21, 21),
        (CommandKind.CANCEL, 2_007, 27, 29), (CommandKind.MASS_CANCEL, 0, 0, 21), (CommandKind.MASS_CANCEL, 0, 0, 22),
    ]  # fmt: skip
    _, two = flow.notes().cases
    assert [[event.order for event in expect] for expect in two.expect[-2:]] == [[2_002, None], [2_001, None]]


def test_a_case_that_takes_the_orders_of_all_begins_with_a_sweep_that_no_case_owns(tmp_path):
    flow = FLOW(folder_with(tmp_path, a=GOOD + BLANKET))
    one, two = flow.notes().cases
    commands = command_rows(np.concatenate(list(flow.batches(Seed(1)))))
    sweep = commands[one.first - 1 + len(one.expect)]
    assert (sweep.kind, sweep.account, sweep.instrument, sweep.side) == (CommandKind.MASS_CANCEL, 0, 0, Side.NONE)
    assert two.first == one.first + len(one.expect) + 1
    assert two.first + len(two.expect) == len(commands) + 1
    assert flow.notes().told["cases"] == f"2 hand-made ones, {len(commands)} commands"


class NoMost(PlainEngine):
    """Takes any quantity, however large."""

    def check_quantity(self, instrument, qty):
        return super().check_quantity(instrument, min(qty, self.instruments[instrument].qty_max))


@pytest.mark.parametrize("mass_cancel", [True, False])
def test_an_engine_that_breaks_one_case_fails_that_case_alone(mass_cancel):
    """What the broken case leaves in the book meets no other case."""
    offered = CAPABILITIES if mass_cancel else structs.replace(CAPABILITIES, commands=("new", "cancel", "replace"))
    flow = FLOW().fitted(offered, CONVENTIONS_OF_PLAIN)
    commands = np.concatenate(list(flow.batches(Seed(1))))
    commands["number"] = np.arange(1, len(commands) + 1)
    events = NoMost(flow.instruments(), CONVENTIONS_OF_PLAIN).submit(commands)
    run = info(capabilities=offered, conventions=CONVENTIONS_OF_PLAIN, notes=flow.notes())
    findings = folded(CHECK.start(run), segments(commands, events)).findings
    assert [finding.kind for finding in findings] == ["quantities_at_their_bounds"]


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
] + [
    Conventions(stop_trigger=trigger, stop_order=order, stop_evaluation=evaluation)
    for trigger, order, evaluation in product(("last_trade", "quote"), ("price_time", "time"), ("command", "fill"))
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
    "conventions", CONVENTIONS, ids=lambda conventions: "-".join(msgspec.to_builtins(conventions).values())
)
def test_the_oracle_agrees_with_every_case(conventions, mass_cancel):
    offered = ALL if mass_cancel else structs.replace(ALL, commands=("new", "cancel", "replace"))
    flow = FLOW().fitted(offered, conventions)
    model = Model(flow.instruments(), conventions)
    commands = command_rows(np.concatenate(list(flow.batches(Seed(1)))))
    wanted = {case.first + at: (case.name, each) for case in flow.notes().cases for at, each in enumerate(case.expect)}
    assert len(wanted) > 100
    for number, command in enumerate(commands, 1):
        events = model.apply(command)
        if number not in wanted:
            continue
        name, expect = wanted[number]
        if command.kind == CommandKind.MASS_CANCEL:
            events = sorted(events, key=lambda event: event.order or 2**64)
            expect = sorted(expect, key=lambda event: event.order or 2**64)
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


LIMITED = """
limits = { price_step = 5, accounts = [0, 3], collar_ticks = 7, reference_price = 100 }
"""


def test_the_limits_of_a_case_are_those_of_its_first_instrument(tmp_path):
    flow = FLOW(folder_with(tmp_path, a=GOOD, b=GOOD.replace('"one"', '"two"').replace("why", f"{LIMITED}why")))
    *before, held, free = flow.instruments()
    assert (held.id, held.price_step) == (21, 5)
    assert held.risk == RiskLimits(accounts=(0, 23), collar_ticks=7, reference_price=100)
    assert {(one.price_step, one.risk) for one in [*before, free]} == {(1, RiskLimits())}
    assert flow.fitted(ALL, Conventions()).left_out == ()
    bare = structs.replace(ALL, controls=("accounts", "price_step"))
    assert flow.fitted(bare, Conventions()).left_out == (("two", "the engine does not offer collar_ticks"),)


def test_every_case_is_run_by_the_profile_that_is_run_first():
    """By an engine that offers all and takes the conventions that it is asked for."""
    scenarios = [
        discover.load("scenarios", name, "SCENARIO") for name in discover.names("scenarios") if "edge_cases" in name
    ]
    fitted = [one.flow.fitted(ALL, one.conventions or CONVENTIONS_OF_PLAIN) for one in scenarios]
    run = {case.name for flow in fitted for case in flow.notes().cases}
    assert {case.name for case in FLOW().notes().cases} - run == set()


def test_a_bare_engine_is_told_what_it_lacks():
    notes = FLOW().fitted(Capabilities(), Conventions()).notes()
    assert "case exact_fill" not in notes.not_tested
    assert notes.not_tested["case fok_at_market"] == "the engine does not offer fok, market"
    assert notes.not_tested["case mass_cancel_of_nothing"] == "the engine does not offer mass_cancel"
    assert notes.not_tested["case stop_waits"] == "the engine does not offer stop"
    assert notes.not_tested["case minimum_reached"] == "the engine does not offer min_qty"
    assert notes.not_tested["case collar"] == "the engine does not offer collar_ticks, ioc, replace"


def test_a_right_engine_accepts_more_than_the_least():
    for conventions in CONVENTIONS:
        notes = FLOW().fitted(ALL, conventions).notes()
        firsts = [expect[0].kind for case in notes.cases for expect in case.expect]
        accepted, rejected = firsts.count("accepted"), firsts.count("rejected")
        assert accepted / (accepted + rejected) > notes.least_accepted + 0.1
