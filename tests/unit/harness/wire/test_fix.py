"""FIX on the wire: the reference messages of the protocol, whatever way a stream is cut, and what is garbled."""

import pytest

from harness.wire.fix import BODY_MOST, encode, split
from harness.wire.fix_tags import Tag

REFERENCE = [
    "8=FIX.4.4|9=72|35=A|34=1|49=CLIENT|52=20260105-14:30:00.000|56=VENUE|98=0|108=30|141=Y|10=086|",
    "8=FIX.4.4|9=131|35=D|34=2|49=CLIENT|52=20260105-14:30:01.000|56=VENUE|11=ord-0001|55=TEST|54=1|60=20260105-14:30:01.000|38=500|40=2|44=189.12|59=0|10=087|",
    "8=FIX.4.4|9=54|35=0|34=3|49=CLIENT|52=20260105-14:30:31.000|56=VENUE|10=005|",
]
LOGON, ORDER, HEARTBEAT = (text.replace("|", "\x01").encode() for text in REFERENCE)
STREAM = LOGON + ORDER + HEARTBEAT


@pytest.mark.parametrize("raw", [LOGON, ORDER, HEARTBEAT], ids=["logon", "order", "heartbeat"])
def test_the_reference_messages_there_and_back(raw):
    found = split(raw)
    assert (found.used, found.garbled, len(found.messages)) == (len(raw), 0, 1)
    (message,) = found.messages
    assert encode(message.kind, message.fields) == raw


def test_a_message_says_what_is_in_it():
    (message,) = split(ORDER).messages
    assert (message.kind, message.get(Tag.PRICE), message.number(), message.number(Tag.SYMBOL)) == (
        "D",
        "189.12",
        2,
        None,
    )
    assert message.get(Tag.ACCOUNT) is None
    assert not message.says(Tag.POSS_DUP_FLAG)


def test_however_a_stream_is_cut_the_same_messages_come_out():
    whole = split(STREAM).messages
    for cut in range(len(STREAM)):
        first = split(STREAM[:cut])
        second = split(STREAM[first.used :])
        assert first.messages + second.messages == whole
        assert first.garbled + second.garbled == 0
        assert second.used == len(STREAM) - first.used


GARBLED = {
    "checksum": LOGON.replace(b"10=086", b"10=087"),
    "checksum of two digits": LOGON.replace(b"10=086", b"10=86"),
    "a changed byte": LOGON.replace(b"CLIENT", b"CLIENS"),
    "length too low": LOGON.replace(b"9=72", b"9=71"),
    "length too high": LOGON.replace(b"9=72", b"9=90"),
    "length beyond what came": LOGON.replace(b"9=72", b"9=9000"),
    "length no number": LOGON.replace(b"9=72", b"9=7x"),
    "length with a zero before": LOGON.replace(b"9=72", b"9=072"),
    "length beyond all": LOGON.replace(b"9=72", b"9=%d" % (BODY_MOST + 1)),
    "another version": LOGON.replace(b"FIX.4.4", b"FIX.4.2"),
    "no kind in third place": encode("0", ((34, "1"),)).replace(b"35=0\x0134=1\x01", b"34=1\x0135=0\x01"),
    "noise": b"GET / HTTP/1.1\r\n\x01",
}


@pytest.mark.parametrize("name", GARBLED)
def test_what_is_garbled_is_left_out_and_what_follows_is_not(name):
    found = split(ORDER + GARBLED[name] + HEARTBEAT + ORDER)
    assert [message.kind for message in found.messages] == ["D", "0", "D"]
    assert found.garbled >= 1
    assert found.garbled_at == len(ORDER)
    assert found.used == len(ORDER + GARBLED[name] + HEARTBEAT + ORDER)


def test_noise_without_end_is_not_kept():
    assert split(b"x" * 10_000).used == 10_000
    assert split(b"x\x018=FIX").used == 2


def test_data_may_hold_the_separator():
    raw = encode("A", ((Tag.MSG_SEQ_NUM, "1"), (95, "5"), (96, "a\x01b=c"), (Tag.TEXT, "behind")))
    (message,) = split(raw).messages
    assert message.fields == ((34, "1"), (95, "5"), (96, "a\x01b=c"), (58, "behind"))


def test_what_cannot_be_taken_apart_still_has_its_number():
    raw = encode("0", ((34, "7"), (777777, "x"))).replace(b"777777", b"wonder")
    raw = raw[:-4] + b"%03d\x01" % (sum(raw[:-7]) % 256)
    (message,) = split(raw).messages
    assert message.number() == 7
    assert (0, "x") in message.fields
