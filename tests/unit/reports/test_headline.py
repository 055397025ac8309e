"""The verdict's reason in one sentence."""

from __future__ import annotations

from tests.fakes.run_folder import GO, INVALID, NO_GO, UNDECIDED, Made, check


def test_go_says_over_how_much(shown) -> None:
    page = shown(GO)
    assert page.why == "Every check that the use matching venue requires passes, over 12 commands in 2 scenarios."
    assert (page.blocking, page.missing, page.others, page.invalid) == ((), (), (), "")
    assert page.cover == ("commit 7c1f03e7c1f0", "judged for matching venue", "3 Feb 2027, 14:02 UTC", "38 min")


def test_no_go_names_what_blocks_and_for_what_it_may_go_live(shown) -> None:
    page = shown(NO_GO)
    assert page.why == (
        "Time priority is lost after a cancel in the middle of a level. Latency response p99 breaks its limit: "
        "14.2 ms (13.9 to 14.5), wanted < 10 ms. 2 more things block it. For market analytics and research this build may go live."
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


def test_an_invalid_run_is_named_in_a_word_where_its_reason_stands_below(shown) -> None:
    assert shown(INVALID).why == (
        "Nothing failed that this use requires, but the evidence does not reach. "
        "Latency cannot be judged, since the run is not valid."
    )


def test_checks_that_lack_the_same_are_told_together(shown) -> None:
    late = {"verdict": "unknown", "reason": "not valid: the generator fell behind its pace"}
    made = Made(verdict="UNDECIDED", because=("latency", "model", "throughput"),
                checks=(check("latency", **late), check("throughput", **late), check("model", "unknown", reason="no")))  # fmt: skip
    page = shown(made)
    assert [tuple(name for name, _ in one.checks) for one in page.missing] == [("Latency", "Throughput"), ("Model",)]
    assert "Latency and throughput: not valid: the generator fell behind its pace. Model: no." in page.why
