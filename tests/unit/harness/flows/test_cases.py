"""The hand-made cases: their language, their files, and that the oracle's model agrees with each of them."""

from itertools import product

import numpy as np
import pytest

from harness.base.capabilities import Capabilities, Conventions
from harness.base.errors import SetupError
from harness.base.notes import ExpectedEvent
from harness.base.reasons import Reason
from harness.base.records import NONE, CommandKind, Event, EventKind, Flag, OrderType, Side, TimeInForce, command_rows
from harness.base.seeds import Seed
from harness.base.words import say_command, say_event
from harness.flows._case_lines import command_of, expected_of, nth, times, unrolled
from harness.flows.cases import FLOW
from harness.oracle.model import Model
from tests.fakes.history import ALL

COMMANDS = [
    "new buy 100 x 5 #1", "new sell market x 5 fok #9", "new sell 100 x 5 gtc post-only #1 (account 3, instrument 2)",
    "new buy -5 x 0 ioc #0", "cancel #3", "cancel 2 of #3 (instrument 2)", "replace #1: 100 x 5",
    "replace #1 by #2: 100 x 5 (account 7)", "mass cancel of all orders", "mass cancel of all sell orders (account 4)",
]  # fmt: skip
EVENTS = [
    "accepted #1, 100 x 5", "accepted #1, x 5", "rejected #1 (invalid price)", "rested #1 at 100, 5 left",
    "trade #9 with #4 at 100 x 5, 0 left", "canceled 5 of #9 (self trade), 0 left",
    "cancel rejected #9 (unknown order)", "replaced #1 at 101, 5 left", "replaced #1 by #2 at 101, 5 left",
    "replace rejected #1 (not owner)", "done, 3 orders", "done, 1 order",
]  # fmt: skip


def as_event(expected):
    """The event as it would be told; its absent fields are absent."""
    fields = {name: getattr(expected, name) for name in ("order", "maker", "new_order", "price", "qty", "remaining")}
    return Event(
        kind=EventKind[expected.kind.upper()],
        reason=Reason[expected.reason.upper()] if expected.reason else 0,
        **{name: value for name, value in fields.items() if value is not None},
    )


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_reads_as_it_is_told(line):
    command, account, instrument = command_of(line)
    assert say_command(command._replace(account=account or 0, instrument=instrument or 0)) == line


@pytest.mark.parametrize("line", EVENTS)
def test_an_event_reads_as_it_is_told(line):
    assert say_event(as_event(expected_of(line))) == line


def test_a_command_has_all_its_terms():
    command, account, instrument = command_of("new sell market x 1_000 fok #7 (account 0)")
    assert (command.kind, command.side, command.type, command.tif) == (
        CommandKind.NEW, Side.SELL, OrderType.MARKET, TimeInForce.FOK,
    )  # fmt: skip
    assert (command.price, command.qty, command.order, command.flags) == (NONE, 1_000, 7, Flag.NONE)
    assert (account, instrument) == (0, None)


@pytest.mark.parametrize(
    "line",
    ["", "buy 100 x 5 #1", "new buy 100 x 5", "new  buy 100 x 5 #1", "new buy 100 x 5 day #1", "new buy 100 x 5 #1 ()",
     "new buy 100 x 5 #1 (account 1, )", "new buy 100 x 5 #1 (account)", "new buy 100 x 5 #{n}", "cancel 1"],
)  # fmt: skip
def test_a_command_that_is_none(line):
    with pytest.raises(ValueError, match=r"wanted one of: new buy\|sell PRICE"):
        command_of(line)


@pytest.mark.parametrize("line", ["", "accepted #1", "trade #1 with #2 at 5, 0 left", "rested #1 at 100, 5 left "])
def test_an_event_that_is_none(line):
    with pytest.raises(ValueError, match="wanted one of: accepted #ID"):
        expected_of(line)


def test_a_reason_that_is_none():
    with pytest.raises(ValueError, match="came the reason 'bad luck'; wanted one of: unsupported, invalid order id"):
        expected_of("rejected #1 (bad luck)")


def test_an_id_that_would_run_into_the_next_case():
    with pytest.raises(ValueError, match="came the order id 1000; wanted 0 to 999"):
        command_of("cancel #1000")


def test_times_unrolls_its_line():
    assert list(unrolled("3 times: a #{n} #{n+6} {3-n}")) == ["a #1 #7 2", "a #2 #8 1", "a #3 #9 0"]
    assert (times("3 times: a"), times("a"), nth("3 times: #{n}", 2), nth("#{n}", 2)) == (3, 1, "#2", "#2")


GOOD = """
schema = 1
[[case]]
name = "one"
about = "a"
why = "b"
left = ["5 of #1"]
[[case.step]]
do = "new buy 100 x 5 #1"
expect = ["accepted #1, 100 x 5", "rested #1 at 100, 5 left"]
"""


def folder_with(tmp_path, **files):
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(text)
    return tmp_path


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


def test_everything_wrong_is_told_at_once(tmp_path):
    wrong = GOOD.replace("new buy 100 x 5 #1", "new by 100 x 5 #1").replace('why = "b"', 'wy = "b"')
    worse = (
        GOOD.replace('"5 of #1"', '"5 lots of #1"').replace("rested #1", "rests #1").replace("schema = 1", "schema = 2")
    )
    folder = folder_with(tmp_path, a=wrong, b=worse, c="[[case", d=GOOD, e=GOOD)
    with pytest.raises(SetupError) as told:
        FLOW(folder).notes()
    lines = str(told.value).split("\n")[1:]
    assert [line.split(f"{folder}/")[1].split(": ")[0] for line in lines] == [
        "a.toml, case one, why", "a.toml, case one, step 1, do", "a.toml, case one, wy",
        "b.toml, schema", "b.toml, case one, step 1, expect 2", "b.toml, case one, left 1",
        "c.toml is no TOML", "e.toml, case one, name",
    ]  # fmt: skip
    assert "came 'new by 100 x 5 #1'; wanted one of: new buy|sell" in lines[1]


def test_a_folder_without_cases(tmp_path):
    with pytest.raises(SetupError, match="there is no hand-made case"):
        FLOW(tmp_path).notes()


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
