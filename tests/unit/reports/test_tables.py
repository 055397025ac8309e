"""The checks as rows, and what the run provoked."""

from __future__ import annotations

from tests.fakes.run_folder import GO, NO_GO


def test_failing_checks_come_first_and_marks_never_reached_too(shown) -> None:
    page = shown(NO_GO)
    assert [row.verdict for row in page.scenarios[0].rows] == ["fail"] * 3 + ["unknown"] * 2 + ["pass"] * 6
    assert next((mark.what, mark.times) for mark in page.marks) == ("repeat", 0)
    model = next(row for row in page.scenarios[0].rows if row.name == "model")
    assert (model.reason, model.detail.splitlines()[0]) == (
        "the check itself crashed:", "Traceback (most recent call last):",
    )  # fmt: skip


def test_a_count_of_none_is_told_with_its_bound(shown) -> None:
    rows = {row.name: row for row in shown(GO).scenarios[0].rows}
    assert [figure.text for figure in rows["price_time"].judged] == ["0 of 402,337 (under 0.00092 %)"]
    assert [figure.text for figure in rows["latency"].judged] == [
        "response p99 4.13 ms (4.05 to 4.21)", "response p99.9 8.7 ms (8.53 to 8.87)",
    ]  # fmt: skip
