"""Who is told what, that the same events give the same bytes, and that nothing is told to another port."""

from engines.service.gateway.requests import Requests
from tests.fakes.ouch_client import buy, cancel, heard, replace, replies, request, sell, sent
from tests.fakes.ouch_desk import PORTS, Desk


def test_a_trade_is_told_to_both_ports_and_the_rest_to_one(tmp_path):
    desk = Desk(tmp_path)
    assert desk.answers(1, sent(sell(1, 100, 5), sell(2, 101, 5))) == [("A", 1, 5), ("A", 2, 5)]
    told = desk.raw(2, sent(buy(9, 101, 7)))
    assert heard(told[2]) == [("A", 9, 7), ("E", 9, 5), ("E", 9, 2)]
    assert heard(told[1]) == [("E", 1, 5), ("E", 2, 2)]
    assert [chr(flag) for flag in replies(told[1])["liquidity_flag"]] == ["A", "A"]


def test_a_trade_with_oneself_is_told_twice_and_what_follows_keeps_its_place(tmp_path):
    desk = Desk(tmp_path)
    desk.answers(1, sent(sell(1, 100, 5)))
    told = desk.answers(1, sent(buy(2, 100, 5), cancel(1, quantity=3), request("C", 3)))
    assert told == [("A", 2, 5), ("E", 2, 5), ("E", 1, 5), ("I", 1, 0), ("X", 3, 0)]


def test_replaces_and_cancels_are_told_by_the_numbers_of_the_client(tmp_path):
    desk = Desk(tmp_path)
    told = desk.answers(1, sent(buy(1), replace(1, 2, quantity=9), cancel(2), cancel(2), replace(2, 3)))
    assert told == [("A", 1, 5), ("U", 2, 9), ("C", 2, 9)]
    assert replies(desk.raw(1, sent(buy(4)))[1])["cl_ord_id"].tolist() == [b"MINE".ljust(14)]


def test_a_mass_cancel_is_answered_behind_what_it_took(tmp_path):
    desk = Desk(tmp_path)
    assert desk.answers(1, sent(buy(1), buy(2), request("C", 3)))[2:] == [("C", 1, 5), ("C", 2, 5), ("X", 3, 0)]


def test_the_same_events_give_the_same_bytes_again_from_the_file(tmp_path):
    desk = Desk(tmp_path)
    first = dict.fromkeys((1, 2), b"")
    for port, stream in (
        (1, sent(sell(1), sell(2, 102), cancel(1, 2))),
        (2, sent(buy(1, 101, 8), replace(1, 2, 102, 9), buy(3, symbol=5))),
        (1, sent(request("Q", 0), request("C", 7))),
    ):
        for one, packets in desk.raw(port, stream).items():
            first[one] += packets
    desk.requests = Requests(tmp_path / "requests", 1_000, PORTS)
    assert desk.told(desk.all_events()) == first
    assert len(first[1]) > len(first[2]) > 0
