"""The detection matrix as data: what it comes to, and with which exit code."""

import pytest

from harness.base.detection import Detection, HealthyResult, SpecimenResult, totals


def matrix(*states, findings=0):
    specimens = tuple(
        SpecimenResult(name=f"s{at}", kind="k", about="a", state=state, expected=("model",))
        for at, state in enumerate(states)
    )
    healthy = (HealthyResult(name="plain", adapter="plain", seeds=1, commands=9, findings=findings),)
    return Detection(
        gonogo="0", seed=1, wall_s=1, specimens=specimens, healthy=healthy, totals=totals(specimens, healthy)
    )


@pytest.mark.parametrize(
    ("states", "findings", "code"),
    [
        (("caught", "caught"), 0, 0),
        (("caught", "not_run"), 0, 2),
        (("caught", "missed"), 0, 1),
        (("misnamed", "not_run"), 0, 1),
        (("caught",), 1, 1),
        (("not_run",), 1, 1),
    ],
)
def test_only_what_could_not_be_driven_is_less_than_a_failure(states, findings, code):
    assert matrix(*states, findings=findings).exit_code() == code


def test_each_state_is_counted():
    told = matrix("caught", "caught", "missed", "misnamed", "not_run", findings=3).totals
    assert (told.caught, told.missed, told.misnamed, told.not_run, told.false_alarms) == (2, 1, 1, 1, 3)
