"""The history of a service with controls, told by hand: what it took and refused, one after another, each with its stamp."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace as changed

from harness.base.capabilities import STAGE_CONTROLS, Instrument
from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls
from harness.base.notes import FlowNotes
from harness.base.reasons import Reason
from harness.base.records import NONE, Command, CommandKind, Event, EventKind, Side, command_rows, empty_commands
from tests.fakes.history import ALL, folded, info, rejected, segments

OPERATORS = ("kill_account", "enable", "halt", "resume", "limit", "tick")
SERVICE = changed(ALL, commands=(*ALL.commands, *OPERATORS), controls=(*ALL.controls, *STAGE_CONTROLS))
"""An engine that offers every rule of both pages and tells every field."""
BOUNDS = tuple(
    Instrument(id=number, symbol=f"I{number}", price_min=-1_000, price_max=1_000, qty_max=1_000) for number in (1, 2)
)
PERSON = 77
_ABSENT = command_rows(empty_commands(1))[0]


class Told:
    """Numbers commands and stamps what answers them, 1 ns later each unless it is told otherwise."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.events: list[Event] = []
        self.now_ns = 0

    def takes(self, command: Command, *trades: tuple[int, int, int]) -> Told:
        """A new order or a replace is taken, trades with these makers (order, price, quantity), and what is left rests."""
        new = command.kind == CommandKind.NEW
        left = command.qty
        made = {"order": command.order} if new else {"order": command.target, "new_order": command.order}
        said = self._about(command, kind=EventKind.ACCEPTED if new else EventKind.REPLACED, remaining=left, **made)
        told = [said]
        for maker, price, qty in trades:
            left -= qty
            told.append(said._replace(
                kind=EventKind.TRADE, order=command.order, new_order=0, maker=maker, price=price, qty=qty, remaining=left
            ))  # fmt: skip
        if left:
            told.append(
                said._replace(kind=EventKind.RESTED, order=command.order, new_order=0, qty=NONE, remaining=left)
            )
        return self.tells(command, *told)

    def refuses(self, command: Command, reason: Reason = Reason.OTHER) -> Told:
        """The command is refused."""
        return self.tells(command, rejected(command, reason))

    def cancels(self, command: Command, lots: int, left: int = 0) -> Told:
        """A cancel takes so much of its target."""
        return self.tells(
            command,
            self._about(
                command, kind=EventKind.CANCELED, order=command.target, qty=lots, remaining=left, reason=Reason.USER
            ),
        )

    def asks(self, kind: CommandKind, *told: Event, **fields: Any) -> Told:
        """An operator asks; answered by `done` after what else is told."""
        command = asked(kind, **fields)
        gone = sum(event.kind == EventKind.CANCELED for event in told)
        return self.tells(command, *told, self._about(command, kind=EventKind.DONE, order=command.order, qty=gone))

    def halts(self, instrument: int = 1, *, resumes: bool = False) -> Told:
        """An operator halts or resumes an instrument."""
        kind = CommandKind.RESUME if resumes else CommandKind.HALT
        command = asked(kind, instrument=instrument)
        answer = EventKind.RESUMED if resumes else EventKind.HALTED
        return self.tells(command, self._about(command, kind=answer, order=command.order))

    def tells(self, command: Command, *events: Event) -> Told:
        """The command is answered by these events."""
        self.now_ns += 1
        numbered = command._replace(number=len(self.commands) + 1)
        self.commands.append(numbered)
        self.events += [event._replace(command=numbered.number, engine_ns=self.now_ns) for event in events]
        return self

    def adds(self, *events: Event) -> Told:
        """The last command leads to these events too."""
        self.events += [event._replace(command=len(self.commands), engine_ns=self.now_ns) for event in events]
        return self

    def waits(self, ns: int) -> Told:
        """So much time passes before the next command."""
        self.now_ns += ns
        return self

    def facts(self, check: Any, controls: Controls, size: int = 2**31, **run: Any) -> Any:
        """What a check finds out in it."""
        given = {"capabilities": SERVICE, "instruments": BOUNDS, "controls": controls, "notes": FlowNotes()} | run
        return folded(check.start(info(**given)), segments(self.commands, self.events, size))

    def found(self, check: Any, controls: Controls, **run: Any) -> list[tuple[str, int]]:
        """The kinds of what a check finds, each with its command."""
        return [(one.kind, one.first_command) for one in self.facts(check, controls, **run).findings]

    @staticmethod
    def _about(command: Command, **fields: Any) -> Event:
        said = {
            "price": command.price,
            "qty": command.qty,
            "instrument": command.instrument,
            "account": command.account,
        }
        return Event(**(said | {"side": command.side} | fields))


def asked(kind: CommandKind, **fields: Any) -> Command:
    """What an operator asks."""
    return _ABSENT._replace(**({"kind": int(kind), "order": PERSON} | fields))


def breaker_says(kind: EventKind, instrument: int = 1) -> Event:
    """A halt or a resumption that nobody asked for."""
    return Event(kind=kind, instrument=instrument, side=Side.NONE)


def killed(order: int, lots: int, instrument: int = 1) -> Event:
    """What a kill says of an order."""
    return Event(
        kind=EventKind.CANCELED, order=order, qty=lots, remaining=0, reason=Reason.KILLED, instrument=instrument
    )


def held(*ones: AccountControls | FirmControls | InstrumentControls) -> Controls:
    """These controls; accounts 8 and 9 of firm 9 have no limits."""
    free = (AccountControls(account=8, firm=9), AccountControls(account=9, firm=9))
    return Controls(
        accounts=(*free, *(one for one in ones if isinstance(one, AccountControls))),
        firms=tuple(one for one in ones if isinstance(one, FirmControls)),
        instruments=tuple(one for one in ones if isinstance(one, InstrumentControls)),
    )
