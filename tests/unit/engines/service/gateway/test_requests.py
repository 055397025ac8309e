"""Requests are found by port and number, also by whoever opens the file next; replaces inherit, however long the chain."""

import numpy as np

from engines.service.gateway.requests import Requests
from harness.wire.ouch_layout import REQUEST
from tests.fakes.ouch_client import SYMBOL, buy, replace, sell


def entered(requests, port, *records):
    joined = np.concatenate(records, dtype=REQUEST)
    slots = np.full(len(joined), requests.slots(np.array([port]))[0])
    requests.enter(joined, slots, joined["user_ref_num"].astype(np.int64))


def found(requests, port, *numbers):
    rows = requests.rows(np.full(len(numbers), port), np.array(numbers))
    assert set(requests.owners(rows).tolist()) == {port}
    return requests.records[rows]


def test_a_chain_of_replaces_in_one_go_inherits_from_its_first_order(tmp_path):
    requests = Requests(tmp_path / "requests", 10, [5])
    entered(requests, 5, sell(1))
    entered(requests, 5, replace(1, 2), replace(2, 3), buy(4), replace(3, 5), replace(4, 6))
    held = found(requests, 5, *range(1, 7))
    assert held["symbol"].tolist() == [SYMBOL] * 6
    assert [chr(side) for side in held["side"]] == list("SSSBSB")
    assert held["cl_ord_id"][4] == b"MORE".ljust(14)


def test_a_replace_of_itself_or_of_what_comes_later_inherits_nothing(tmp_path):
    requests = Requests(tmp_path / "requests", 10, [5])
    entered(requests, 5, replace(1, 1), replace(9, 2), replace(2**32 - 1, 3))
    assert found(requests, 5, 1, 2, 3)["symbol"].tolist() == [0, 0, 0]


def test_ports_with_the_same_numbers_do_not_meet(tmp_path):
    requests = Requests(tmp_path / "requests", 10, [9, 2])
    entered(requests, 9, sell(1), buy(2))
    entered(requests, 2, buy(1), replace(1, 2))
    assert [chr(side) for side in found(requests, 9, 1, 2)["side"]] == ["S", "B"]
    assert [chr(side) for side in found(requests, 2, 1, 2)["side"]] == ["B", "B"]


def test_they_are_there_for_whoever_comes_next_with_other_ports_and_numbers(tmp_path):
    path = tmp_path / "requests"
    entered(Requests(path, 10, [1, 2]), 2, buy(10), sell(3))
    less = Requests(path, 3, [2])
    assert less.rows(np.array([2, 2, 1]), np.array([3, 10, 3])).tolist() == [2, -1, -1]
    more = Requests(path, 20, [3, 2, 1])
    entered(more, 3, buy(10))
    assert [chr(kind) for kind in found(more, 2, 10, 3)["type"]] == ["O", "O"]
    assert [chr(side) for side in found(Requests(path, 10, [1, 2, 3]), 3, 10)["side"]] == ["B"]


def test_what_never_came_is_blank_and_stays_so(tmp_path):
    requests = Requests(tmp_path / "requests", 10, [5])
    blank, query = found(requests, 5, 7, 0)
    assert (blank["type"], blank["user_ref_num"], chr(query["type"])) == (0, 7, "Q")
    again = Requests(tmp_path / "requests", 10, [5])
    assert again.rows(np.array([5, 5]), np.array([7, 0])).tolist() == [1, 2]
    entered(again, 5, sell(7))
    assert found(again, 5, 7)["side"][0] == ord("S")
