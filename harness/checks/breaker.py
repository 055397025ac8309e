"""An instrument halts when its trades say so and not else, and goes on at the first input at or beyond the end of its pause.

A command is judged as a whole: what must resume does so before the command's own answer, what must halt does so after all that the
command led to, cascades included. That nothing comes in meanwhile is for `risk_limits` to say.
"""

from __future__ import annotations

from copy import deepcopy

from harness.base.findings import Facts, FindingLog
from harness.base.records import EventKind
from harness.checks import CheckPlug
from harness.checks._controlled import Controlled, Step
from harness.evidence.fold import RunInfo, Segment
from harness.oracle.exposure.breakers import Breakers
from harness.oracle.exposure.following import by_breaker


class Breaker:
    """Follows trades, halts and resumptions."""

    def __init__(self, run: RunInfo) -> None:
        self._run = run
        self._enforced = "breaker" in run.capabilities.controls
        self._walk = Controlled(run)
        self._breakers = Breakers(self._walk.exposure.holders)
        self._log = FindingLog("breaker")
        self._number = self._last_ns = 0
        self._traded: dict[int, None] = {}
        """The instruments that the command at hand traded."""
        self._halted: set[int] = set()
        """Those that a breaker halted at the end of it."""
        self._stood_halted: frozenset[int] = frozenset()
        """Those that were halted before it, once what was due had resumed."""
        self._seen = self._halts = self._resumptions = 0

    def add(self, segment: Segment) -> None:
        """Judge what was told in one stretch of history."""
        if not self._enforced:
            return
        for step in self._walk.steps(segment):
            if step.turns:
                self._end(self._log)
                self._begin(step)
            if step.answers:
                self._judge_due(step)
            self._follow(step)

    def facts(self) -> Facts:
        """The findings; where the run was cut short, the last command may lack its end."""
        log = deepcopy(self._log)
        if not self._run.cut_short:
            self._end(log)
        return self._walk.facts(self._seen, log, {"halted": self._halts, "resumed": self._resumptions})

    def _begin(self, step: Step) -> None:
        self._number, stamp_ns = step.command.number, self._walk.exposure.stamp_ns
        if stamp_ns < self._last_ns:
            self._log.add(
                "stamp", "a stamp went back", command=self._number, expected=f"a stamp of {self._last_ns:,} ns or later",
                got=f"{stamp_ns:,} ns",
            )  # fmt: skip
        self._last_ns = stamp_ns
        self._traded.clear()
        self._halted.clear()

    def _judge_due(self, step: Step) -> None:
        """All pauses that are over by the stamp of this command ended before it was answered."""
        self._stood_halted = frozenset(self._walk.exposure.operators.halted)
        for instrument in self._breakers.due(self._last_ns):
            self._log.add(
                "not_resumed", "a halt by a breaker went on beyond its pause", command=step.command.number,
                expected=f"instrument {instrument} resumed at {self._breakers.pauses[instrument]:,} ns, before command {step.command.number}",
                got=f"none by its stamp {self._last_ns:,} ns",
            )  # fmt: skip
            # So that it is counted once.
            del self._breakers.pauses[instrument]

    def _follow(self, step: Step) -> None:
        event, breakers = step.event, self._breakers
        if event.kind == EventKind.TRADE:
            self._traded[event.instrument] = None
            breakers.traded(event.instrument, event.price, event.qty, self._last_ns)
        elif event.kind == EventKind.RESUMED:
            if by_breaker(event):
                self._judge_resumed(step)
            breakers.resumed(event.instrument)
        elif event.kind == EventKind.HALTED:
            self._halted_by(step)

    def _halted_by(self, step: Step) -> None:
        instrument = step.event.instrument
        if not by_breaker(step.event):
            self._breakers.halted_by_operator(instrument)
        elif instrument in self._walk.exposure.holders.instruments:
            self._halts += 1
            self._halted.add(instrument)
            self._judge_halted(step)
            self._breakers.halted(instrument, self._last_ns)

    def _judge_resumed(self, step: Step) -> None:
        """A breaker's resumption comes when its pause is over, before what the command does."""
        self._resumptions += 1
        instrument = step.event.instrument
        if instrument not in self._breakers.due(self._last_ns):
            end_ns = self._breakers.pauses.get(instrument)
            expected = f"instrument {instrument} to go on at {end_ns:,} ns" if end_ns else "no pause that could end"
            self._log.add(
                "resumed_early", "an instrument was resumed before its time", command=step.command.number,
                expected=expected, got=f"resumed at {self._last_ns:,} ns",
            )  # fmt: skip

    def _judge_halted(self, step: Step) -> None:
        instrument = step.event.instrument
        if instrument in self._stood_halted:
            why = "it was halted already"
        elif instrument not in self._traded:
            why = "nothing traded"
        elif not [*self._breakers.why_halt(instrument, self._last_ns)]:
            why = "its trades lie within the limits"
        else:
            return
        self._log.add(
            "halted_without_cause", "a breaker halted an instrument without a cause", command=step.command.number,
            expected=f"instrument {instrument} goes on: {why}", got="it was halted",
        )  # fmt: skip

    def _end(self, log: FindingLog) -> None:
        """What the command at hand must have halted."""
        self._seen += len(self._traded)
        for instrument in self._traded:
            if instrument in self._stood_halted or instrument not in self._walk.exposure.holders.instruments:
                continue
            why = [*self._breakers.why_halt(instrument, self._last_ns)]
            if why and instrument not in self._halted:
                log.add(
                    "not_halted", "an instrument went on that a breaker must halt", command=self._number,
                    expected=f"instrument {instrument} halted at the end of command {self._number}: {why[0]}", got="it goes on",
                )  # fmt: skip


CHECK = CheckPlug(
    about="an instrument halts when its trades say so and not else, and goes on when its pause is over",
    start=Breaker,
    needs=("controls", "one_order", "reason", "maker", "price", "qty", "engine_ns"),
    marks=("halted", "resumed"),
)
