"""What is dropped of a bounded history, in which order, and what stays for readers."""

import pytest

from harness.evidence.room import FINEST, Drop, Pair, segment_commands, to_drop

PAIRS = [Pair(number, 10 * number - 9, 1_000, 2_000) for number in range(1, 11)]
"""Ten pairs of ten commands each, 30,000 bytes."""


def commands(*numbers):
    return [Drop(number, "commands") for number in numbers]


def events(*numbers):
    return [Drop(number, "events") for number in numbers]


def test_nothing_is_dropped_while_there_is_room():
    assert to_drop(PAIRS, (), 30_000, 40_001, behind=False) == []


def test_commands_go_first_and_the_oldest_first():
    assert to_drop(PAIRS, (), 30_000, 52_000, behind=False) == []
    assert to_drop(PAIRS, (), 30_000, 40_000, behind=False) == commands(*range(1, 9)) + events(1)
    heavy = [pair._replace(commands_bytes=4_000) for pair in PAIRS]
    assert to_drop(heavy, (), 60_000, 80_000, behind=False) == commands(1, 2, 3, 4, 5)


def test_what_was_dropped_before_is_not_dropped_again():
    pairs = [pair._replace(commands_bytes=0) if pair.number < 5 else pair for pair in PAIRS]
    pairs[0] = pairs[0]._replace(events_bytes=0)
    assert to_drop(pairs, (), 24_000, 32_000, behind=False) == commands(5, 6, 7, 8) + events(2, 3)


@pytest.mark.parametrize("finding", [41, 45, 50])
def test_the_pairs_around_a_finding_and_the_newest_stay(finding):
    drops = to_drop(PAIRS, (finding,), 30_000, 30_001, behind=True)
    assert {drop.number for drop in drops} == {1, 2, 3, 7, 8}
    assert drops == commands(1, 2, 3, 7, 8) + events(1, 2, 3, 7, 8)


def test_what_readers_want_goes_only_if_nothing_else_makes_room():
    kept = [pair for pair in PAIRS if pair.number in (1, 2, 3, 9, 10)]
    findings = (12,)
    assert to_drop(kept, findings, 40_000, 40_000, behind=True) == []
    forced = to_drop(kept, findings, 40_000, 40_000, behind=False)
    assert forced == commands(9, 10, 3, 2, 1) + events(9, 10, 3)


def test_the_first_findings_stay_longest():
    forced = to_drop(PAIRS[:6], (1, 55), 20_000, 20_000, behind=False)
    assert forced == commands(3, 4) + events(3, 4)
    forced = to_drop([pair for pair in PAIRS[:6] if pair.number not in (3, 4)], (1, 55), 20_000, 20_000, behind=False)
    assert forced == commands(6, 5, 2, 1) + events(6)


def test_a_bound_holds_many_pairs():
    assert segment_commands(2**40, 16_384) == 16_384
    assert segment_commands(16 << 20, 16_384) == 1_560
    assert segment_commands(1, 16_384) == FINEST
