"""What becomes of each request: carried out, refused with an answer, or ignored where OUCH has it so; never guessed, never lost."""

import pytest

from harness.base.records import CommandKind, OrderType, Side, command_rows
from harness.wire import soup
from tests.fakes.ouch_client import buy, cancel, replace, request, sell, sent
from tests.fakes.ouch_desk import Desk


def test_an_order_is_the_ports_and_its_accounts(tmp_path):
    (row,) = command_rows(Desk(tmp_path).commands(2, sent(sell(3, price=101, quantity=7))))
    assert (row.order, row.account, row.session, row.instrument) == (2 << 32 | 3, 12, 2, 4)
    assert (row.kind, row.type, row.side, row.price, row.qty) == (CommandKind.NEW, OrderType.LIMIT, Side.SELL, 101, 7)


def test_cancels_and_replaces_in_the_same_go_find_their_orders(tmp_path):
    rows = command_rows(Desk(tmp_path).commands(1, sent(buy(1), replace(1, 2), cancel(2), request("C", 3))))
    assert [row.kind for row in rows] == [
        CommandKind.NEW,
        CommandKind.REPLACE,
        CommandKind.CANCEL,
        CommandKind.MASS_CANCEL,
    ]
    assert [row.target & 0xFFFF for row in rows] == [0, 1, 2, 0]
    assert [row.instrument for row in rows] == [4, 4, 4, 0]


def test_what_comes_again_is_ignored_whatever_it_says(tmp_path):
    desk = Desk(tmp_path)
    assert len(desk.commands(1, sent(buy(5), buy(5), buy(4), sell(0), buy(6)))) == 2
    assert len(desk.commands(1, sent(buy(6), replace(5, 3), request("C", 1)))) == 0
    assert desk.intake.counts.resent == 6
    assert [chr(kind) for kind in desk.requests.records["type"][1:4]] == ["O", "O", "\0"]


def test_what_names_an_order_that_never_came_is_ignored(tmp_path):
    desk = Desk(tmp_path)
    gone = (cancel(9), cancel(2**32 - 1), replace(7, 2), request("M", 1), replace(3, 3), cancel(0))
    assert len(desk.commands(1, sent(*gone))) == 0
    counts = desk.intake.counts
    assert (counts.requests, counts.ignored, counts.commands) == (6, 6, 0)


@pytest.mark.parametrize(
    ("refused", "answer"),
    [
        (request("O", 2, time_in_force=ord("3"), cross_type=ord("O")), ("J", 2, 0)),
        (buy(2, display=ord("N")), ("J", 2, 0)),
        (buy(2, symbol=1), ("J", 2, 0)),
        (buy(2, side=ord("?")), ("J", 2, 0)),
        (replace(1, 2, display=ord("N")), ("J", 2, 0)),
        (request("C", 2, firm=3), ("J", 2, 0)),
        (request("D", 2), ("J", 2, 0)),
        (request("E", 2), ("J", 2, 0)),
        (request("Q", 0), ("J", 0, 0)),
        (cancel(1, quantity=3), ("I", 1, 0)),
        (request("M", 1, quantity=3), ("I", 1, 0)),
    ],
)
def test_what_cannot_be_said_is_refused_with_an_answer_in_its_place(tmp_path, refused, answer):
    desk = Desk(tmp_path)
    assert desk.answers(1, sent(buy(1), refused, buy(3))) == [("A", 1, 5), answer, ("A", 3, 5)]
    assert desk.intake.counts.refused == 1


def test_an_order_on_a_channel_is_refused(tmp_path):
    channel = buy(1, user_ref_idx=2)
    channel["present"] |= 1 << 28
    assert Desk(tmp_path).answers(1, sent(channel)) == [("J", 1, 0)]


def test_a_message_that_cannot_be_read_takes_what_came_with_it_along_and_nothing_of_others(tmp_path):
    desk = Desk(tmp_path)
    desk.bring(1, sent(buy(1)) + soup.packet(soup.PacketType.UNSEQUENCED, b"O123") + sent(buy(2)))
    (row,) = command_rows(desk.commands(2, sent(buy(7))))
    assert (row.session, row.order & 0xFFFF) == (2, 7)
    assert desk.refusals == [(1, "message 2 of 3 cannot be read: too short")]
    assert desk.answers(1, sent(buy(1))) == [("A", 1, 5)]


def test_a_number_beyond_those_kept_is_told_and_changes_nothing(tmp_path):
    desk = Desk(tmp_path, numbers=10)
    assert len(desk.commands(1, sent(buy(10), buy(11)))) == 0
    assert desk.refusals == [(1, "UserRefNum 11: a port may use those up to 10")]
    assert desk.intake.last.tolist() == [0, 0]


def test_what_several_ports_bring_is_one_batch_in_the_order_in_which_they_came(tmp_path):
    desk = Desk(tmp_path)
    desk.bring(2, sent(buy(1), buy(2)))
    desk.bring(1, sent(sell(1), replace(1, 2)))
    rows = command_rows(desk.commands(2, sent(cancel(2))))
    assert [(row.session, row.account, row.kind) for row in rows] == [
        (2, 12, CommandKind.NEW), (2, 12, CommandKind.NEW), (1, 11, CommandKind.NEW), (1, 11, CommandKind.REPLACE), (2, 12, CommandKind.CANCEL),
    ]  # fmt: skip
    assert [row.target for row in rows[3:]] == [1 << 32 | 1, 2 << 32 | 2]
    assert len(desk.intake.take()) == 0
