"""A line of a battery without a socket: what it hears is laid out beforehand."""

from __future__ import annotations

from harness.base.capabilities import Instrument
from harness.conformance.wire.line import End, Heard, Line
from harness.conformance.wire.script import Saying
from harness.engine_file import Login
from harness.port import Door

INSTRUMENT = Instrument(
    id=4, symbol="ONE", tick_1e9=10_000_000, price_min=1_000, price_max=9_000, price_step=50, qty_min=10
)
"""Its middle is 5,000, a step of the rows is 50 ticks, and a lot of the rows is ten."""


def door(protocol: str = "ouch") -> Door:
    login = Login(username="Own", password="secret", account=1, target="THEM", firm="DEMO")
    return Door(protocol, ("127.0.0.1", 1), login, (INSTRUMENT,))


def heard(text: str) -> Heard:
    """A message from `KIND name=value ...`."""
    kind, *fields = text.split()
    return Heard(kind, dict(field.split("=", 1) for field in fields))


class ScriptedLine(Line):
    """Hears these, in their order, and then how it ends."""

    def __init__(self, *heard_of: str, end: End = End.SILENCE, refuses: str = "", old: tuple[int, ...] = ()) -> None:
        super().__init__(door(), 1.0)
        self._to_hear = [heard(text)._replace(is_old=at in old) for at, text in enumerate(heard_of)]
        self._end, self._refuses = end, refuses
        self.said: list[str] = []

    def open(self) -> None: ...

    def begin(self) -> str:
        return self._refuses

    def connect(self) -> None: ...

    def settle(self) -> None: ...

    def say(self, sayings: tuple[Saying, ...], *, bytewise: bool = False) -> None:
        self.said += [" ".join((*one.kinds, *(f"{name}={text}" for name, text in one.fields))) for one in sayings]

    def hear(self, until_s: float) -> Heard | End:
        return self._to_hear.pop(0) if self._to_hear else self._end

    def encoded(self, saying: Saying) -> bytes:
        return b""

    def taken(self, got: bytes) -> None: ...

    def next(self) -> Heard | None:
        return None

    def field(self, name: str) -> str:
        return name or "number"

    def value(self, name: str, text: str) -> str:
        return text.removeprefix("#")

    def shown(self, heard: Heard) -> str:
        return " ".join((heard.kind, *(f"{name}={value}" for name, value in heard.fields.items())))

    def passes_over(self, heard: Heard) -> bool:
        return heard.kind == "alive"

    @property
    def is_up_to_date(self) -> bool:
        return not any(one.is_old for one in self._to_hear)
