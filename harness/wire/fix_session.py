"""The session layer of FIX 4.4 as a state machine: numbers, gaps, resends, heartbeats, logon and logout, for either side of a connection.

It knows no socket and reads no clock: messages come in by `take`, bytes to send lie in `outbox`, times are handed in, and `over` says why the
connection is to be closed once the outbox is sent. What must outlive a connection lies in a `Store`.
"""

from __future__ import annotations

from collections.abc import Callable

from harness.wire.fix import Fields, Message
from harness.wire.fix_dictionary import Refusal, refusal_of, reject_of
from harness.wire.fix_sender import Sender
from harness.wire.fix_store import Store
from harness.wire.fix_tags import YES, Kind, Refused, Tag
from harness.wire.fix_terms import CUSTOMARY, SECOND_NS, Party, Phase, Tolerances
from harness.wire.fix_trust import no_duplicate, untrusted

ADMINISTRATIVE = frozenset(
    (Kind.HEARTBEAT, Kind.TEST_REQUEST, Kind.RESEND_REQUEST, Kind.SEQUENCE_RESET, Kind.LOGOUT, Kind.LOGON)
)
"""What is not sent again; a Reject is."""
NEVER_NS = 2**62


class Session:
    """One connection's conversation."""

    def __init__(
        self, admit: Callable[[Message], Party | None], utc_ns: Callable[[], int], now_ns: int, tolerances: Tolerances = CUSTOMARY
    ) -> None:  # fmt: skip
        """For who is logged on to; `admit` says by its Logon whom the other side is, or None. `utc_ns` gives the time of day, `now_ns` is any clock's."""
        self.outbox = bytearray()
        self.over: str | None = None
        self.farewell = ""
        """What the other side said when it logged out."""
        self.phase = Phase.AWAITING
        self._sender: Sender | None = None
        """None: nobody is logged on."""
        self._admit, self._utc_ns, self._tolerances = admit, utc_ns, tolerances
        self._heartbeat_ns = 0
        self._now_ns = self._heard_ns = self._told_ns = now_ns
        self._until_ns = NEVER_NS
        """By when the other side must have answered a TestRequest or a Logout, or closed."""
        self._tests = 0
        self._asked_from = self._asked_at = 0
        """The first number of the gap that was asked for, and the number at which it was seen; 0: there is none."""

    # What this side does.

    def knock(self, party: Party, heartbeat_s: int, credentials: Fields = (), *, reset: bool = False) -> None:
        """Log on."""
        self._sender = Sender(party, self._utc_ns, self.outbox)
        self.phase, self._heartbeat_ns = Phase.KNOCKING, heartbeat_s * SECOND_NS
        if reset:
            party.store.reset()
        self._log_on(reset=reset, more=credentials)

    def send(self, kind: str, body: Fields) -> None:
        """Send an application message."""
        self._known().send(kind, body, live=self.phase in (Phase.ACTIVE, Phase.LEAVING))
        self._told_ns = self._now_ns

    def pump(self) -> bool:
        """Put a further part of what is sent again into the outbox; whether there was any. To be called whenever the outbox is empty."""
        return self.over is None and self._sender is not None and self._sender.pump()

    def log_out(self, text: str) -> None:
        """End the session in good order."""
        if self.phase == Phase.ACTIVE:
            self._tell(Kind.LOGOUT, ((Tag.TEXT, text),))
            self.phase, self._until_ns = Phase.LEAVING, self._now_ns + self._tolerances.logout_ns
        else:
            self.over = self.over or text

    def reject(self, message: Message, refusal: Refusal) -> None:
        """Refuse a message of the other side."""
        self.send(Kind.REJECT, reject_of(message, refusal))

    def look_at_the_time(self, now_ns: int) -> int:
        """Do what is due; when to look again."""
        self._now_ns = now_ns
        if self.over is not None or self.phase == Phase.AWAITING:
            return NEVER_NS
        if now_ns >= self._until_ns:
            self._run_out()
            return NEVER_NS
        if not self._heartbeat_ns or self.phase != Phase.ACTIVE:
            return self._until_ns
        silence_ns = self._heartbeat_ns * self._tolerances.silence_percent // 100
        if self._until_ns == NEVER_NS and now_ns >= self._heard_ns + silence_ns:
            self._tests += 1
            self._tell(Kind.TEST_REQUEST, ((Tag.TEST_REQ_ID, f"TEST{self._tests}"),))
            self._until_ns = now_ns + silence_ns
        if now_ns >= self._told_ns + self._heartbeat_ns:
            self._tell(Kind.HEARTBEAT, ())
        hears_by_ns = self._heard_ns + silence_ns if self._until_ns == NEVER_NS else self._until_ns
        return min(hears_by_ns, self._told_ns + self._heartbeat_ns)

    def excuse(self, now_ns: int) -> None:
        """This side did not listen: that was no silence of the other."""
        self._heard_ns = now_ns

    # What the other side sends.

    def take(self, message: Message, now_ns: int) -> Message | None:
        """A message came: the same, where it is for the application (an application message, or a Reject of one of ours)."""
        if self.over is not None or self.phase == Phase.LEFT:
            return None
        self._now_ns = self._heard_ns = now_ns
        if self.phase == Phase.ACTIVE:
            self._until_ns = NEVER_NS
        if self.phase in (Phase.AWAITING, Phase.KNOCKING):
            self._begin(message)
            return None
        return self._numbered(message, self._known().party)

    def _numbered(self, message: Message, party: Party) -> Message | None:
        number, store = message.number(), party.store
        if number is None:
            self._break_off("a message without MsgSeqNum")
        elif refusal := untrusted(message, party, self._utc_ns(), self._tolerances.clock_ns):
            if number == store.next_in:
                store.next_in += 1
            self.reject(message, refusal)
            self._break_off(refusal.text())
        elif message.kind == Kind.SEQUENCE_RESET and not message.says(Tag.GAP_FILL_FLAG):
            self._reset_to(message, store)
        elif number > store.next_in:
            self._early(message, number, store)
        elif number < store.next_in:
            self._late(message, number, store)
        else:
            return self._in_order(message, store)
        return None

    def _in_order(self, message: Message, store: Store) -> Message | None:
        store.next_in += 1
        if self._asked_at and store.next_in > self._asked_at:
            self._asked_at = 0
        refusal = refusal_of(message) or no_duplicate(message)
        if refusal:
            self.reject(message, refusal)
            if refusal.reason == Refused.SENDING_TIME:
                self._break_off(refusal.text())
            return None
        if message.kind in ADMINISTRATIVE:
            self._administer(message, store)
            return None
        return message

    def _administer(self, message: Message, store: Store) -> None:
        match message.kind:
            case Kind.TEST_REQUEST:
                self._tell(Kind.HEARTBEAT, ((Tag.TEST_REQ_ID, message.get(Tag.TEST_REQ_ID) or ""),))
            case Kind.RESEND_REQUEST:
                self._send_again(message, store)
            case Kind.SEQUENCE_RESET:
                self._fill_gap(message, store)
            case Kind.LOGOUT:
                self._leave(message)
            case Kind.LOGON:
                self._break_off("a second Logon")

    def _early(self, message: Message, number: int, store: Store) -> None:
        """Ask for what is missing; the message itself comes again then, but for what may not wait so long."""
        if message.kind == Kind.LOGOUT:
            self._leave(message)
            return
        if message.kind == Kind.RESEND_REQUEST and refusal_of(message) is None:
            self._send_again(message, store)
        # What is sent again may have a gap of its own, where a part of it was garbled.
        broke_again = message.says(Tag.POSS_DUP_FLAG) and store.next_in != self._asked_from
        if not self._asked_at or broke_again:
            self._asked_from, self._asked_at = store.next_in, number
            self._tell(Kind.RESEND_REQUEST, ((Tag.BEGIN_SEQ_NO, str(store.next_in)), (Tag.END_SEQ_NO, "0")))

    def _late(self, message: Message, number: int, store: Store) -> None:
        if not message.says(Tag.POSS_DUP_FLAG):
            self._break_off(f"MsgSeqNum {number} came, wanted {store.next_in}")
        elif refusal := no_duplicate(message):
            self.reject(message, refusal)
            if refusal.reason == Refused.SENDING_TIME:
                self._break_off(refusal.text())

    def _reset_to(self, message: Message, store: Store) -> None:
        """Without a gap fill, whatever number the message itself has."""
        following = message.number(Tag.NEW_SEQ_NO)
        if refusal := refusal_of(message):
            self.reject(message, refusal)
        elif following is None or following < store.next_in:
            self.reject(message, Refusal(Refused.VALUE_OUT_OF_RANGE, Tag.NEW_SEQ_NO))
        else:
            store.next_in, self._asked_at = following, 0

    def _fill_gap(self, message: Message, store: Store) -> None:
        """Its own number is counted already."""
        following = message.number(Tag.NEW_SEQ_NO)
        if following is None or following < store.next_in:
            self.reject(message, Refusal(Refused.VALUE_OUT_OF_RANGE, Tag.NEW_SEQ_NO))
            return
        store.next_in = following
        if following > self._asked_at:
            self._asked_at = 0

    def _send_again(self, message: Message, store: Store) -> None:
        begin, end = message.number(Tag.BEGIN_SEQ_NO) or 0, message.number(Tag.END_SEQ_NO) or 0
        if not 1 <= begin < store.next_out:
            self.reject(message, Refusal(Refused.VALUE_OUT_OF_RANGE, Tag.BEGIN_SEQ_NO))
        elif end and end < begin:
            self.reject(message, Refusal(Refused.VALUE_OUT_OF_RANGE, Tag.END_SEQ_NO))
        else:
            self._known().send_again(begin, end)

    # Beginning and end.

    def _begin(self, message: Message) -> None:
        if message.kind != Kind.LOGON:
            said = message.get(Tag.TEXT)
            self.over = f"no Logon, but {message.kind!r}{': ' if said else ''}{said or ''}"
            return
        is_answer = self.phase == Phase.KNOCKING
        party = self._known().party if is_answer else self._admit(message)
        if party is None or message.number() is None or message.number(Tag.HEART_BT_INT) is None:
            self.over = "the Logon was not admitted"
            return
        self._sender = self._sender or Sender(party, self._utc_ns, self.outbox)
        if refusal := refusal_of(message) or untrusted(message, party, self._utc_ns(), self._tolerances.clock_ns):
            self._break_off(f"the Logon is refused: {refusal.text()}")
        elif message.get(Tag.ENCRYPT_METHOD) != "0":
            self._break_off("the Logon is refused: no EncryptMethod but 0")
        elif message.says(Tag.RESET_SEQ_NUM_FLAG) and message.number() != 1:
            self._break_off("a Logon with ResetSeqNumFlag has MsgSeqNum 1")
        else:
            self._welcome(message, party.store, is_answer=is_answer)

    def _welcome(self, message: Message, store: Store, *, is_answer: bool) -> None:
        number, resets = message.number() or 0, message.says(Tag.RESET_SEQ_NUM_FLAG)
        if resets and not is_answer:
            store.reset()
        elif resets:
            store.next_in = 1
        if number < store.next_in:
            self._break_off(f"MsgSeqNum {number} came, wanted {store.next_in}")
            return
        self.phase = Phase.ACTIVE
        self._heartbeat_ns = (message.number(Tag.HEART_BT_INT) or 0) * SECOND_NS
        if not is_answer:
            self._log_on(reset=resets)
        if number > store.next_in:
            self._early(message, number, store)
        else:
            store.next_in += 1

    def _log_on(self, *, reset: bool, more: Fields = ()) -> None:
        body = [(Tag.ENCRYPT_METHOD, "0"), (Tag.HEART_BT_INT, str(self._heartbeat_ns // SECOND_NS))]
        if reset:
            body.append((Tag.RESET_SEQ_NUM_FLAG, YES))
        self._tell(Kind.LOGON, (*body, *more))

    def _leave(self, message: Message) -> None:
        """The other side logged out."""
        self.farewell = message.get(Tag.TEXT) or "Logout"
        if self.phase == Phase.LEAVING:
            self.over = "logged out"
            return
        self._tell(Kind.LOGOUT, ())
        self.phase, self._until_ns = Phase.LEFT, self._now_ns + self._tolerances.logout_ns

    def _break_off(self, why: str) -> None:
        """Say why, and end at once."""
        self._known().give_up()
        self._tell(Kind.LOGOUT, ((Tag.TEXT, why),))
        self.over = why

    def _run_out(self) -> None:
        if self.phase == Phase.ACTIVE:
            self._break_off("no answer to a TestRequest")
        else:
            self.over = "the other side neither answered nor closed"

    def _tell(self, kind: str, body: Fields) -> None:
        self._known().tell(kind, body)
        self._told_ns = self._now_ns

    def _known(self) -> Sender:
        if self._sender is None:
            raise RuntimeError("nobody is logged on")
        return self._sender
