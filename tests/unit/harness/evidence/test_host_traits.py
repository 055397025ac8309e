"""What is said of a machine, what of it is wrong, and what to do."""

import msgspec
import pytest

from harness.base.records import NONE
from harness.evidence.host_traits import traits
from harness.evidence.run import HostRecord

OLD = HostRecord(cpu="", cores=4, memory_bytes=1, governor="", kernel="6", python="3.11", load_1min=0.1, timer_ns=40)
GOOD = msgspec.structs.replace(
    OLD, cpu="AMD EPYC", governor="performance", timer_resolution_ns=1, clock_source="tsc", sleeps=200, sleep_late_p50_ns=70_000,
    sleep_late_p99_ns=100_000, smt=False, turbo=False, virtual=False, container=False, gonogo_cores=(2, 3),
)  # fmt: skip


def wrong(machine):
    return {one.what: one.advice for one in traits(machine) if one.wrong}


def said(machine, what):
    return next(one.said for one in traits(machine) if one.what == what)


def test_a_machine_made_for_measuring_is_all_right_and_needs_no_advice():
    assert [one for one in traits(GOOD) if one.wrong or one.advice] == []
    assert said(GOOD, "pinned") == "gonogo to 2 of 4 cores"
    assert said(GOOD, "timer") == "smallest step 40 ns, resolution 1 ns, by tsc"
    assert said(GOOD, "sleep") == "short sleeps wake 70 us late, 99 of 100 at most 100 us (200 timed)"


def test_a_record_of_before_these_were_kept_says_that_they_are_not_told():
    assert wrong(OLD) == {}
    told = {one.what: one.said for one in traits(OLD)}
    silent = ("processor", "governor", "turbo", "below", "pinned")
    assert {told[what] for what in silent} == {"not told by this machine"}
    assert (told["cores"], told["quota"], told["sleep"]) == ("4 cores", "none", "not measured")


@pytest.mark.parametrize(
    ("what", "change", "advice"),
    [
        ("cores", {"cores": 1, "load_1min": 0.0, "gonogo_cores": ()}, "share it"),
        ("governor", {"governor": "performance, powersave"}, "performance"),
        ("quota", {"quota_cores": 2.5}, "give the container none"),
        ("pinned", {"gonogo_cores": (3,)}, "give it two"),
        ("timer", {"timer_ns": 1_000}, "too coarse"),
        ("timer", {"clock_source": "hpet"}, "clocksource=tsc"),
        ("sleep", {"sleep_late_p50_ns": 500_000}, "pin"),
        ("sleep", {"sleep_late_p99_ns": 5_000_000}, "pin"),
        ("load", {"load_1min": 2.01}, "others"),
    ],
)
def test_each_thing_that_is_wrong_is_marked_with_what_to_do(what, change, advice):
    found = wrong(msgspec.structs.replace(GOOD, **change))
    assert list(found) == [what]
    assert advice in found[what]


@pytest.mark.parametrize(
    ("what", "change", "advice"),
    [("below", {"virtual": True}, "steal"), ("pinned", {"gonogo_cores": (0, 1, 2, 3)}, "taskset")],
)
def test_what_is_no_fault_may_come_with_advice(what, change, advice):
    machine = msgspec.structs.replace(GOOD, **change)
    assert wrong(machine) == {}
    assert [advice in one.advice for one in traits(machine) if one.what == what] == [True]


def test_a_quota_of_as_many_cores_as_there_are_holds_nobody_back():
    assert wrong(msgspec.structs.replace(GOOD, quota_cores=4.0)) == {}


def test_what_a_machine_does_not_tell_of_its_clock_is_left_out():
    assert (
        said(msgspec.structs.replace(GOOD, timer_resolution_ns=NONE, clock_source=""), "timer") == "smallest step 40 ns"
    )
