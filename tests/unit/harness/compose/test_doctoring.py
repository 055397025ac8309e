"""What the doctor says of a machine's time: who had it, and what to do about that."""

import pytest

from harness.compose.doctoring import meanwhile
from harness.evidence.host_watch import Shares
from tests.fakes.machines import quiet


def told(others_cpu=0.0, **figures):
    return {one.what: one for one in meanwhile(Shares(others_cpu, 1 - others_cpu, quiet(**figures)))}


def test_a_quiet_machine_needs_nothing():
    assert {one.state for one in told().values()} == {"ok"}


@pytest.mark.parametrize(
    ("what", "figures", "said"),
    [
        ("others", {"others_cpu": 0.2}, "others used 20% of the cores' time just now, 80% was free: stop them"),
        ("steal", {"steal": 0.01}, "1.0% went to other machines on this host: "),
        (
            "throttled",
            {"throttled": 0.25},
            "25.0% of the periods of its quota the container stood still: give it no quota",
        ),
    ],
)
def test_what_takes_the_machine_away_is_noted_with_what_to_do(what, figures, said):
    seen = told(**figures)
    assert [name for name, one in seen.items() if one.state == "note"] == [what]
    assert seen[what].said.startswith(said)


def test_what_the_machine_does_not_tell_is_said_to_be_that():
    seen = told(steal=None, throttled=None, io_stall=None)
    assert {seen[what] for what in ("steal", "throttled", "disk")} == {
        ("ok", what, "not told by this machine") for what in ("steal", "throttled", "disk")
    }
