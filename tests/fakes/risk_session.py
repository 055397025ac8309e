"""Talks to the reference engine behind its controls, in lines of text and as an operator, under a clock that is turned by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engines.reference.layout import Capacities
from engines.service.risk.engine import GuardedReference
from engines.service.risk.layout import Room
from harness.base.bits import BookRows
from harness.base.capabilities import Conventions, Instrument, RiskLimits
from harness.base.controls import AccountControls, Controls, FirmControls, InstrumentControls
from harness.base.records import Commands, Events
from tests.fakes.guarded_session import GuardedSession

SMALL = Capacities(orders=2**12, pages=2**10)
INSTRUMENTS = (
    Instrument(id=1, symbol="ONE", price_min=-1_000, price_max=1_000, qty_max=100),
    Instrument(id=2, symbol="TWO", price_max=2**40, qty_max=2**40, risk=RiskLimits(reference_price=50)),
)


class StampedReference:
    """Stamps each command, as the sequencer of a service does, and hands it on."""

    def __init__(
        self,
        conventions: Conventions,
        controls: Controls,
        now_ns: Callable[[], int],
        room: Room,
    ) -> None:
        self.guarded = GuardedReference(INSTRUMENTS, conventions, controls, SMALL, room)
        self._now_ns = now_ns

    def submit(self, commands: Commands) -> Events:
        """The events that answer the commands."""
        commands["sent_ns"] = self._now_ns()
        return self.guarded.submit(commands)

    def snapshot(self) -> BookRows:
        """The book of the engine behind the controls."""
        return self.guarded.snapshot()


class RiskSession(GuardedSession):
    """A reference engine of two instruments behind controls, and everybody who talks to it."""

    engine: StampedReference  # type: ignore[assignment]  # the two engines have the same methods and share no class

    def __init__(self, controls: Controls, room: Room = Room(), **conventions: Any) -> None:  # noqa: B008 - a room is a tuple of numbers
        def build(instruments: Any, *given: Any) -> StampedReference:
            del instruments  # The readable stage takes any; of these an order is worth no more than a sum can hold.
            return StampedReference(*given, room)

        super().__init__(controls, build, **conventions)  # type: ignore[arg-type]  # as above

    @property
    def counters(self) -> dict[str, int]:
        """Those of the engine and of its controls."""
        return self.engine.guarded.counters()


def held_to(*limits: AccountControls | FirmControls | InstrumentControls, **more: Any) -> RiskSession:
    """An engine with these controls, where accounts 8 and 9 of firm 9 may trade without a limit; its room and conventions by name."""
    accounts = {number: AccountControls(account=number, firm=9) for number in (8, 9)}
    accounts |= {one.account: one for one in limits if isinstance(one, AccountControls)}
    controls = Controls(
        accounts=tuple(accounts.values()),
        firms=tuple(one for one in limits if isinstance(one, FirmControls)),
        instruments=tuple(one for one in limits if isinstance(one, InstrumentControls)),
    )
    return RiskSession(controls, **more)
