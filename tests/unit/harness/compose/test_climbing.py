"""A search for a capacity in simulated time: the engine serves 1,200/s to the nanosecond, so what is found hangs on no machine."""

import pytest

from harness.base.ladder import Ladder
from harness.compose import climbing, driving, plugs
from harness.compose.climb_order import Order
from tests.fakes import simulated_rate
from tests.fakes.simulated import ALONE, CLOCK, CROWDED, Watch
from tests.fakes.simulated_rate import SERVES_PER_S

POLICY = """
schema = 1
default_use = "venue"
[use.venue]
required = ["alive", "answered_once", "legal", "throughput", "latency", "generator_lag"]
[use.venue.limits]
"latency.response" = ["p(99)<100ms"]
"generator.lag" = ["p(99)<1ms"]
"""


@pytest.fixture
def search(tmp_path, monkeypatch):
    """Searches between two rates, on a machine that did this meanwhile, by a clock whose waits end so late."""

    def found(low, high, shares=ALONE, late_ns=0):
        monkeypatch.setattr(driving, "MonotonicClock", CLOCK.anew)
        monkeypatch.setattr(driving, "HostWatch", lambda: Watch(shares))
        monkeypatch.setattr(CLOCK, "late_ns", late_ns)
        (tmp_path / "policy.toml").write_text(POLICY)
        order = Order(
            engine=plugs.engine(simulated_rate.__file__), scenario="constant", policy=plugs.policy(tmp_path / "policy.toml"), use="venue",
            ladder=Ladder(low, high), length_ns=2_000_000_000, warm_up_ns=300_000_000, repeats=1, out=tmp_path / "runs",
        )  # fmt: skip
        return climbing.find(order, lambda _: None, lambda: False)[0]

    return found


def test_the_rate_that_an_engine_serves_is_found_to_a_step(search):
    found = search(700, 2_100)
    assert (found.word, found.exit) == ("found", 0)
    assert found.kept_per_s <= 1.02 * SERVES_PER_S
    assert 0.98 * SERVES_PER_S <= found.above_per_s <= 1.05 * found.kept_per_s
    assert {one.outcome for one in found.trials if one.rate_per_s < SERVES_PER_S} == {"kept"}
    assert {one.outcome for one in found.trials if one.rate_per_s > 1.05 * SERVES_PER_S} == {"broken"}


def test_an_engine_that_keeps_no_rate_and_one_that_keeps_all(search):
    none = search(1_600, 3_200)
    assert (none.word, none.exit, none.kept_per_s) == ("none", 1, None)
    all_of_it = search(700, 700)
    assert (all_of_it.word, all_of_it.exit, all_of_it.kept_per_s) == ("at least", 0, 700)


def test_a_generator_that_wakes_late_is_named_and_the_engine_is_not_blamed(search):
    found = search(700, 1_000, late_ns=3_000_000)
    assert (found.word, found.exit, found.kept_per_s) == ("generator saturated", 2, None)
    assert {one.outcome for one in found.trials} == {"generator"}


def test_what_is_broken_while_others_have_the_machine_is_nobodys_fault(search):
    found = search(1_600, 3_200, CROWDED)
    assert (found.word, found.exit, found.kept_per_s) == ("cannot tell", 2, None)
    assert all("the machine was busy with other things" in one.why for one in found.trials)
