"""What goes out under which number; more of it with the session's own tests."""

from harness.wire.fix import split
from harness.wire.fix_sender import Sender
from harness.wire.fix_store import MemoryStore
from harness.wire.fix_tags import Kind
from harness.wire.fix_terms import Party
from tests.fakes.fix_talk import NOON_NS


def made():
    outbox = bytearray()
    return Sender(Party("VENUE", "CLIENT", MemoryStore()), lambda: NOON_NS, outbox), outbox


def test_what_is_not_live_is_numbered_and_kept():
    sender, outbox = made()
    sender.send(Kind.EXECUTION_REPORT, (), live=False)
    assert not outbox
    sender.tell(Kind.HEARTBEAT, ())
    assert [message.number() for message in split(bytes(outbox)).messages] == [2]
    assert [one.number for one in sender.party.store.kept(1, 9, 9)] == [1]


def test_who_gives_up_sends_nothing_again():
    sender, outbox = made()
    for _ in range(300):
        sender.send(Kind.EXECUTION_REPORT, ())
    sender.send_again(1, 0)
    sender.give_up()
    outbox.clear()
    assert not sender.pump()
    assert not outbox
