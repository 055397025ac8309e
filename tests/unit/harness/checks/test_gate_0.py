"""Gate 0 passes only where something was answered."""

from __future__ import annotations

from harness.checks.gate_0 import CHECK
from tests.fakes.history import BUY, accepted, folded, info, new, numbered, segments

COMMANDS = numbered([new(1, BUY, 100, 5), new(2, BUY, 99, 5)])


def test_an_engine_that_answers_passes():
    facts = folded(CHECK.start(info()), segments(COMMANDS, [accepted(COMMANDS[0])]))
    assert not facts.findings
    assert facts.seen == 1


def test_an_engine_that_did_not_start_is_told_in_its_own_words():
    facts = CHECK.start(info(started=False, failure="make: no rule")).facts()
    (finding,) = facts.findings
    assert (finding.kind, finding.severity, finding.got) == ("not_started", "critical", "make: no rule")


def test_a_silent_engine_fails_although_it_started():
    facts = folded(CHECK.start(info()), segments(COMMANDS, []))
    (finding,) = facts.findings
    assert finding.kind == "silent"
    assert finding.got == "2 commands were sent and no event came"


def test_an_engine_that_died_at_once_is_told_by_its_death():
    facts = folded(CHECK.start(info(failure="KeyError: 7")), segments(COMMANDS, []))
    assert (facts.findings, facts.unknown) == ((), "the engine died before its first answer: KeyError: 7")


def test_a_run_that_was_interrupted_at_once_says_nothing_of_the_engine():
    facts = folded(CHECK.start(info(interrupted=True)), segments(COMMANDS, []))
    assert (facts.seen, facts.findings) == (0, ())
    assert facts.unknown == "the run was interrupted before the first answer"


def test_a_scenario_that_sent_nothing_says_nothing_of_the_engine():
    """Else the other scenarios of the run would answer for it."""
    facts = CHECK.start(info()).facts()
    assert (facts.seen, facts.findings, facts.unknown) == (0, (), "no command was sent")
