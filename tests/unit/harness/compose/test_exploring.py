"""Trying an engine: the cases one by one, searches, and seeds with what was found in each."""

import pytest

from harness.base.errors import SetupError
from harness.compose.exploring import A_TASK, explore, hand_made
from harness.compose.searching import Machines


def tried(engine, seeds, **given):
    told = []
    return explore(engine, seeds, 300, told.append, **given), told


def test_a_healthy_engine_passes_all_that_it_can_be_asked():
    found, told = tried("plain", range(4, 8))
    assert not found.failed()
    assert {case.outcome for case in found.cases} == {"pass", "left out"}
    assert [(one.seed, one.commands, one.findings) for one in found.seeds] == [(seed, 300, ()) for seed in range(4, 8)]
    assert told[-1] == "4 of 4 seeds tried, 0 with findings"


def test_a_case_that_goes_otherwise_fails_by_its_name_with_what_was_wanted_and_what_came():
    outcomes = list(hand_made("collar_one_sided"))
    failed = [case for case in outcomes if case.outcome == "fail"]
    assert 0 < len(failed) < 5 < len(outcomes)
    for case in failed:
        assert case.finding.kind == case.name
        assert case.finding.expected != case.finding.got
        assert case.about


def test_cases_after_the_death_of_an_engine_fail_with_its_last_words():
    outcomes = list(hand_made("dies_of_a_stale_cancel"))
    failed = [case for case in outcomes if case.outcome == "fail"]
    assert failed
    assert all("the engine died" in case.why for case in failed if case.finding is None)


MUTE = """
class Mute:
    capabilities = {"says_all": False, "carries": ["maker", "price", "qty"]}

    def __init__(self, setup):
        pass

    def submit(self, command):
        return [{"kind": "rejected"}]
"""


def test_a_case_that_the_engines_wire_cannot_say_is_left_out_and_does_not_pass(tmp_path):
    (tmp_path / "mute.py").write_text(MUTE)
    outcomes = list(hand_made(f"{tmp_path}/mute:Mute"))
    assert {(case.outcome, case.why) for case in outcomes if case.about} == {
        ("left out", "the engine's wire cannot say it")
    }


def test_seeds_with_findings_are_told_as_such():
    found, told = tried("taker_price", range(2), cases=False)
    assert found.failed()
    assert found.cases == ()
    assert {finding.check for one in found.seeds for finding in one.findings} >= {"trade_price"}
    assert told[-1] == "2 of 2 seeds tried, 2 with findings"


def test_many_seeds_are_tried_on_all_cores_with_the_same_outcomes_in_the_same_order():
    seeds = range(1, 2 * A_TASK + 2)
    found, told = tried("match_number_twice", seeds, cases=False)
    assert [one.seed for one in found.seeds] == list(seeds)
    assert [line.split(" of ")[0] for line in told[-3:]] == ["10", "20", "21"]
    alone = [tried("match_number_twice", range(seed, seed + 1), cases=False)[0].seeds[0] for seed in (1, 15)]
    assert [found.seeds[0], found.seeds[14]] == alone


def test_a_search_with_findings_fails_and_is_told():
    found, told = tried("ioc_rests", range(0), cases=False, machines=Machines(seeds=range(3, 4)))
    assert found.failed()
    assert [(one.seed, one.failed()) for one in found.machines] == [(3, True)]
    assert (found.seeds, told[-1]) == ((), "1 of 1 searches done, 1 with findings")


def test_there_is_no_such_engine():
    with pytest.raises(SetupError, match="there is no engine 'nobody'"):
        tried("nobody", range(1))
