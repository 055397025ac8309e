"""The verdict's reason in one sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.run_folder import CHANGED, EMPTY, GO, INVALID, NO_GO, UNDECIDED, WAIVED, Made, check, finding


def test_go_says_over_how_much(shown) -> None:
    page = shown(GO)
    assert page.why == "Every check that the use matching venue requires passes, over 12 commands in 2 scenarios."
    assert (page.blocking, page.missing, page.others, page.alarm) == ((), (), (), None)
    assert page.cover == ("commit 7c1f03e7c1f0", "judged for matching venue", "3 Feb 2027, 14:02 UTC", "38 min")


def test_no_go_names_what_blocks_and_for_what_it_may_go_live(shown) -> None:
    page = shown(NO_GO)
    assert page.why == (
        "Time priority is lost after a cancel in the middle of a level. 1 more required check fails. "
        "For market analytics and research this build may go live."
    )
    assert {story.title for story in page.blocking} == {
        "Time priority is lost after a cancel in the middle of a level", "Latency response p99 breaks its limit",
    }  # fmt: skip
    assert [story.id for story in page.others] == ["0badcafe"]
    assert page.blocking[0].where == "Seen 3 times, first at command 5"


def test_undecided_says_what_is_missing(shown) -> None:
    page = shown(UNDECIDED)
    assert page.why.endswith(
        "Price time: too little evidence: 1,200 of at least 50,000 observations in the whole run. "
        "Durability: no scenario of this run tells."
    )
    assert [[(check, bool(anchor)) for check, anchor in one.checks] for one in page.missing] == [
        [("Price time", True)], [("Durability", False)],
    ]  # fmt: skip


def test_one_bug_is_not_counted_by_all_that_saw_it(shown) -> None:
    checks = ("price_time", "model", "edge_cases")
    found = [finding(f"0000{place:04}", name, kind=f"case {place}") for place, name in enumerate(checks * 18)]
    made = Made(verdict="NO-GO", because=checks, findings=tuple(found),
                checks=tuple(check(name, "fail", findings=("00000000",)) for name in checks))  # fmt: skip
    assert "middle of a level. 2 more required checks fail. For market" in shown(made).why


def test_a_broken_limit_alone_is_told_with_its_figures(shown) -> None:
    made = Made(verdict="NO-GO", because=("latency",), checks=NO_GO.checks, findings=NO_GO.findings)
    assert shown(made).why.startswith(
        "Latency response p99 breaks its limit: 14.2 ms (13.9 to 14.5), wanted < 10 ms. For market"
    )


def test_times_that_are_not_valid_are_named_in_a_word_where_the_reason_stands_below(shown) -> None:
    assert shown(INVALID).why == (
        "Nothing failed that this use requires, but the evidence does not reach. "
        "Latency cannot be judged, since the times of this run are not valid."
    )


@pytest.mark.parametrize("made", [CHANGED, EMPTY], ids=["changed", "unfinished"])
def test_what_is_no_ground_for_going_live_is_not_said_to_be_one_for_another_use(shown, made: Made) -> None:
    page = shown(replace(made, verdict="NO-GO", because=("price_time",)))
    assert "may go live" not in page.why


def test_a_waiver_that_made_it_go_is_not_called_a_pass(shown) -> None:
    assert shown(WAIVED).why.startswith("Every check that the use matching venue requires passes or is waived, over")


def test_checks_that_lack_the_same_are_told_together(shown) -> None:
    late = {"verdict": "unknown", "reason": "not valid: the generator fell behind its pace"}
    made = Made(verdict="UNDECIDED", because=("latency", "model", "throughput"),
                checks=(check("latency", **late), check("throughput", **late), check("model", "unknown", reason="no")))  # fmt: skip
    page = shown(made)
    assert [tuple(name for name, _ in one.checks) for one in page.missing] == [("Latency", "Throughput"), ("Model",)]
    assert "Latency and throughput: not valid: the generator fell behind its pace. Model: no." in page.why
