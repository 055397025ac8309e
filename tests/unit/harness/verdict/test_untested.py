"""What was not tested stands there by name."""

from harness.base.capabilities import Capabilities
from harness.base.notes import Case, FlowNotes
from tests.fakes.judged import heard, run_record, verdict_of


def test_left_out_lacking_and_not_offered():
    run = run_record(left_out={"esh4": "no data"})
    notes = FlowNotes(not_tested={"case x": "no such convention"})
    told = {
        one.what: one.why
        for one in verdict_of(heard(needs=("maker",), capabilities=Capabilities(), notes=notes), run=run).not_tested
    }
    assert told["scenario esh4"] == "no data"
    assert told["case x"] == "no such convention"
    assert (
        told["order type stop"]
        == told["term min qty"]
        == told["control collar ticks"]
        == "the engine does not offer it"
    )
    assert "maker" in told["check order"]


def test_a_case_that_another_scenario_judged_was_tested():
    left_out = FlowNotes(not_tested={"case c": "other convention", "case d": "no such term"})
    judged = FlowNotes(cases=(Case(name="c", about="", first=1, expect=()),))
    told = {one.what for one in verdict_of(heard(notes=left_out), heard(notes=judged, scenario="b")).not_tested}
    assert "case d" in told
    assert "case c" not in told
