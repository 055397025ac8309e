"""A load that ended early, in words."""

from harness.base.shortfall import Shortfall


def test_it_tells_time_and_number_of_what_was_asked_for():
    short = Shortfall(reached_ns=2_500_000_000, asked_ns=10_000_000_000, sent=25_000, asked=100_000)
    assert short.words() == "the commands ended after 2.5 s of 10 s: 25,000 of 100,000"


def test_without_a_pace_no_number_was_asked_for():
    short = Shortfall(reached_ns=1_234_567, asked_ns=60_000_000_000, sent=7, asked=0)
    assert short.words() == "the commands ended after 0.001235 s of 60 s"
