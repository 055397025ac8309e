"""Every refusal has a cause that holds, and nothing is taken for which one holds.

An engine that refuses too much looks safe and is not: so each reason is worked out a second time from the declared bounds, risk
limits, capabilities and conventions and the live orders and trades that the engine itself told of. Any reason that truly holds is
right, whatever the order in which the engine looks. Of a service with controls that need memory, what they have against a command is
worked out by `harness/oracle/exposure`. Reasons of session and system cannot be worked out from here: their share is
measured and a policy may limit it.
"""

from __future__ import annotations

from collections import deque

from harness.base.controls import NO_CONTROLS
from harness.base.findings import Facts, FindingLog, Share
from harness.base.reasons import Reason, reason_name
from harness.base.records import Command, CommandKind, Event, EventKind, command_rows
from harness.base.words import say_command, say_event
from harness.checks import CheckPlug
from harness.evidence.fold import Metric, RunInfo, Segment
from harness.oracle.exposure.following import Exposure, by_breaker
from harness.oracle.exposure.operators import KINDS
from harness.oracle.ledger import Ledger, recomputable
from harness.oracle.refusals import beyond

REFUSALS = (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
_FIELDS = ("command", "kind", "order", "maker", "price", "qty", "reason", "instrument", "engine_ns")
_STAMP = "engine_ns"


class RejectCause:
    """Judges the first answer to each command before it follows what the engine did."""

    def __init__(self, run: RunInfo) -> None:
        self._ledger = Ledger(run.instruments, run.conventions, run.capabilities)
        self._exposure = _exposure(run)
        self._stamped = _STAMP in run.capabilities.carries or run.controls == NO_CONTROLS
        self._beyond = ", ".join(beyond(run.capabilities))
        self._least_accepted = run.notes.least_accepted
        self._log = FindingLog("reject_cause")
        self._pending: deque[Command] = deque()
        self._current: Command | None = None
        self._judged = False
        """Whether the answer to the current command is judged: a breaker's word may come before it."""
        self._nameless = 0
        self._seen = self._unexplained = self._new = self._accepted = 0
        self._reasons: dict[int, int] = {}

    def add(self, segment: Segment) -> None:
        """Judge and follow the answers of one stretch of history."""
        self._pending.extend(command_rows(segment.commands))
        for number, *what in zip(*(segment.events[field].tolist() for field in _FIELDS), strict=True):
            kind, order, maker, price, qty, reason, instrument, stamp_ns = what
            if self._current is None or number != self._current.number:
                command = self._find(number)
                if command is None:
                    continue
                self._current, self._judged = command, False
            event = Event(
                kind=kind, order=order, maker=maker, price=price, qty=qty, reason=reason, instrument=instrument,
                engine_ns=stamp_ns,
            )  # fmt: skip
            self._step(self._current, event)

    def facts(self) -> Facts:
        """The findings, and which share of the commands was taken."""
        shares = {
            "rejects.unexplained": Share(self._unexplained, self._seen),
            "accepted.share": Share(self._accepted, self._new),
        }
        blind = self._no_ground()
        reasons = sorted(self._reasons.items(), key=lambda item: -item[1])
        return Facts(
            seen=self._seen, findings=() if blind else self._log.findings(), shares=shares,
            told={"refusals": ", ".join(f"{count:,} {reason_name(code)}" for code, count in reasons) or "none"},
            unknown=blind or self._too_few(),
        )  # fmt: skip

    def _step(self, command: Command, event: Event) -> None:
        """Judge the event if it answers the command, then follow it."""
        if self._exposure:
            self._exposure.turn_to(event)
        if not self._judged and not by_breaker(event):
            self._judged = True
            self._judge(command, event.kind, event.order, event.reason)
        self._ledger.follow(command, event.kind, event.order, maker=event.maker, price=event.price, qty=event.qty)
        if self._exposure:
            self._exposure.follow(command, event)

    def _find(self, number: int) -> Command | None:
        """The command that an event answers; those before it will get no answer any more."""
        if number == 0:
            self._nameless += 1
        while self._pending and self._pending[0].number < number:
            self._pending.popleft()
        if self._pending and self._pending[0].number == number:
            return self._pending.popleft()
        return None

    def _judge(self, command: Command, kind: int, order: int, reason: int) -> None:
        self._seen += 1
        if command.kind == CommandKind.NEW:
            self._new += 1
            self._accepted += kind == EventKind.ACCEPTED
        holding = self._ledger.reasons(command)
        if self._exposure:
            holding += self._exposure.reasons(command)
        if kind in REFUSALS:
            self._reasons[reason] = self._reasons.get(reason, 0) + 1
            if not recomputable(reason) and not (self._exposure and reason == Reason.HALTED):
                self._unexplained += 1
            elif reason not in holding:
                got = say_event(Event(kind=kind, order=order, reason=reason))
                self._refused_wrongly(command, got, holding)
        elif holding:
            self._log.add(
                "taken_with_cause", f"{say_command(command)} was taken although it must be refused: {_say(holding)}", command=command.number,
                expected=f"refused: {_say(holding)}", got=say_event(Event(kind=kind, order=order)),
                orders=_orders(command),
            )  # fmt: skip

    def _refused_wrongly(self, command: Command, got: str, holding: tuple[Reason, ...]) -> None:
        kind = "wrong_reason" if holding else "refused_without_cause"
        because = f"the reason is another: {_say(holding)}" if holding else "nothing speaks against it"
        self._log.add(
            kind, f"{say_command(command)} was refused for a reason that does not hold; {because}",
            command=command.number, expected=f"refused: {_say(holding)}" if holding else "taken", got=got,
            orders=_orders(command), severity="major" if holding else "critical",
        )  # fmt: skip

    def _no_ground(self) -> str:
        """Why no refusal can be judged at all."""
        if self._beyond:
            return f"there are no rules here for {self._beyond}"
        if not self._stamped:
            return f"the engine does not tell the stamps by which its controls go ({_STAMP})"
        if self._nameless:
            return f"the engine does not say which command {self._nameless:,} of its events answer"
        return ""

    def _too_few(self) -> str:
        accepted = self._accepted / self._new if self._new else 1.0
        if accepted >= self._least_accepted:
            return ""
        return (
            f"only {accepted:.0%} of new orders were accepted, at least {self._least_accepted:.0%} wanted: "
            "an engine that refuses all is not safe"
        )


def _exposure(run: RunInfo) -> Exposure | None:
    """What follows the controls of a service; None where it has none and offers nothing to operators."""
    offered = KINDS.intersection(int(kind) for kind in CommandKind if kind.name.lower() in run.capabilities.commands)
    if run.controls == NO_CONTROLS and not offered:
        return None
    return Exposure(run.instruments, run.conventions, run.capabilities, run.controls)


def _say(reasons: tuple[Reason, ...]) -> str:
    return " or ".join(dict.fromkeys(reason_name(reason) for reason in reasons))


def _orders(command: Command) -> tuple[int, ...]:
    return tuple(dict.fromkeys(order for order in (command.target, command.order) if order))


CHECK = CheckPlug(
    about="every refusal has a cause that holds, and nothing is taken for which one holds",
    start=RejectCause,
    needs=("one_order", "reason", "maker", "price", "qty"),
    least=1_000,
    metrics=(
        Metric(
            name="rejects.unexplained",
            unit="share",
            about="commands refused for a reason that cannot be worked out again",
        ),
        Metric(name="accepted.share", unit="share", about="new orders that were accepted"),
    ),
)
