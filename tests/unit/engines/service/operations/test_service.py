"""A whole service is what it was after each end, good or bad, and its counts say what became of everything."""

import pytest

from engines.service.errors import InUseError
from harness.base.errors import SetupError
from tests.fakes.ouch_client import buy, cancel, heard, replace, sell, sent
from tests.fakes.served import Served, raw_config, served
from tests.fakes.soup_client import Client


def told_all(service, name, count):
    with Client(service.address).log_in(name) as client:
        return client.hear(count), client.accepted()[0]


def recovered(service):
    """What it said of its folder."""
    (line,) = (line for line in service.log() if line["event"] == "recovered")
    return line


def test_streams_books_and_numbers_are_there_again_after_an_end(tmp_path):
    with served(tmp_path) as service:
        with Client(service.address).log_in() as one, Client(service.address).log_in("two") as two:
            one.send(sent(sell(1), replace(1, 2, 101, 9), cancel(2, 4), sell(7, 102))).hear(4)
            two.send(sent(buy(1, 101, 3))).hear(2)
            before = one.hear(5), two.hear(2)
        session = told_all(service, "one", 5)[1]
    with served(tmp_path) as service:
        assert recovered(service)["said"] == "clean"
        assert told_all(service, "one", 5) == (before[0], session)
        assert told_all(service, "two", 2) == (before[1], session)
        with Client(service.address).log_in("two", sequence=3) as two:
            assert heard(two.send(sent(buy(2, 102, 8))).hear(3)) == [("A", 2, 8), ("E", 2, 6), ("E", 2, 2)]
        with Client(service.address).log_in(sequence=6) as one:
            one.send(sent(sell(7), sell(6), sell(8)))
            assert heard(one.hear(3)) == [("E", 2, 6), ("E", 7, 2), ("A", 8, 5)]


def test_the_end_takes_what_was_sent_and_tells_how_much(tmp_path):
    with served(tmp_path) as service:
        with Client(service.address).log_in() as one:
            one.send(sent(*(buy(number) for number in range(1, 1_001)))).hear(1)
            assert service.end()
            one.until_closed()
        drained = service.log()[-1]
    assert drained["event"] == "drained"
    assert drained["gaps"] == "{}"
    assert drained["published"] == 2 * drained["offered"] == 2 * one.count
    with served(tmp_path) as service:
        assert told_all(service, "one", one.count)[0] == one.stream


def test_after_a_restart_the_orders_of_absent_ports_go_where_they_want_it(tmp_path):
    with served(tmp_path, raw_config({"cancel_on_disconnect": True})) as service:
        one = Client(service.address).log_in()
        one.send(sent(buy(1))).hear(1)
        assert service.end()
        one.socket.close()
    with served(tmp_path, raw_config({"cancel_on_disconnect": True})) as service:
        assert heard(told_all(service, "one", 2)[0]) == [("A", 1, 5), ("C", 1, 5)]


def test_a_folder_or_an_address_that_is_in_use_is_told(tmp_path):
    with served(tmp_path) as service:
        with pytest.raises(InUseError):
            Served(tmp_path, raw_config())
        taken = raw_config() | {"listeners": {"ouch": service.address[1]}}
        with pytest.raises(SetupError, match="cannot listen on"):
            Served(tmp_path / "other", taken)


def test_a_count_that_is_short_is_no_good_end(tmp_path):
    with served(tmp_path) as service:
        service.service._gateway.own_commands += 1
        assert not service.end()
        assert "sessions to ring" in service.log()[-1]["gaps"]
        service.balanced = True


def test_while_it_works_it_is_kept_and_segments_go_only_if_it_is_told_so(tmp_path):
    config = raw_config() | {
        "journal": {"segment_commands": 16},
        "snapshots": {"every_commands": 20, "kept": 1, "old_segments": "archive"},
    }
    with served(tmp_path, config) as service:
        with Client(service.address).log_in() as one:
            for number in range(1, 65):
                one.send(sent(buy(number))).hear(number)
        assert service.end()
        kept = [line["command"] for line in service.log() if line["event"] == "kept"]
        assert len(kept) > 1
        assert kept[-1] == 64
    assert [path.stem[-2:] for path in sorted((tmp_path / "journal" / "archive").iterdir())] == ["01", "17", "33"]
    with served(tmp_path, config) as service:
        assert recovered(service)["said"] == "clean"
        assert told_all(service, "one", 64)[0]
