"""An engine that dies is found; one that was never started is gate 0's."""

from harness.base.ending import Ending
from harness.checks.alive import CHECK
from tests.fakes.history import BUY, folded, info, new, numbered, segments

COMMANDS = numbered([new(1, BUY, 100, 5), new(2, BUY, 100, 5)])


def facts(**about):
    return folded(CHECK.start(info(**about)), segments(COMMANDS, []))


def test_a_living_engine_gives_no_finding():
    assert (facts().seen, facts().findings) == (2, ())


def test_a_dead_one_is_told_with_its_last_words_and_the_last_command():
    (finding,) = facts(failure="KeyError: 7").findings
    assert (finding.kind, finding.got, finding.first_command) == ("died", "KeyError: 7", 2)


def test_one_that_died_before_anything_was_sent_is_told_with_no_command():
    found = CHECK.start(info(failure="KeyError: 7")).facts()
    assert (found.seen, [finding.first_command for finding in found.findings]) == (0, [0])


def test_one_that_never_started_is_not_told_twice():
    assert facts(started=False, failure="no such file").findings == ()


def test_one_that_ended_badly_is_told_with_what_it_said_itself():
    (finding,) = facts(ending=Ending(wrong="it ended with exit code 1")).findings
    assert (finding.kind, finding.got, finding.first_command) == ("bad_end", "it ended with exit code 1", 2)


def test_a_good_end_is_no_finding():
    assert facts(ending=Ending()).findings == ()
