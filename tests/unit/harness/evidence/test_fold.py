"""Needs: what the scenario lacks makes a check not apply, what the engine lacks makes it unknown."""

import pytest

from harness.base.capabilities import Capabilities
from harness.base.controls import AccountControls, Controls
from harness.base.notes import Case, FlowNotes
from harness.evidence.fold import RepeatMark, applies, engine_lacks
from tests.fakes.history import info

CASE = Case(name="c", about="", first=1, expect=())


@pytest.mark.parametrize(
    ("need", "given"),
    [
        ("pace", {"rate_per_s": 5.0}),
        ("repeats", {"repeats": (RepeatMark(repeat=2, first=1, count=1, digest=""),)}),
        ("relations", {"repeats": (RepeatMark(relation="shift", repeat=1, first=1, count=1, digest=""),)}),
        (
            "relations",
            {"repeats": (RepeatMark(relation="shift", why="no room", repeat=0, first=0, count=0, digest=""),)},
        ),
        ("cases", {"notes": FlowNotes(cases=(CASE,))}),
        ("controls", {"controls": Controls(accounts=(AccountControls(account=1),))}),
    ],
)
def test_a_check_applies_where_the_scenario_gives_what_it_needs(need, given):
    assert not applies((need, "maker"), info())
    assert applies((need, "maker"), info(**given))
    assert engine_lacks((need,), info(capabilities=Capabilities())) == ()


def test_runs_that_a_relation_changed_are_no_repeats():
    same, changed = (RepeatMark(relation=name, repeat=2, first=1, count=1, digest="") for name in ("", "shift"))
    assert not applies(("repeats",), info(repeats=(changed,)))
    assert not applies(("relations",), info(repeats=(same,)))
    assert applies(("repeats", "relations"), info(repeats=(changed, same)))


@pytest.mark.parametrize(
    ("need", "given"),
    [
        ("maker", Capabilities(carries=("maker",), order_of_sessions="unknown")),
        ("book", Capabilities(book=("snapshot",), order_of_sessions="unknown")),
        ("one_order", Capabilities(order_of_sessions="one_session")),
    ],
)
def test_what_the_engine_lacks_is_named(need, given):
    bare = Capabilities(order_of_sessions="unknown")
    assert engine_lacks((need, "pace"), info(capabilities=bare)) == (need,)
    assert engine_lacks((need, "pace"), info(capabilities=given)) == ()
    assert applies((need,), info(capabilities=bare))


def test_times_are_a_matter_of_the_evidence_and_not_of_scenario_or_engine():
    assert applies(("times",), info())
    assert engine_lacks(("times",), info(capabilities=Capabilities())) == ()


def test_a_fold_that_was_started_before_learns_how_the_run_ended():
    run = info(started=False)
    assert not run.cut_short
    run.end(info(failure="KeyError: 7"))
    assert (run.started, run.failure, run.cut_short) == (True, "KeyError: 7", True)
    run.end(info(interrupted=True))
    assert (run.failure, run.cut_short) == ("", True)
