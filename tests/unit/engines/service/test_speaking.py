"""A conversation in JSON lines from the engine's side: what is answered, however the stream was cut, and what ends it."""

import json

import pytest

from engines.plain.engine import PlainEngine
from engines.plain.offered import CAPABILITIES, CONVENTIONS
from engines.service.speaking import Conversation, Offer
from harness.base.capabilities import Conventions
from harness.base.records import commands_of
from harness.wire.json_lines import decode_events, encode_commands, encode_message
from harness.wire.json_messages import VERSION, AskBook, Book, Error, Init, InitOk, Reset, ResetOk
from tests.fakes.jsonl_engine import Told
from tests.fakes.lines import commands
from tests.fakes.mixed_flow import INSTRUMENTS

INIT = encode_message(Init(VERSION, INSTRUMENTS))


def met(conventions=None):
    talk = Conversation(Offer("plain", "1", CAPABILITIES, CONVENTIONS, Told))
    return talk, talk.answer(encode_message(Init(VERSION, INSTRUMENTS, conventions)))


def lines(text):
    return encode_commands(commands_of(commands(text)))


def test_it_says_what_it_offers_and_that_answers_take_their_time():
    (told,) = decode_events(met()[1]).messages
    assert isinstance(told, InitOk)
    assert (told.name, told.engine_version, told.conventions) == ("plain", "1", CONVENTIONS)
    assert (CAPABILITIES.answers_at_once, told.capabilities.answers_at_once) == (True, False)


def test_it_works_by_the_conventions_that_are_asked_for():
    talk, told = met(Conventions(self_trade="none"))
    assert decode_events(told).messages[0].conventions == Conventions(self_trade="none")
    kinds = [json.loads(line)["type"] for line in talk.answer(lines("S 100x5 #1; B 100x5 #2")).splitlines()]
    assert kinds == ["accepted", "rested", "accepted", "trade"]


def test_commands_are_answered_as_the_engine_itself_answers_them_wherever_the_stream_is_cut():
    said = lines("S 100x5 #1; B 100x2 #2 a2; cancel #1; replace #7 #8 101x5")
    engine = PlainEngine(INSTRUMENTS, CONVENTIONS)
    expected = engine.submit(commands_of(commands("S 100x5 #1; B 100x2 #2 a2; cancel #1; replace #7 #8 101x5")))
    for cut in range(len(said)):
        talk, _ = met()
        events = decode_events(talk.answer(said[:cut]) + talk.answer(said[cut:])).records
        assert events.tolist() == expected.tolist()
        assert (talk.commands, talk.events) == (4, len(expected))


def test_who_does_not_wait_for_answers_is_answered_in_order():
    talk = Conversation(Offer("plain", "1", CAPABILITIES, CONVENTIONS, Told))
    asked = encode_message(AskBook())
    told = talk.answer(INIT + lines("S 100x5 #1") + asked + encode_message(Reset()) + asked + lines("S 99x5 #1"))
    kinds = [json.loads(line)["type"] for line in told.splitlines()]
    assert kinds == ["init_ok", "accepted", "rested", "snapshot_ok", "reset_ok", "snapshot_ok", "accepted", "rested"]
    assert [len(one.rows) for one in decode_events(told).messages if isinstance(one, Book)] == [1, 0]


def test_its_book_is_told_and_a_reset_empties_it():
    talk, _ = met()
    talk.answer(lines("S 100x5 #1"))
    assert decode_events(talk.answer(encode_message(AskBook()))).messages == (Book(2, ((1, 1, 100, 0, 1, 5),)),)
    assert decode_events(talk.answer(encode_message(Reset()))).messages == (ResetOk(),)
    assert decode_events(talk.answer(encode_message(AskBook()))).messages == (Book(0, ()),)


WRONG = {
    "a command before init": ([lines("S 100x5 #1")], "a command came before init"),
    "a reset before init": ([encode_message(Reset())], "something else came before init"),
    "another version": ([INIT.replace(b'"version":1', b'"version":2')], "version 2 of the protocol; this engine speaks 1"),
    "no JSON": ([INIT, b"{\n"], "truncated"),
    "a word of no protocol": ([INIT, b'{"type":"hurry"}\n'], "hurry"),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_told_and_ends_it(parts, said):
    talk = Conversation(Offer("plain", "1", CAPABILITIES, CONVENTIONS, Told))
    told = decode_events(b"".join(talk.answer(part) for part in parts)).messages[-1]
    assert isinstance(told, Error)
    assert said in told.text
    assert talk.wrong == told.text
