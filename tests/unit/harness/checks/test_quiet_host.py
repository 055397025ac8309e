"""What is told of the machine and of the engine's clock, and that it is never a finding."""

import msgspec
import numpy as np
import pytest

from harness.base.records import NONE, Event, empty_commands, events_of
from harness.checks.quiet_host import CHECK, DAY_NS, WINDOWS_MOST, EngineClock
from harness.evidence.fold import Segment, applies
from tests.fakes.history import folded, info
from tests.fakes.machines import MACHINE, SECOND_NS, quiet


def facts(*segments, **of_run):
    return folded(CHECK.start(info(rate_per_s=1.0, **of_run)), list(segments))


def stamped(*times_ns):
    """Events as (received, engine)."""
    events = [Event(received_ns=received_ns, engine_ns=engine_ns) for received_ns, engine_ns in times_ns]
    return Segment(empty_commands(0), events_of(events))


def values(found):
    return {name: figure.value for name, figure in found.measures.items()}


def test_every_figure_of_the_machine_is_told():
    told = facts(machine=MACHINE, host=quiet(steal=0.02, throttled=0.25, io_stall=0.125), others_cpu=0.5)
    assert values(told) == {
        "host.others_cpu": 0.5, "host.steal": 0.02, "host.throttled": 0.25, "host.io_stall": 0.125, "host.sleep_overshoot": 90_000,
    }  # fmt: skip
    assert (told.seen, told.unknown, told.findings) == (1, "", ())
    assert set(values(told)) < {metric.name for metric in CHECK.metrics}


@pytest.mark.parametrize(
    ("wall_ns", "steal", "low"),
    [(10 * SECOND_NS, 0.02, 0.0195), (SECOND_NS // 2, 0.01, 0.0), (0, 0.5, 0.0), (SECOND_NS, 0.0, 0.0)],
)
def test_a_tick_of_stolen_time_is_no_proof(wall_ns, steal, low):
    told = facts(machine=MACHINE, host=quiet(steal=steal, wall_ns=wall_ns)).measures["host.steal"]
    assert (told.value, told.low, told.high) == (steal, pytest.approx(low), steal)


def test_what_the_machine_does_not_tell_has_no_figure():
    bare = msgspec.structs.replace(MACHINE, sleeps=0, sleep_late_p99_ns=NONE)
    told = facts(machine=bare, host=quiet(steal=None, throttled=None, io_stall=None))
    assert values(told) == {"host.others_cpu": 0.0}


def test_a_run_of_before_this_was_recorded_is_unknown():
    assert facts(machine=MACHINE).unknown == "what the machine did meanwhile was not recorded"


def test_it_is_asked_only_where_times_are():
    assert not applies(CHECK.needs, info())
    assert applies(CHECK.needs, info(rate_per_s=1.0))


def test_stamps_that_go_with_ours_move_only_by_the_way_of_the_answers():
    told = facts(stamped((1_000, 501_000), (5_000, 504_200), (9_000, NONE), (NONE, 9)), machine=MACHINE, host=quiet())
    assert values(told)["host.clock_spread"] == 800
    assert "host.clock_drift" not in values(told), "of two answers within a second"


def test_an_engine_that_tells_no_time_has_no_clock():
    told = values(facts(stamped((1_000, NONE)), machine=MACHINE, host=quiet()))
    assert not [name for name in told if "clock" in name]


@pytest.mark.parametrize("drift_ns", [-2_000, 0, 7_000])
@pytest.mark.parametrize("pieces", [1, 7])
def test_a_drift_is_told_by_the_fastest_answer_of_each_second(drift_ns, pieces):
    """Three answers a second, the fastest always as fast; the engine's clock loses `drift_ns` each second."""
    rng = np.random.default_rng(1)
    times = []
    for second in range(30):
        for part, slow_ns in enumerate((50_000, 50_000 + int(rng.integers(10**6)), 50_000 + int(rng.integers(10**6)))):
            ours_ns = second * SECOND_NS + part * 1_000
            times.append((ours_ns + slow_ns, 77 * SECOND_NS + ours_ns - second * drift_ns))
    clock = EngineClock()
    for part in np.array_split(stamped(*times).events, pieces):
        clock.add(part)
    told = clock.measures()["host.clock_drift"]
    assert (told.value, told.low, told.high) == (drift_ns, drift_ns, drift_ns)


def test_a_drift_is_no_surer_than_the_way_of_the_answers_lets_it_be():
    """One clock; the answers take longer from second to second as the load grows, and the last second is quiet again."""
    times = [(at * SECOND_NS + at * 40_000, at * SECOND_NS) for at in range(19)] + [(19 * SECOND_NS, 19 * SECOND_NS)]
    clock = EngineClock()
    clock.add(stamped(*times).events)
    told = clock.measures()["host.clock_drift"]
    assert told.low < 0 < told.value < told.high


def test_a_stamp_that_begins_anew_at_midnight_has_not_moved_by_a_day():
    clock = EngineClock()
    clock.add(
        stamped(*((at * SECOND_NS, (DAY_NS - 5 * SECOND_NS + at * SECOND_NS) % DAY_NS) for at in range(12))).events
    )
    assert {name: figure.value for name, figure in clock.measures().items()} == {
        "host.clock_spread": 0,
        "host.clock_drift": 0,
    }


def test_a_long_run_is_held_in_a_bounded_room_and_gives_the_same_drift():
    clock = EngineClock()
    at_s = np.arange(3 * WINDOWS_MOST)
    events = np.repeat(stamped((0, 0)).events, len(at_s))
    events["received_ns"] = at_s * SECOND_NS
    events["engine_ns"] = events["received_ns"] - 500 * at_s
    for part in np.array_split(events, 5):
        clock.add(part)
    assert clock.measures()["host.clock_drift"].value == 500
    assert clock.measures()["host.clock_spread"].value == 500 * (len(at_s) - 1)


def test_a_stamp_that_is_nonsense_is_told_as_it_is_and_breaks_nothing():
    told = facts(stamped((5, 2**63 - 1), (9, -(2**63) + 1)), machine=MACHINE, host=quiet())
    assert 0 <= values(told)["host.clock_spread"] < DAY_NS
