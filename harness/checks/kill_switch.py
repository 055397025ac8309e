"""After a kill nothing of its scope is live, and nothing of it comes in until somebody enables it by name.

A kill counts from its `done`: until then its orders may go one by one. That it ends by an `enable` of the same scope and by nothing else, no
session, no time and no number of tries, is held by looking at every order that is taken after it.
"""

from __future__ import annotations

from harness.base.findings import Facts, FindingLog
from harness.base.reasons import Reason
from harness.base.records import CommandKind, EventKind
from harness.base.words import say_command, say_event
from harness.checks import CheckPlug
from harness.checks._controlled import Controlled, Step
from harness.evidence.fold import RunInfo, Segment
from harness.oracle.exposure.operators import scopes

_TAKEN = (EventKind.ACCEPTED, EventKind.REPLACED)
_REFUSED = (EventKind.REJECTED, EventKind.REPLACE_REJECTED)
_MOST_NAMED = 8
"""Orders named in one finding."""


class KillSwitch:
    """Looks at kills, and at all that is taken after them."""

    def __init__(self, run: RunInfo) -> None:
        self._walk = Controlled(run)
        self._enforced = "kill" in run.capabilities.controls
        self._log = FindingLog("kill_switch")
        self._killed = self._held_back = self._taken = self._seen = 0
        self._canceled = 0
        """Orders that the kill at hand has canceled."""

    def add(self, segment: Segment) -> None:
        """Judge what was told in one stretch of history."""
        if not self._enforced:
            return
        for step in self._walk.steps(segment):
            self._canceled = 0 if step.turns else self._canceled
            if step.event.kind == EventKind.CANCELED and step.event.reason == Reason.KILLED:
                self._judge_canceled(step)
            elif step.command.kind == CommandKind.KILL_ACCOUNT and step.event.kind == EventKind.DONE:
                self._judge_done(step)
            elif step.answers:
                self._judge_answer(step)

    def facts(self) -> Facts:
        """The findings, and whether there was a kill that took orders and one that held some back."""
        marks = {"killed": self._killed, "canceled by a kill": self._taken, "held back": self._held_back}
        return self._walk.facts(self._seen, self._log, marks)

    def _judge_canceled(self, step: Step) -> None:
        """Only a kill cancels so, and only orders of its scope."""
        self._canceled += 1
        self._taken += 1
        command, order = step.command, step.event.order
        if command.kind != CommandKind.KILL_ACCOUNT:
            self._log.add(
                "killed_without_kill", "an order was canceled by a kill that nobody asked for", command=command.number,
                orders=(order,), expected=f"{say_command(command)} kills no order", got=say_event(step.event),
            )  # fmt: skip
        elif order in self._walk.exposure.orders.live and order not in self._live(step):
            self._log.add(
                "killed_beside", "a kill took an order that is not in its scope", command=command.number, orders=(order,),
                expected=f"only orders of {_scope(step)} canceled", got=say_event(step.event),
            )  # fmt: skip

    def _judge_done(self, step: Step) -> None:
        """Nothing of the scope is left, and as many went as it says."""
        self._seen += 1
        self._killed += 1
        number = step.command.number
        if left := self._live(step):
            self._log.add(
                "left_alive", "orders were still live after a kill", command=number, orders=tuple(left[:_MOST_NAMED]),
                expected=f"no live order of {_scope(step)}", got=f"{len(left):,} of them are live",
            )  # fmt: skip
        if step.event.qty != self._canceled:
            self._log.add(
                "count", "a kill told another number of orders than it canceled", command=number,
                expected=f"done, {self._canceled} orders", got=say_event(step.event),
            )  # fmt: skip

    def _judge_answer(self, step: Step) -> None:
        """Nothing of a killed scope is taken."""
        by = [broken.said for broken in self._walk.exposure.broken(step.command) if broken.control == "kill"]
        if not by:
            return
        self._seen += 1
        if step.event.kind in _TAKEN:
            self._log.add(
                "came_in", "an order came in after a kill that nobody had taken back", command=step.command.number,
                orders=(step.event.order,), expected=f"{say_command(step.command)} refused: {by[0]}",
                got=say_event(step.event),
            )  # fmt: skip
        self._held_back += step.event.kind in _REFUSED

    def _live(self, step: Step) -> list[int]:
        """The live orders of the kill's scope."""
        command = step.command
        return [*self._walk.exposure.orders.of_scope(command.account, command.target, command.instrument)]


def _scope(step: Step) -> str:
    return " and ".join(map(str, scopes(step.command)))


CHECK = CheckPlug(
    about="after a kill nothing of its scope is live, and nothing of it comes in until it is enabled by name",
    start=KillSwitch,
    needs=("controls", "one_order", "reason", "maker", "price", "qty", "engine_ns"),
    marks=("canceled by a kill", "held back"),
)
