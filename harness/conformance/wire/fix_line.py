"""One FIX session of a battery: messages under any number, name and time, right or garbled, and the orders of a row, so that none is left behind."""

from __future__ import annotations

import time
from collections import deque

from harness.conformance.wire.line import GARBLED, LOGIN_S, Heard, Line
from harness.conformance.wire.script import Saying
from harness.port import Door
from harness.wire.fix import Fields, encode, split
from harness.wire.fix_numbers import text_of
from harness.wire.fix_tags import Kind, Tag
from harness.wire.fix_times import timestamp

SECOND_NS = 10**9
HEARTBEAT_S = 30
PRICES = frozenset((Tag.PRICE, Tag.STOP_PX, Tag.LAST_PX, Tag.AVG_PX))
QUANTITIES = frozenset((Tag.ORDER_QTY, Tag.MIN_QTY, Tag.LAST_QTY, Tag.LEAVES_QTY, Tag.CUM_QTY))
TIMES = frozenset((Tag.SENDING_TIME, Tag.ORIG_SENDING_TIME, Tag.TRANSACT_TIME))
NAMES = frozenset((Tag.SENDER_COMP_ID, Tag.TARGET_COMP_ID))
HEADER = (
    Tag.MSG_SEQ_NUM,
    Tag.SENDER_COMP_ID,
    Tag.SENDING_TIME,
    Tag.TARGET_COMP_ID,
    Tag.POSS_DUP_FLAG,
    Tag.POSS_RESEND,
    Tag.ORIG_SENDING_TIME,
)
ORDER = {Tag.SYMBOL: "own", Tag.SIDE: "1", Tag.TRANSACT_TIME: "now", Tag.ORDER_QTY: "5"}
TERMS = {Tag.ORD_TYPE: "2", Tag.PRICE: "100"}
DEFAULTS: dict[str, dict[Tag, str]] = {
    Kind.LOGON: {Tag.ENCRYPT_METHOD: "0", Tag.HEART_BT_INT: str(HEARTBEAT_S)},
    Kind.NEW_ORDER_SINGLE: ORDER | TERMS, Kind.ORDER_CANCEL_REQUEST: ORDER, Kind.ORDER_CANCEL_REPLACE_REQUEST: ORDER | TERMS,
    Kind.ORDER_STATUS_REQUEST: {Tag.SYMBOL: "own", Tag.SIDE: "1"},
    Kind.ORDER_MASS_CANCEL_REQUEST: {Tag.MASS_CANCEL_REQUEST_TYPE: "7", Tag.TRANSACT_TIME: "now"},
}  # fmt: skip
"""What a row need not say."""
BREAKS = {"checksum": (b"10=", 3), "length": (b"9=", 2), "version": (b"8=FIX.4.", 8)}
"""How a message is garbled: what a digit is changed behind."""
NEW, PARTIAL = "0", "1"
PENDING = ("6", "A", "E")
"""ExecTypes that say that something was received, which venues may say or leave out."""


class FixLine(Line):
    """One CompID."""

    def __init__(self, door: Door, patience_s: float, login_s: float = LOGIN_S) -> None:
        super().__init__(door, patience_s, login_s)
        self._inbox = b""
        self._heard: deque[Heard] = deque()
        self._next = 1
        self._prefix = f"T{time.time_ns() // 1_000_000:x}."
        """So that no ClOrdID was ever used before."""
        self._rows = 0
        self._live: dict[str, dict[str, str]] = {}
        """The last report of each order that is not done, by OrderID."""
        self._is_clean = False
        """Whether what was there before the battery was asked to be canceled."""

    # A row from its beginning to its end.

    def open(self) -> None:
        """Ids are of this row."""
        self._rows += 1
        self._live.clear()

    def begin(self) -> str:
        """Log on; both sides begin at 1."""
        try:
            self.connect()
        except OSError as error:
            return f"cannot connect: {error}"
        self._next = 1
        self.say((Saying((Kind.LOGON,), ((str(Tag.RESET_SEQ_NUM_FLAG), "Y"),)),))
        answer = self.answer(Kind.LOGON, Kind.LOGOUT, Kind.REJECT)
        if isinstance(answer, Heard) and answer.kind == Kind.LOGON:
            return ""
        return (
            f"cannot log on with ResetSeqNumFlag: {self.shown(answer) if isinstance(answer, Heard) else answer.value}"
        )

    def settle(self) -> None:
        """Cancel what the row left, and hear of it to the end; the first time, all that is left of the past."""
        if not self._is_clean and not self.begin():
            self._is_clean = True
            self.say((Saying((Kind.ORDER_MASS_CANCEL_REQUEST,), (("", "#past"),)),))
            self.answer(Kind.ORDER_MASS_CANCEL_REPORT, Kind.BUSINESS_MESSAGE_REJECT, Kind.REJECT)
        # On numbers that are known, whatever the row did to them.
        if self._live and not self.begin():
            left = list(self._live.values())
            for place, report in enumerate(left):
                same = {
                    name: f"!{report[name]}" for name in map(str, map(int, (Tag.SYMBOL, Tag.SIDE))) if name in report
                }
                of = {str(Tag.ORIG_CL_ORD_ID): f"!{report[str(Tag.CL_ORD_ID)]}", "": f"#end{place}"}
                self.say((Saying((Kind.ORDER_CANCEL_REQUEST,), tuple((of | same).items())),))
            until_s = time.monotonic() + self.patience_s
            while (
                self._live and isinstance(heard := self.hear(until_s), Heard) and heard.kind != Kind.ORDER_CANCEL_REJECT
            ):
                pass
        if self.is_connected:
            self.say((Saying((Kind.LOGOUT,), ()),))
        self.drop()

    def connect(self) -> None:
        """Numbers go on."""
        super().connect()
        self._inbox = b""
        self._heard.clear()

    # What is sent.

    def encoded(self, saying: Saying) -> bytes:
        """A message with its header; one that has a number of its own does not count."""
        (kind,) = saying.kinds
        given = {self.field(name): text for name, text in saying.fields}
        broken = given.pop("garbled", "")
        values = {str(int(tag)): text for tag, text in self._usual(kind).items()} | given
        if str(Tag.MSG_SEQ_NUM) not in given:
            values[str(Tag.MSG_SEQ_NUM)] = str(self._next)
            self._next += 1
        fields = [(int(tag), self.value(tag, text)) for tag, text in values.items() if text != "-"]
        raw = encode(kind, self._in_order(fields))
        return _garbled(raw, broken) if broken else raw

    def _usual(self, kind: str) -> dict[Tag, str]:
        login = self.door.login
        own = {
            Tag.SENDER_COMP_ID: f"!{login.username}",
            Tag.SENDING_TIME: "now",
            Tag.TARGET_COMP_ID: f"!{login.target}",
        }
        if kind == Kind.LOGON and login.password:
            own |= {Tag.USERNAME: f"!{login.username}", Tag.PASSWORD: f"!{login.password}"}
        return own | DEFAULTS.get(kind, {})

    @staticmethod
    def _in_order(fields: list[tuple[int, str]]) -> Fields:
        """The header first."""
        places = {int(tag): place for place, tag in enumerate(HEADER)}
        return tuple(sorted(fields, key=lambda field: places.get(field[0], len(places))))

    def field(self, name: str) -> str:
        """Alone, an id is that of the message."""
        return name or str(Tag.CL_ORD_ID)

    def value(self, name: str, text: str) -> str:
        """Ids that nobody used before, prices and quantities as decimals, times from now on."""
        tag = int(name) if name.isdigit() else 0
        told = text.removeprefix("!")
        if text.startswith("#"):
            told = f"{self._prefix}{self._rows}{text[1:]}"
        elif tag in TIMES and (text == "now" or text.endswith("s")):
            later_s = 0 if text == "now" else int(text[:-1])
            told = timestamp(time.time_ns() + later_s * SECOND_NS)
        elif tag in PRICES and text.isdigit():
            told = text_of(self.price(text), self.traded.tick_1e9)
        elif tag in QUANTITIES and text.isdigit():
            told = text_of(self.quantity(text), self.traded.lot_1e9)
        elif tag == Tag.SYMBOL:
            told = self.symbol(told)
        elif tag in NAMES:
            told = {"username": self.door.login.username, "target": self.door.login.target}.get(text, told)
        return told

    # What is heard.

    def taken(self, got: bytes) -> None:
        """Take messages apart."""
        found = split(self._inbox + got)
        self._inbox = (self._inbox + got)[found.used :]
        for message in found.messages:
            fields = {str(tag): value for tag, value in reversed(message.fields)}
            self._follow(message.kind, fields)
            self._heard.append(Heard(message.kind, fields))
        if found.garbled:
            self._heard.append(Heard(GARBLED, {"text": repr(got)}))

    def _follow(self, kind: str, fields: dict[str, str]) -> None:
        """Which orders are open."""
        order = fields.get(str(Tag.ORDER_ID), "")
        if kind != Kind.EXECUTION_REPORT or str(Tag.CL_ORD_ID) not in fields:
            return
        if fields.get(str(Tag.ORD_STATUS)) in {NEW, PARTIAL}:
            self._live[order] = fields
        else:
            self._live.pop(order, None)

    def next(self) -> Heard | None:
        """The first that was not given out."""
        return self._heard.popleft() if self._heard else None

    @property
    def is_up_to_date(self) -> bool:
        """FIX asks for what it missed."""
        return True

    def passes_over(self, heard: Heard) -> bool:
        """Heartbeats that answer nothing, and that something was received."""
        if heard.kind == Kind.HEARTBEAT:
            return str(Tag.TEST_REQ_ID) not in heard.fields
        return heard.kind == Kind.EXECUTION_REPORT and heard.fields.get(str(Tag.EXEC_TYPE)) in PENDING

    def shown(self, heard: Heard) -> str:
        """Ids as the row has them."""
        own = f"{self._prefix}{self._rows}"
        words = (
            f"{tag}={value.replace(own, '#') if value.startswith(own) else value}"
            for tag, value in heard.fields.items()
        )
        return " ".join((heard.kind, *words))


def _garbled(raw: bytes, what: str) -> bytes:
    """The message with one digit changed."""
    mark, width = BREAKS[what]
    at = raw.rindex(mark) if what == "checksum" else raw.index(mark)
    at += width
    return raw[:at] + (b"1" if raw[at : at + 1] != b"1" else b"2") + raw[at + 1 :]
