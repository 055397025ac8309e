"""What a drive asks for: a pace within its bounds."""

import math

import pytest

from harness.base.seeds import Seed
from harness.base.shortfall import Shortfall
from harness.instruments._ask import NO_BOUND, Ask
from harness.pacing import Constant, PoissonArrivals, Unpaced
from harness.pacing.shapes import SECOND_NS, Ramp, Shaped

RAMP = Shaped(shape=Ramp(from_per_s=0, to_per_s=200, over_ns=4 * SECOND_NS), poisson=False)


@pytest.mark.parametrize(
    ("ask", "in_all"),
    [
        (Ask(Constant(100), 50, 0), 50),
        (Ask(Constant(100), NO_BOUND, 3 * SECOND_NS), 300),
        (Ask(RAMP, NO_BOUND, 4 * SECOND_NS), 400),
        (Ask(RAMP, NO_BOUND, 2 * SECOND_NS), 100),
        (Ask(Constant(100), 50, 3 * SECOND_NS), 50),
        (Ask(Unpaced(), 50, 0), 50),
        (Ask(Unpaced(), NO_BOUND, SECOND_NS), 0),
        (Ask(Unpaced(), NO_BOUND, 0), 0),
    ],
)
def test_how_many_commands_that_is(ask, in_all):
    assert ask.in_all() == in_all


@pytest.mark.parametrize(
    ("ask", "due"),
    [
        (Ask(Constant(100), 50, 0), 50),
        (Ask(Constant(100), NO_BOUND, 3 * SECOND_NS), 300),
        (Ask(Constant(100), NO_BOUND, 3 * SECOND_NS + 1), 301),
        (Ask(Constant(100), NO_BOUND, 1), 1),
        (Ask(Constant(100), 50, 3 * SECOND_NS), 50),
        (Ask(RAMP, NO_BOUND, 2 * SECOND_NS), 100),
        (Ask(Unpaced(), NO_BOUND, SECOND_NS), NO_BOUND),
        (Ask(Constant(100), NO_BOUND, 0), NO_BOUND),
    ],
)
def test_how_many_are_due_within_the_bounds(ask, due):
    assert ask.due() == due


def test_of_random_arrivals_it_is_how_many_they_are_and_not_how_many_on_average():
    ask = Ask(PoissonArrivals(50_000, Seed(3)), NO_BOUND, 4 * SECOND_NS)
    due_ns = ask.pacing.due_ns(1, 300_000)
    assert ask.due() == int((due_ns < 4 * SECOND_NS).sum())
    assert ask.due() != ask.in_all()


def test_nothing_is_asked_for_beyond_the_bounds():
    assert [Ask(RAMP, NO_BOUND, 4 * SECOND_NS).by(seconds * SECOND_NS) for seconds in (0, 2, 4, 9)] == [
        0,
        100,
        400,
        400,
    ]
    assert [Ask(Constant(100), 150, 0).by(seconds * SECOND_NS) for seconds in (1, 2)] == [100, 150]
    assert math.isnan(Ask(Unpaced(), 150, 0).by(SECOND_NS))


@pytest.mark.parametrize(
    ("ask", "sent", "missing"),
    [
        (Ask(Constant(100), NO_BOUND, 3 * SECOND_NS), 250, Shortfall(2_500_000_000, 3 * SECOND_NS, 250, 300)),
        (Ask(Constant(100), NO_BOUND, 3 * SECOND_NS), 300, None),
        (Ask(Constant(100), 250, 0), 250, None),
        (Ask(RAMP, 100, 0), 100, Shortfall(2 * SECOND_NS, 4 * SECOND_NS, 100, 400)),
        (Ask(RAMP, 400, 0), 400, None),
        (Ask(RAMP, NO_BOUND, SECOND_NS), 25, None),
        (Ask(Unpaced(), NO_BOUND, 5 * SECOND_NS), 9, Shortfall(SECOND_NS, 5 * SECOND_NS, 9, 0)),
        (Ask(Unpaced(), NO_BOUND, SECOND_NS), 9, None),
        (Ask(Unpaced(), 9, 0), 9, None),
    ],
)
def test_what_is_missing_when_no_further_command_comes(ask, sent, missing):
    assert ask.missing(sent, elapsed_ns=SECOND_NS) == missing
