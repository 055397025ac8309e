"""One line a check over the whole run."""

from __future__ import annotations

import pytest

from tests.fakes.run_folder import GO, NO_GO, Made, check


def test_what_fails_comes_first_and_then_what_is_unknown(shown) -> None:
    page = shown(NO_GO)
    assert [one.verdict for one in page.checks] == ["fail"] * 3 + ["unknown"] * 2 + ["pass"] * 7
    assert len({one.name for one in page.checks}) == len(page.checks)


def test_evidence_is_that_of_all_scenarios_and_the_figures_of_the_one_with_most(shown) -> None:
    page = shown(GO)
    conservation = next(one for one in page.checks if one.name == "conservation")
    assert (conservation.anchor, conservation.seen, conservation.least) == ("check.conservation", 402_648, 50_000)
    assert (conservation.decider.scenario, conservation.spread) == ("poisson", "2 scenarios")


@pytest.mark.parametrize(
    ("verdicts", "decides", "spread"),
    [
        ({"a": "pass", "b": "pass"}, "b", "2 scenarios"),
        ({"a": "fail", "b": "pass"}, "a", "fails in 1 of 2 scenarios"),
        ({"a": "unknown", "b": "pass", "c": "fail"}, "c", "fails in 1 and is unknown in 1 of 3 scenarios"),
        ({"a": "fail", "b": "fail"}, "b", "fails in all 2 scenarios"),
        ({"a": "unknown"}, "a", "is unknown in 1 scenario"),
    ],
)
def test_the_worst_scenario_decides_and_among_equals_the_one_with_most_evidence(
    shown, verdicts: dict[str, str], decides: str, spread: str
) -> None:
    results = tuple(
        check("lifecycle", verdict, scenario, seen=100 + place)
        for place, (scenario, verdict) in enumerate(verdicts.items())
    )
    [one] = shown(Made(checks=results)).checks
    assert (one.decider.scenario, one.verdict, one.spread) == (decides, verdicts[decides], spread)
    assert [row.verdict for row in one.rows] == sorted(verdicts.values(), key=["fail", "unknown", "pass"].index)
