"""Requests are found by their numbers, also by whoever opens the file next; replaces inherit, however long the chain."""

import numpy as np

from engines.service.gateway.requests import QUERY, Requests
from tests.fakes.ouch_client import SYMBOL, buy, replace, sell


def entered(requests, *records):
    joined = np.concatenate(records)
    requests.enter(joined, joined["user_ref_num"].astype(np.int64))


def test_a_chain_of_replaces_in_one_go_inherits_from_its_first_order(tmp_path):
    requests = Requests(tmp_path / "requests", 10)
    entered(requests, sell(1))
    entered(requests, replace(1, 2), replace(2, 3), buy(4), replace(3, 5), replace(4, 6))
    found = requests.records
    assert found["symbol"][1:7].tolist() == [SYMBOL] * 6
    assert [chr(side) for side in found["side"][1:7]] == list("SSSBSB")
    assert found["cl_ord_id"][5] == b"MORE".ljust(14)


def test_a_replace_of_itself_or_of_what_comes_later_inherits_nothing(tmp_path):
    requests = Requests(tmp_path / "requests", 10)
    entered(requests, replace(1, 1), replace(9, 2), replace(2**32 - 1, 3))
    assert requests.records["symbol"][1:4].tolist() == [0, 0, 0]


def test_they_are_there_for_whoever_comes_next_and_the_file_is_never_cut(tmp_path):
    entered(Requests(tmp_path / "requests", 10), buy(10))
    assert Requests(tmp_path / "requests", 3).records["type"].tolist() == [QUERY, 0, 0, 0]
    assert Requests(tmp_path / "requests", 20).records["type"][10] == ord("O")
