"""Nothing comes in that a control must hold back: positions, exposure, loss, rates, repeats, lists and halts are never overshot.

Each new order or replace that was taken is held against what stood just before it, by what the service itself told. What it refused is for
`reject_cause` to judge, what a kill takes for `kill_switch`, when an instrument halts for `breaker`. The flow says which controls it
provokes (`FlowNotes.provokes`): one that never held anything back was not tested.
"""

from __future__ import annotations

from harness.base.findings import Facts, FindingLog
from harness.base.records import Command, EventKind
from harness.base.words import say_command, say_event
from harness.checks import CheckPlug
from harness.checks._controlled import Controlled, Step
from harness.evidence.fold import RunInfo, Segment
from harness.oracle.exposure.admission import Broken

_TAKEN = (EventKind.ACCEPTED, EventKind.REPLACED)
_REFUSED = (EventKind.REJECTED, EventKind.REPLACE_REJECTED)
_OF_OTHERS = ("kill",)
"""Controls that another check judges."""
_TITLES = {
    "accounts": "an account that is not declared entered an order",
    "duplicates": "the same order came too often and was taken",
    "exposure": "an order was taken that brings exposure above its limit",
    "halt": "an order was taken while its instrument was halted",
    "loss": "an order was taken from an account at its loss limit",
    "messages": "an order was taken above the message rate",
    "position": "an order was taken that could bring a position beyond its limit",
    "qty_step": "an order was taken whose quantity is no multiple of the lot",
    "repeats": "an account that was disabled for repeated execution entered an order",
    "restricted": "an order was taken on a restricted list",
    "static_price": "an order was taken too far from the static price",
}


class RiskLimits:
    """Looks at each command just before it was taken."""

    def __init__(self, run: RunInfo) -> None:
        self._walk = Controlled(run)
        self._log = FindingLog("risk_limits")
        self._provokes = run.notes.provokes
        self._run = run
        self._held_back = dict.fromkeys((*_TITLES, *_OF_OTHERS), 0)
        """How often each control alone or with others held a command back."""
        self._seen = 0

    def add(self, segment: Segment) -> None:
        """Judge the answers of one stretch of history."""
        for step in self._walk.steps(segment):
            if step.answers:
                self._judge(step)

    def facts(self) -> Facts:
        """The findings; unknown where a control that was to be provoked never was."""
        marks = {f"{control} held back": count for control, count in self._held_back.items()}
        idle = [control for control in self._provokes if not self._held_back.get(control, 1)]
        unknown = f"the run never provoked {', '.join(idle)}" if idle and not self._run.cut_short else ""
        return self._walk.facts(self._seen, self._log, marks, unknown)

    def _judge(self, step: Step) -> None:
        broken = self._walk.exposure.broken(step.command)
        if step.event.kind in _REFUSED:
            for one in broken:
                self._held_back[one.control] += one.reason == step.event.reason
        self._seen += step.event.kind in (*_TAKEN, *_REFUSED)
        if step.event.kind in _TAKEN:
            for one in broken:
                if one.control not in _OF_OTHERS:
                    self._tell(step, one)

    def _tell(self, step: Step, broken: Broken) -> None:
        command = step.command
        self._log.add(
            broken.control, _TITLES[broken.control], command=command.number,
            expected=f"{say_command(command)} refused: {broken.said}", got=say_event(step.event), orders=_orders(command),
        )  # fmt: skip


def _orders(command: Command) -> tuple[int, ...]:
    return tuple(dict.fromkeys(filter(None, (command.target, command.order))))


CHECK = CheckPlug(
    about="nothing comes in that a control must hold back",
    start=RiskLimits,
    needs=("controls", "one_order", "reason", "maker", "price", "qty", "engine_ns"),
    least=100,
)
