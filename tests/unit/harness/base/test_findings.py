"""Findings: counted a kind, named by their place."""

from harness.base.findings import FindingLog


def log_of(*places: tuple[str, int]) -> FindingLog:
    log = FindingLog("price_time")
    for kind, command in places:
        log.add(kind, f"{kind} at {command}", command=command, expected="4", got="5")
    return log


def test_the_first_of_a_kind_is_told_and_the_others_are_counted():
    first, second = log_of(("time", 3), ("price", 4), ("time", 9)).findings()
    assert (first.kind, first.first_command, first.count) == ("time", 3, 2)
    assert (second.kind, second.count) == ("price", 1)


def test_an_id_hangs_on_check_engine_kind_and_place():
    (one,) = log_of(("time", 3)).findings()
    (same,) = log_of(("time", 3), ("time", 5)).findings()
    (elsewhere,) = log_of(("time", 4)).findings()
    assert one.id("plain") == same.id("plain")
    assert len({one.id("plain"), one.id("other"), elsewhere.id("plain")}) == 3
    assert len(one.id("plain")) == 8
