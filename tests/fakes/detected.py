"""A detection matrix made by hand, with every state and every kind of mark."""

from __future__ import annotations

from harness.base.detection import Detection, HealthyResult, SpecimenResult, totals

CHECKS = (
    "model", "price_time", "legal", "edge_cases", "lifecycle", "conservation", "trade_price", "state_digest", "reject_cause", "numbering",
    "determinism", "never_crossed", "answered_once", "alive",
)  # fmt: skip


def specimen(name, state, caught_by=(), **given):
    """One row."""
    return SpecimenResult(
        name=name, kind=given.pop("kind", "matching"), about="about it", state=state, expected=("model", "price_time"), caught_by=caught_by, **given
    )  # fmt: skip


def matrix(*specimens, findings=0):
    """The rows with one healthy engine."""
    healthy = (
        HealthyResult(name="plain", adapter="plain", seeds=3, commands=6_000, findings=findings, first="model: <b>wrong</b>"),
    )  # fmt: skip
    return Detection(
        gonogo="0.1", seed=4, wall_s=2, specimens=specimens, healthy=healthy, totals=totals(specimens, healthy)
    )


FULL = matrix(
    specimen("one", "caught", CHECKS, commands=1_234_567, seconds=12.3),
    specimen(
        "a_name_that_is_longer_than_most_of_them_are", "missed", commands=154_000, seconds=29.9, why="no check saw it"
    ),
    specimen("two", "misnamed", ("legal",), kind="stops", commands=7, why="legal saw it; wanted model or price_time"),
    specimen(
        "<script>alert(1)</script>",
        "not_run",
        kind="risk",
        why="the adapter 'x' cannot be built: ImportError: " + "x" * 200,
    ),
    findings=2,
)
