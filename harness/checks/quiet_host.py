"""Whether the machine left the engine and the generator alone: what it did meanwhile, against the limits of the policy.

It measures the host and not the engine, so it finds nothing and never fails. A host beyond a limit is unknown here, and whatever breaks a
limit on times beside it is unknown too: nobody can say whose slowness that was. What keeps its limit there keeps it, since others can only
take time away. How the engine's stamps of time move against ours is told and blamed on nobody: either clock may be the one that goes wrong.
"""

from __future__ import annotations

from harness.base.findings import Facts, Interval
from harness.base.records import NONE, Events
from harness.checks import CheckPlug
from harness.evidence.fold import Metric, RunInfo, Segment
from harness.evidence.run import HostUse

DAY_NS = 86_400_000_000_000
WINDOW_NS = 1_000_000_000
WINDOWS_MOST = 4_096
"""Of more than these each two become one, so that a long run is held in a bounded room."""
TICK_NS = 10_000_000
"""In what the kernel counts the time of cores."""
WINDOWS_LEAST = 10
"""From which on a drift is told: in a few seconds it is less than what an answer is on its way."""


class EngineClock:
    """When events came less when the engine says that they were: both clocks begin anywhere, so only how that changes is looked at."""

    def __init__(self) -> None:
        self._first_ns = 0
        self._window_ns = WINDOW_NS
        self._least_ns: dict[int, int] = {}
        """By window of our clock: what came the fastest says most of the clocks."""
        self._most_ns = 0

    def add(self, events: Events) -> None:
        """Take the events that both clocks have stamped."""
        stamped = events[(events["engine_ns"] != NONE) & (events["received_ns"] != NONE)]
        if not len(stamped):
            return
        apart_ns = stamped["received_ns"] - stamped["engine_ns"]
        if not self._least_ns:
            self._first_ns = int(apart_ns[0])
        # A stamp may begin anew at midnight, as those of OUCH do.
        moved_ns = (apart_ns - self._first_ns + DAY_NS // 2) % DAY_NS - DAY_NS // 2
        self._most_ns = max(self._most_ns, int(moved_ns.max()))
        windows = stamped["received_ns"] // self._window_ns
        for window in set(windows.tolist()):
            self._keep(window, int(moved_ns[windows == window].min()))
        while len(self._least_ns) > WINDOWS_MOST:
            self._halve()

    def measures(self) -> dict[str, Interval]:
        """How far the stamps moved, and how fast where that can be told."""
        if not self._least_ns:
            return {}
        spread_ns = self._most_ns - min(self._least_ns.values())
        drift = {"host.clock_drift": self._drift()} if len(self._least_ns) >= WINDOWS_LEAST else {}
        return {"host.clock_spread": _point(spread_ns)} | drift

    def _keep(self, window: int, moved_ns: int) -> None:
        self._least_ns[window] = min(self._least_ns.get(window, moved_ns), moved_ns)

    def _halve(self) -> None:
        before, self._least_ns = self._least_ns, {}
        self._window_ns *= 2
        for window, moved_ns in before.items():
            self._keep(window // 2, moved_ns)

    def _drift(self) -> Interval:
        """The slope of the straight line through the least of each window, in ns a second.

        How long the fastest answer was on its way is not known and changes with the load, by as much as the windows lie about the line:
        so far the line could be turned from one end to the other.
        """
        count, sum_x, sum_y = len(self._least_ns), sum(self._least_ns), sum(self._least_ns.values())
        sum_xx, sum_xy = sum(x * x for x in self._least_ns), sum(x * y for x, y in self._least_ns.items())
        # In integers up to the one division, so that it is the same on every machine.
        slope = (count * sum_xy - sum_x * sum_y) / (count * sum_xx - sum_x * sum_x)
        beside = [y - slope * x for x, y in self._least_ns.items()]
        unsure = (max(beside) - min(beside)) / (max(self._least_ns) - min(self._least_ns))
        per_s = 1e9 / self._window_ns
        value, low, high = (round(one * per_s, 1) for one in (slope, slope - unsure, slope + unsure))
        return Interval(value, low, high)


class QuietHost:
    """What was recorded of the machine, and the engine's clock."""

    def __init__(self, run: RunInfo) -> None:
        self._run = run
        self._clock = EngineClock()

    def add(self, segment: Segment) -> None:
        """Look at the stamps."""
        self._clock.add(segment.events)

    def facts(self) -> Facts:
        """What the machine told; what it does not tell has no figure."""
        machine, meanwhile = self._run.machine, self._run.host
        if machine is None or meanwhile is None:
            return Facts(
                seen=0, measures=self._clock.measures(), unknown="what the machine did meanwhile was not recorded"
            )
        figures = {
            "host.others_cpu": self._run.others_cpu, "host.throttled": meanwhile.throttled, "host.io_stall": meanwhile.io_stall,
            "host.sleep_overshoot": None if machine.sleep_late_p99_ns == NONE else machine.sleep_late_p99_ns,
        }  # fmt: skip
        told = {name: _point(figure) for name, figure in figures.items() if figure is not None}
        return Facts(seen=1, measures=told | _steal(meanwhile, machine.cores) | self._clock.measures())


def _steal(meanwhile: HostUse, cores: int) -> dict[str, Interval]:
    """The time that was stolen, if that is told. One tick of it may be of before: in half a second on two cores that is a whole percent."""
    steal = meanwhile.steal
    if steal is None:
        return {}
    tick = TICK_NS / max(meanwhile.wall_ns * cores, TICK_NS)
    return {"host.steal": Interval(steal, max(steal - tick, 0.0), steal)}


def _point(figure: float) -> Interval:
    return Interval(figure, figure, figure)


CHECK = CheckPlug(
    about="Whether the machine left the engine and the generator alone.",
    start=QuietHost,
    needs=("pace",),
    metrics=(
        Metric(name="host.others_cpu", unit="share", about="Of all cores' time, what neither gonogo nor the engine used."),
        Metric(name="host.steal", unit="share", about="Of all cores' time, what the machine below a virtual one gave to others."),
        Metric(name="host.throttled", unit="share", about="Of the periods of the container's quota, those it did not last for."),
        Metric(name="host.io_stall", unit="share", about="Of the time, when somebody waited for a disk, gonogo's own evidence among them."),
        Metric(name="host.sleep_overshoot", unit="ns", about="How much later than asked short sleeps woke before the run, the 99th percentile."),
        Metric(name="host.clock_spread", unit="ns", about="By how much the engine's stamps of time moved against ours, the way of the answers with it."),
        Metric(name="host.clock_drift", unit="ns/s", about="How fast the engine's clock falls behind ours, by the fastest answer of each second."),
    ),
)  # fmt: skip
