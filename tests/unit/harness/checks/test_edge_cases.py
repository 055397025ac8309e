"""The check `edge_cases` passes cases that go as written and tells each that does not."""

from __future__ import annotations

import pytest

from harness.base.capabilities import Conventions
from harness.base.notes import Case, ExpectedEvent, FlowNotes
from harness.base.reasons import Reason
from harness.base.records import EventKind
from harness.checks.edge_cases import CHECK
from harness.evidence.fold import applies
from tests.fakes.history import ALL, BUY, SELL, cancel, folded, info, mass_cancel, new, numbered, segments, stop
from tests.fakes.right_engine import changed, right_events, without

COMMANDS = numbered([
    new(1, SELL, 100, 5), new(2, SELL, 100, 5), new(3, BUY, 100, 6, account=2), mass_cancel(), cancel(2), new(4, BUY, 1, 1),
])  # fmt: skip
RIGHT = right_events(COMMANDS)


def told(kind, **fields):
    return ExpectedEvent(kind=kind, **fields)


CASES = (
    Case(name="sweep", about="two makers at one price trade in order", first=1, expect=(
        (told("accepted", order=1, price=100, qty=5), told("rested", order=1)),
        (told("accepted"), told("rested", remaining=5)),
        (told("accepted"), told("trade", order=3, maker=1, qty=5, remaining=1), told("trade", maker=2, price=100)),
        (told("canceled", order=2, reason="mass_cancel"), told("done", qty=1)),
    )),
    Case(name="stale", about="a cancel of what is gone is refused", first=5, expect=(
        (told("cancel_rejected", order=2, reason="unknown_order"),),
    )),
)  # fmt: skip
NOTES = FlowNotes(cases=CASES)
AT = {(event.command, event.kind): at for at, event in reversed(list(enumerate(RIGHT)))}
TRADE = AT[3, EventKind.TRADE]

BROKEN = {
    "wrong maker": (changed(RIGHT, TRADE, maker=2), "sweep", 3, "trade #3 with #2 at 100 x 5, 1 left"),
    "wrong remaining": (changed(RIGHT, TRADE, remaining=2), "sweep", 3, "100 x 5, 2 left"),
    "missing event": (without(RIGHT, TRADE), "sweep", 3, "accepted #3, 100 x 6\ntrade #3 with #2"),
    "extra event": ([*RIGHT[: TRADE + 1], *RIGHT[TRADE:]], "sweep", 3, "1 left\ntrade #3 with #1"),
    "wrong order of events": (
        [*RIGHT[:TRADE], RIGHT[TRADE + 1], RIGHT[TRADE], *RIGHT[TRADE + 2 :]], "sweep", 3, "0 left\ntrade #3 with #1",
    ),
    "wrong kind": (changed(RIGHT, AT[2, EventKind.RESTED], kind=EventKind.CANCELED), "sweep", 2, "canceled #2, 5 left"),
    "wrong reason": (
        changed(RIGHT, AT[5, EventKind.CANCEL_REJECTED], reason=Reason.NOT_OWNER), "stale", 5, "cancel rejected #2 (not owner)",
    ),
    "unanswered": (without(RIGHT, AT[5, EventKind.CANCEL_REJECTED]), "stale", 5, "nothing"),
}  # fmt: skip


def facts(events, *, commands=COMMANDS, size=2**31, late=0, notes=NOTES, **run):
    return folded(CHECK.start(info(notes=notes, **run)), segments(commands, events, size, late))


@pytest.mark.parametrize(("size", "late"), [(2**31, 0), (1, 0), (2, 1), (1, 3)])
def test_cases_that_go_as_written_pass(size, late):
    found = facts(RIGHT, size=size, late=late)
    assert (found.seen, found.findings, found.unknown, found.told) == (2, (), "", {})


def test_the_cancels_of_a_mass_cancel_come_in_any_order_and_what_they_trigger_in_one():
    """Two offers go, and the two buy stops that watch them trigger behind `done`, the lower one first."""
    commands = numbered([
        new(1, SELL, 100, 1), new(2, SELL, 101, 1), new(6, SELL, 200, 1, account=5), stop(3, BUY, 150, 1, account=2),
        stop(4, BUY, 149, 1, account=2), mass_cancel(account=1),
    ])  # fmt: skip
    conventions = Conventions(stop_trigger="quote")
    events = right_events(commands, conventions)
    (last,) = [at for at, event in enumerate(events) if event.command == 6 and event.order == 1]
    expect = (told("canceled", order=1), told("canceled", order=2), told("done"))
    cascade = [
        told("triggered", order=4),
        told("trade", order=4),
        told("triggered", order=3),
        told("canceled", order=3),
    ]
    case = Case(name="stops", about="-", first=6, expect=((*expect, *cascade),))
    run = {"commands": commands, "notes": FlowNotes(cases=(case,)), "conventions": conventions}
    swapped = [*events[:last], events[last + 1], events[last], *events[last + 2 :]]
    assert facts(events, **run).findings == facts(swapped, **run).findings == ()
    turned = [*events[: last + 3], *events[last + 5 :], *events[last + 3 : last + 5]]
    assert [finding.kind for finding in facts(turned, **run).findings] == ["stops"]


@pytest.mark.parametrize(("events", "case", "command", "got"), BROKEN.values(), ids=BROKEN)
def test_a_case_that_goes_otherwise_is_told(events, case, command, got):
    found = facts(events)
    (finding,) = found.findings
    assert (finding.kind, finding.first_command, finding.severity) == (case, command, "critical")
    assert finding.title == next(one.about for one in CASES if one.name == case)
    assert got in finding.got
    assert finding.got.splitlines()[0] == finding.expected.splitlines()[0]
    assert finding.got != finding.expected


def test_what_a_case_does_not_name_is_not_in_its_words():
    (finding,) = facts(BROKEN["wrong maker"][0]).findings
    assert finding.expected.splitlines()[1:] == [
        "accepted",
        "trade #3 with #1 x 5, 1 left",
        "trade with #2 at 100",
    ]


def test_each_case_is_told_by_itself():
    broken = changed(changed(RIGHT, TRADE, maker=2), AT[5, EventKind.CANCEL_REJECTED], reason=Reason.NOT_OWNER)
    assert [finding.kind for finding in facts(broken).findings] == ["sweep", "stale"]


def test_the_cancels_of_a_mass_cancel_may_come_in_any_order():
    commands = numbered([new(2, SELL, 100, 5), new(1, SELL, 100, 5), mass_cancel()])
    *before, first, second, done = right_events(commands)
    expect = ((told("accepted"), told("rested")),) * 2 + (
        (told("canceled", order=1), told("canceled", order=2), told("done")),
    )
    notes = FlowNotes(cases=(Case(name="all", about="all go", first=1, expect=expect),))
    assert facts([*before, first, second, done], commands=commands, notes=notes).findings == ()
    assert facts([*before, second, first, done], commands=commands, notes=notes).findings == ()
    (finding,) = facts([*before, first, done, second], commands=commands, notes=notes).findings
    assert finding.expected.splitlines()[1:] == ["canceled #1", "canceled #2", "done"]


def test_fields_that_the_wire_does_not_carry_are_not_compared():
    fields = {name: getattr(ALL, name) for name in ALL.__struct_fields__}
    lean = ALL.__class__(**fields | {"carries": ("maker",)})
    events = changed(RIGHT, TRADE, remaining=9)
    assert facts(events, capabilities=lean).findings == ()
    assert facts(changed(RIGHT, TRADE, maker=9), capabilities=lean).findings != ()


def test_a_case_whose_answers_are_not_whole_when_a_run_is_cut_is_not_judged():
    found = facts(RIGHT[: TRADE + 1], interrupted=True)
    assert (found.seen, found.findings) == (0, ())
    assert found.unknown == "the run ended before 2 of 2 cases: sweep, stale"


def test_a_case_whose_answers_are_whole_is_judged_though_the_run_is_cut_behind_it():
    whole = RIGHT[: AT[5, EventKind.CANCEL_REJECTED]]
    found = facts(whole, interrupted=True)
    assert (found.seen, found.findings) == (1, ())
    assert found.unknown == "the run ended before 1 of 2 cases: stale"


def test_the_last_answer_of_a_finished_run_is_judged_however_short():
    assert [
        finding.kind for finding in facts(RIGHT[: AT[5, EventKind.CANCEL_REJECTED]], commands=COMMANDS[:5]).findings
    ] == ["stale"]


def test_a_run_that_ended_before_all_cases_does_not_pass_by_the_first():
    found = facts(RIGHT[: AT[5, EventKind.CANCEL_REJECTED]], commands=COMMANDS[:4])
    assert (found.seen, found.findings) == (1, ())
    assert found.unknown == "the run ended before 1 of 2 cases: stale"


def test_what_it_cannot_judge_is_unknown():
    found = facts([RIGHT[0]._replace(command=0)], notes=NOTES)
    assert found.unknown == "the engine does not say which command 1 of its events answer"


def test_it_does_not_apply_where_there_are_no_cases():
    assert not applies(CHECK.needs, info(notes=FlowNotes()))
    assert applies(CHECK.needs, info(notes=NOTES))


def test_a_case_of_which_a_command_was_never_sent_is_left_aside_and_told():
    said = [command for command in COMMANDS if command.number != 2]
    answers = [event for event in RIGHT if event.command != 2]
    found = facts(answers, commands=said)
    assert (found.seen, found.findings, found.unknown) == (1, (), "")
    assert found.told == {"cases that the engine's wire cannot say": "sweep"}


def test_the_last_case_is_left_aside_too_where_the_wire_cannot_say_it():
    fields = {name: getattr(ALL, name) for name in ALL.__struct_fields__} | {"says_all": False}
    run = {"commands": COMMANDS[:4], "capabilities": ALL.__class__(**fields)}
    answers = [event for event in RIGHT if event.command < 5]
    found = facts(answers, **run)
    assert (found.seen, found.findings, found.unknown) == (1, (), "")
    assert found.told == {"cases that the engine's wire cannot say": "stale"}
    assert facts(answers, interrupted=True, **run).unknown == "the run ended before 1 of 2 cases: stale"
