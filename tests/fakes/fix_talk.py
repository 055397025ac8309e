"""One side of a FIX session written out by hand: messages of any number and time to a session, and what it says to them."""

from __future__ import annotations

from harness.wire.fix import Fields, Message, encode, split
from harness.wire.fix_session import Session
from harness.wire.fix_store import MemoryStore
from harness.wire.fix_tags import Kind, Tag
from harness.wire.fix_terms import SECOND_NS, Party
from harness.wire.fix_times import timestamp

NOON_NS = 1_767_614_400 * SECOND_NS
"""2026-01-05 12:00:00 UTC."""
CLIENT, VENUE = "CLIENT", "VENUE"
HEARTBEAT_S = 30
ORDER: Fields = (
    (Tag.CL_ORD_ID, "ord-1"), (Tag.SYMBOL, "ONE"), (Tag.SIDE, "1"), (Tag.TRANSACT_TIME, timestamp(NOON_NS)), (Tag.ORDER_QTY, "5"),
    (Tag.ORD_TYPE, "2"), (Tag.PRICE, "1.00"),
)  # fmt: skip


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now_ns = NOON_NS

    def after(self, seconds: float) -> int:
        self.now_ns += int(seconds * SECOND_NS)
        return self.now_ns


def header(number: int | str, *, sender: str = CLIENT, target: str = VENUE, sent_ns: int = NOON_NS) -> Fields:
    return (
        (Tag.MSG_SEQ_NUM, str(number)),
        (Tag.SENDER_COMP_ID, sender),
        (Tag.SENDING_TIME, timestamp(sent_ns)),
        (Tag.TARGET_COMP_ID, target),
    )


class Talk:
    """A client by hand, and the session of a venue."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.store = MemoryStore()
        self.delivered: list[Message] = []
        self.next = 1
        self.connect()

    def connect(self) -> None:
        self.session = Session(self._admit, lambda: self.clock.now_ns, self.clock.now_ns)

    def _admit(self, message: Message) -> Party | None:
        names = message.get(Tag.SENDER_COMP_ID), message.get(Tag.TARGET_COMP_ID), message.get(Tag.PASSWORD)
        return Party(VENUE, CLIENT, self.store) if names == (CLIENT, VENUE, None) else None

    def say(
        self, kind: str, *body: tuple[int, str], number: int | None = None, head: Fields | None = None
    ) -> list[Message]:
        """Send one message under the next number, or this one; what is said to it."""
        self.take(kind, *body, number=number, head=head)
        return self.hear()

    def take(self, kind: str, *body: tuple[int, str], number: int | None = None, head: Fields | None = None) -> None:
        """The same, and do not listen yet."""
        if head is None:
            head = header(self.next if number is None else number, sent_ns=self.clock.now_ns)
        if number is None:
            self.next += 1
        self._take_bytes(encode(kind, (*head, *body)))

    def say_bytes(self, raw: bytes) -> list[Message]:
        self._take_bytes(raw)
        return self.hear()

    def _take_bytes(self, raw: bytes) -> None:
        for message in split(raw).messages:
            if (told := self.session.take(message, self.clock.now_ns)) is not None:
                self.delivered.append(told)

    def hear(self) -> list[Message]:
        """What the session says, to its end."""
        while self.session.pump():
            pass
        said = split(bytes(self.session.outbox))
        assert (said.used, said.garbled) == (len(self.session.outbox), 0)
        self.session.outbox.clear()
        return said.messages

    def wait(self, seconds: float) -> list[Message]:
        self.session.look_at_the_time(self.clock.after(seconds))
        return self.hear()

    def log_on(self, *more: tuple[int, str], number: int | None = None) -> list[Message]:
        return self.say(
            Kind.LOGON, (Tag.ENCRYPT_METHOD, "0"), (Tag.HEART_BT_INT, str(HEARTBEAT_S)), *more, number=number
        )


def told(messages: list[Message], *tags: int) -> list[tuple[str | None, ...]]:
    """The kind and these fields of each."""
    return [(message.kind, *(message.get(tag) for tag in tags)) for message in messages]
