"""The checks as rows, and what the run provoked."""

from __future__ import annotations

from reports.tables import Row
from reports.texts import BASIS
from reports.view import View
from tests.fakes.run_folder import GO, NO_GO, Made, check


def _row(page: View, name: str) -> Row:
    return next(check.decider for check in page.checks if check.name == name)


def test_marks_that_were_never_reached_come_first(shown) -> None:
    assert next((mark.what, mark.times) for mark in shown(NO_GO).marks) == ("repeat", 0)


def test_a_reason_of_several_lines_keeps_the_rest_apart(shown) -> None:
    model = _row(shown(NO_GO), "model")
    assert (model.reason, model.detail.splitlines()[0]) == (
        "the check itself crashed:", "Traceback (most recent call last):",
    )  # fmt: skip


def test_a_count_of_none_is_told_with_its_bound(shown) -> None:
    page = shown(GO)
    assert [figure.text for figure in _row(page, "price_time").judged] == ["0 of 402,337 (under 0.00092 %)"]
    assert [figure.text for figure in _row(page, "latency").judged] == [
        "response p99 4.13 ms (4.05 to 4.21)", "response p99.9 8.7 ms (8.53 to 8.87)",
    ]  # fmt: skip


def test_a_row_can_be_linked_by_scenario_and_check(shown) -> None:
    assert _row(shown(GO), "price_time").anchor == "check.poisson.price_time"


def test_what_a_check_was_judged_from_is_told_where_that_is_not_the_whole_history(shown) -> None:
    page = shown(Made(checks=(check("alive", basis="facts"), check("model", basis="seed"), check("price_time"))))
    assert _row(page, "price_time").basis == ""
    assert _row(page, "model").basis == "the history, its commands drawn again from the seed"
    assert _row(page, "alive").basis.startswith("the facts that the run left")
    assert dict(page.measured)["Judged from"] == "; ".join(BASIS.values())
