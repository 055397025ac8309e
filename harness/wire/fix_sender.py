"""What one side of a FIX connection sends: under its numbers, in their order, also where a part is asked for again.

While something is sent again, application messages are numbered and kept only: the resend reaches them. Administrative ones wait until it is
over, since they would be filled over as a gap.
"""

from __future__ import annotations

from collections.abc import Callable

from harness.wire.fix import Fields, encode
from harness.wire.fix_resend import again
from harness.wire.fix_tags import YES, Tag
from harness.wire.fix_terms import Party
from harness.wire.fix_times import timestamp


class Sender:
    """Of one connection, from the moment on that it is known whose it is."""

    def __init__(self, party: Party, utc_ns: Callable[[], int], outbox: bytearray) -> None:
        self.party, self._utc_ns, self._outbox = party, utc_ns, outbox
        self._due = self._due_end = 0
        """The next number that the other side asked for again, and the last (0: all that there are); 0: none."""
        self._held = 0
        """The first number that was given to a message meanwhile."""
        self._waiting: list[tuple[str, Fields]] = []

    def send(self, kind: str, body: Fields, *, live: bool = True) -> None:
        """Send what is kept: an application message, or a Reject. Where the connection is not `live` the other side asks for it later."""
        sent = self._stamp()
        number = self.party.store.keep(kind, sent, body)
        if self._due:
            self._held = self._held or number
        elif live:
            self._put(kind, number, sent, body)

    def tell(self, kind: str, body: Fields) -> None:
        """Send an administrative message."""
        if self._due:
            self._waiting.append((kind, body))
            return
        store = self.party.store
        number, store.next_out = store.next_out, store.next_out + 1
        self._put(kind, number, self._stamp(), body)

    def send_again(self, begin: int, end: int) -> None:
        """Begin with what was asked for; `end` 0: all that there are."""
        self._due, self._due_end = begin, end
        self.pump()

    def give_up(self) -> None:
        """What was asked for is not sent any more: the connection ends."""
        self._due, self._waiting = 0, []

    def pump(self) -> bool:
        """Put a further part of what is sent again into the outbox; whether there was any. To be called whenever the outbox is empty."""
        if not self._due:
            return False
        last = self.party.store.next_out - 1
        end = min(self._due_end or last, last)
        batch = again(self.party.store, self._due, end)
        for one in batch.messages:
            now = self._stamp()
            self._put(one.kind, one.number, now, one.body, original=one.sent or now)
        self._due = batch.next
        if batch.next > end:
            self._go_on(end)
        return True

    def _go_on(self, end: int) -> None:
        """With what was held back meanwhile."""
        self._due, self._due_end, self._held = (self._held if self._held > end else 0), 0, 0
        if not self._due:
            waiting, self._waiting = self._waiting, []
            for kind, body in waiting:
                self.tell(kind, body)

    def _put(self, kind: str, number: int, sent: str, body: Fields, original: str | None = None) -> None:
        header = [
            (Tag.MSG_SEQ_NUM, str(number)), (Tag.SENDER_COMP_ID, self.party.own), (Tag.SENDING_TIME, sent),
            (Tag.TARGET_COMP_ID, self.party.other),
        ]  # fmt: skip
        if original is not None:
            header += [(Tag.POSS_DUP_FLAG, YES), (Tag.ORIG_SENDING_TIME, original)]
        self._outbox += encode(kind, (*header, *body))

    def _stamp(self) -> str:
        return timestamp(self._utc_ns())
