"""One session of OUCH: numbers for ids and ids for numbers, nothing sent that cannot be said, and what was under way sent again."""

import numpy as np
import pytest

from engines.adapters._ouch_ids import Ids
from engines.adapters._ouch_port import DOUBT_S, OuchPort, Words
from engines.adapters._ouch_writing import written
from engines.adapters._soup_client import Received
from harness.base.capabilities import Instrument
from harness.base.errors import MisspokeError
from harness.base.records import Channel, EventKind, commands_of, event_rows
from harness.wire import ouch, soup
from harness.wire.ouch_layout import LENGTH_PRESENT, REPLY
from harness.wire.ouch_symbols import symbols_of
from tests.fakes.lines import commands

SYMBOLS = symbols_of([Instrument(id=1, symbol="ONE"), Instrument(id=2, symbol="TWO")])
FIRM = ouch.word("GNGO", 4)


class Wire:
    """A client that keeps what it is given."""

    is_clear = True

    def __init__(self):
        self.sent = b""

    def send(self, raw, numbers=()):
        self.sent += bytes(raw)

    def send_packets(self, packets):
        self.send(packets.raw)

    def requests(self):
        return ouch.decode_requests(self.sent, soup.split(self.sent).packets).records


@pytest.fixture
def port():
    return OuchPort(7, 1, Wire(), Words(SYMBOLS, FIRM, Ids()))


def say(port, lines):
    """How many commands were taken, and the numbers of those that cannot be said."""
    flow = commands_of(commands(lines))
    found = written(flow, {1: port}, port._words)
    for run in found.runs:
        assert run.port is port
        port.say(run.packets)
    return found.taken, found.unsaid.tolist()


def reply(letter, number, **fields):
    made = np.zeros(1, REPLY)
    made["type"], made["user_ref_num"] = ord(letter), number
    made["present"] = LENGTH_PRESENT if letter in "AUEX" else 0
    for name, value in fields.items():
        made[name] = value
    raw = ouch.encode_replies(made).tobytes()
    return Received(raw, soup.split(raw).packets)


def sent(port):
    """The letter and the numbers of each request."""
    return [
        (chr(one["type"]), int(one["orig_user_ref_num"]), int(one["user_ref_num"])) for one in port.client.requests()
    ]


def test_each_order_gets_a_number_and_is_named_by_it(port):
    assert say(port, "B 10x5 #100; S 20x5 #200; replace #100 #300 11x5; cancel #200; cancel #300") == (5, [])
    assert sent(port) == [("O", 0, 1), ("O", 0, 2), ("U", 1, 3), ("X", 0, 2), ("X", 0, 3)]
    assert port.said == 5


@pytest.mark.parametrize(
    ("lines", "unsaid"),
    [
        ("B 10x5 #1 fok", [1]),
        ("B x5 #1 market", [1]),
        ("B 10x5 #0", [1]),
        ("B 10x5 #1; B 10x5 #1", [2]),
        ("B 10x5 #1; cancel #1 x2", [2]),
        ("cancel #9", [1]),
        ("B 10x5 #1; cancel #1 i2", [2]),
        ("B 10x5 #1; S 10x5 #2; replace #1 #2 11x5", [3]),
        ("B -1x5 #1; cancel #1", [1, 2]),
        ("B 10x5 #1 i9", [1]),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_not_sent_and_told(port, lines, unsaid):
    count, told = say(port, lines)
    assert (count, told) == (lines.count(";") + 1, unsaid)
    assert len(sent(port)) == port.said == count - len(unsaid)


def test_an_id_that_another_session_used_is_not_used_again(port):
    other = OuchPort(8, 1, Wire(), port._words)
    assert say(other, "B 10x5 #5") == (1, [])
    assert say(port, "B 10x5 #5; cancel #5; replace #5 #6 11x5") == (3, [1, 2, 3])


def test_a_replace_that_keeps_the_id_holds_what_names_it_until_it_is_answered(port):
    assert say(port, "B 10x5 #5; replace #5 #5 11x5; S 20x1 #6; cancel #5") == (3, [])
    assert say(port, "cancel #5") == (0, [])
    port.hear(reply("U", 2, orig_user_ref_num=1, side=ord("B"), quantity=5, price=11 * 10_000))
    assert say(port, "cancel #5") == (1, [])
    assert sent(port)[-1] == ("X", 0, 2)


def test_a_replace_that_is_refused_leaves_the_id_where_it_was(port):
    say(port, "B 10x5 #5; replace #5 #5 11x5")
    port.hear(reply("J", 2, reject_reason=1))
    say(port, "cancel #5")
    assert sent(port)[-1] == ("X", 0, 1)


def test_a_replace_of_an_order_that_is_gone_gets_no_answer_and_is_given_up(port):
    say(port, "B 10x5 #5; B 10x5 #6; replace #5 #5 11x5; replace #6 #6 11x5")
    port.hear(reply("E", 1, quantity=4, price=100_000, liquidity_flag=ord("R"), match_number=1))
    assert say(port, "cancel #5") == (0, []), "some of it is left"
    port.hear(reply("C", 1, quantity=1, reason=ord("U")))
    assert say(port, "cancel #5") == (1, [])
    assert sent(port)[-1] == ("X", 0, 1)
    assert say(port, "replace #5 #5 12x5; cancel #5") == (1, [])
    assert say(port, "cancel #5") == (1, []), "what is known to be gone is waited for no more"
    assert say(port, "cancel #6") == (0, [])
    port.hear(reply("U", 3, orig_user_ref_num=1, side=ord("B"), quantity=5, price=11 * 10_000))
    say(port, "cancel #5")
    assert sent(port)[-1] == ("X", 0, 3), "an answer that comes all the same counts"


@pytest.mark.parametrize(
    "gone",
    [
        {"letter": "J", "reject_reason": 1},
        {"letter": "A", "side": ord("B"), "quantity": 5, "price": 100_000, "order_state": ord("D")},
    ],
)
def test_so_is_that_of_one_that_never_lived(port, gone):
    say(port, "B 10x5 #5; replace #5 #5 11x5")
    port.hear(reply(gone.pop("letter"), 1, **gone))
    assert say(port, "cancel #5") == (1, [])


def test_so_is_that_of_an_order_that_a_replace_would_have_made(port):
    say(port, "B 10x5 #5; replace #5 #6 11x5; replace #6 #6 12x5")
    assert say(port, "cancel #6") == (0, [])
    port.hear(reply("C", 1, quantity=5, reason=ord("U")))
    assert say(port, "cancel #6") == (1, [])


def test_of_a_replaced_order_what_it_has_is_what_was_told_then(port):
    say(port, "B 10x5 #5; replace #5 #5 11x9")
    port.hear(reply("U", 2, orig_user_ref_num=1, side=ord("B"), quantity=3, price=11 * 10_000))
    say(port, "replace #5 #5 12x9")
    port.hear(reply("E", 2, quantity=3, price=110_000, liquidity_flag=ord("R"), match_number=1))
    assert say(port, "cancel #5") == (1, [])
    assert sent(port)[-1] == ("X", 0, 2)


def test_what_is_told_at_once_is_taken_in_its_order(port):
    say(port, "B 10x5 #5; replace #5 #5 11x9; replace #5 #5 12x9")
    say(port, "replace #5 #5 12x9")
    taken = reply("U", 2, orig_user_ref_num=1, side=ord("B"), quantity=3, price=11 * 10_000)
    filled = reply("E", 2, quantity=3, price=110_000, liquidity_flag=ord("R"), match_number=1)
    raw = taken.stream + filled.stream
    port.hear(Received(raw, soup.split(raw).packets))
    say(port, "replace #5 #5 12x9")
    assert say(port, "cancel #5") == (1, [])


def test_what_it_hears_is_about_orders_of_its_own(port):
    say(port, "B 10x5 #100 i2")
    (event,) = event_rows(port.hear(reply("A", 1, side=ord("B"), quantity=5, price=100_000, order_state=ord("L"))).events)  # fmt: skip
    assert (event.kind, event.order, event.command, event.instrument) == (EventKind.ACCEPTED, 100, 1, 2)
    assert (event.price, event.qty, event.channel, event.session) == (10, 5, Channel.ORDER, 7)


def test_a_replace_that_is_refused_is_told_of_the_order_that_it_named(port):
    say(port, "B 10x5 #5; replace #5 #6 11x5")
    (event,) = event_rows(port.hear(reply("J", 2, reject_reason=1)).events)
    assert (event.kind, event.order, event.new_order, event.command) == (EventKind.REPLACE_REJECTED, 5, 6, 2)


def test_what_is_none_of_ouch_ends_it_behind_what_came_before(port):
    say(port, "B 10x5 #100; B 10x5 #101")
    right = reply("J", 1, reject_reason=1).stream
    raw = right + soup.packet(soup.PacketType.SEQUENCED, b"fault") + reply("J", 2, reject_reason=1).stream
    heard = port.hear(Received(raw, soup.split(raw).packets))
    assert heard.events["order"].tolist() == [100]
    assert isinstance(heard.failure, MisspokeError)
    assert str(heard.failure) == "session 7: the engine sent a message that is none of OUCH 5.0: b'fault'"
    assert port.hear(Received(right, soup.split(right).packets)).failure is None


def test_requests_of_several_sessions_keep_their_order_and_an_account_without_one_is_told(port):
    other = OuchPort(8, 2, Wire(), port._words)
    flow = commands_of(
        commands("B 10x5 #1; B 10x5 #2; B 10x5 #3 a2; B 10x5 #4 a9; B 10x5 #5 a2; B 10x5 #6; B 10x5 #6 a2")
    )
    found = written(flow, {1: port, 2: other, 9: None}, port._words)
    assert [(run.port.number, len(run.packets.ends)) for run in found.runs] == [(7, 2), (8, 2), (7, 1)]
    assert (found.taken, found.unsaid.tolist()) == (7, [4, 7])


def again(port):
    """The letters and numbers of what is sent from here on, once all that comes has come."""
    port.client.sent = b""
    port.clear_up()
    return sent(port)


def cut_long_ago(port):
    port.was_cut()
    assert again(port) == []
    assert not port.may_say
    port._doubt_s -= 2 * DOUBT_S


def test_what_has_no_answer_is_sent_again_in_its_order_once_nothing_more_comes(port):
    say(port, "B 10x5 #1; B 10x5 #2; cancel #2; B 10x5 #3")
    port.is_answered(1)
    cut_long_ago(port)
    assert again(port) == [("O", 0, 2), ("X", 0, 2), ("O", 0, 3)]
    assert (port.said, port.said_again, port.may_say) == (4, 3, True)
    assert again(port) == []


def test_as_long_as_answers_come_nothing_is_sent_again(port):
    say(port, "B 10x5 #1; B 10x5 #2; B 10x5 #3")
    cut_long_ago(port)
    port.is_answered(1)
    assert again(port) == []
    assert not port.may_say
    port.is_answered(1)
    port._doubt_s -= 2 * DOUBT_S
    assert again(port) == [("O", 0, 3)]
    assert port.may_say


def test_what_was_answered_after_all_is_not_sent_again(port):
    say(port, "B 10x5 #1; B 10x5 #2")
    cut_long_ago(port)
    port.is_answered(2)
    port._doubt_s -= 2 * DOUBT_S
    assert again(port) == []
    assert (port.said_again, port.may_say) == (0, True)


def test_a_connection_with_nothing_under_way_leaves_no_doubt(port):
    say(port, "B 10x5 #1")
    port.is_answered(1)
    port.was_cut()
    assert port.may_say
