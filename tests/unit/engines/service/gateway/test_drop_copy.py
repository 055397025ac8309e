"""The drop copy holds every event once, under the engine's own number, and whoever reads it may send nothing."""

import numpy as np
import pytest

from engines.service.config import DropCopy
from engines.service.gateway.drop_copy import DropCopies
from harness.base.records import EVENT, EventKind
from harness.wire.soup import split
from tests.fakes.ouch_client import buy, cancel, sell, sent
from tests.fakes.ouch_desk import Desk
from tests.fakes.served import served
from tests.fakes.soup_client import Client

WATCH = DropCopy(username="watch", password="secret")


def events_in(stream):
    """Each packet's payload as an event."""
    packets = split(stream).packets
    assert split(stream).used == len(stream)
    return np.frombuffer(b"".join(stream[start:end] for _, start, end in packets.tolist()), EVENT)


@pytest.fixture
def copies(tmp_path):
    made = []

    def make(settings):
        made.append(DropCopies(settings, tmp_path / "copy.stream"))
        return made[-1]

    yield make
    for one in made:
        one.stream.close()


def test_it_holds_the_events_as_they_are_with_nothing_in_the_padding(tmp_path, copies):
    desk, copy = Desk(tmp_path), copies([WATCH])
    for raw in (sent(sell(1), buy(2)), sent(cancel(1), buy(3))):
        desk.raw(1, raw)
        told = desk.events[-1]
        told.view(np.uint8).reshape(-1, 112)[:, 108:] = 7
        copy.tell(told)
    raw = copy.stream.read(0, copy.stream.size)
    assert events_in(raw).tolist() == desk.all_events().tolist()
    assert not events_in(raw).view(np.uint8).reshape(-1, 112)[:, 108:].any()


def test_an_event_that_is_missed_is_no_gap_that_nobody_sees(tmp_path, copies):
    desk, copy = Desk(tmp_path), copies([WATCH])
    desk.raw(1, sent(sell(1), buy(2)))
    with pytest.raises(ValueError, match="holds 0 events; what came begins with 2"):
        copy.tell(desk.events[-1][1:])


def test_where_nobody_may_read_it_nothing_is_kept(tmp_path, copies):
    desk, copy = Desk(tmp_path), copies([])
    desk.raw(1, sent(sell(1), buy(2)))
    copy.tell(desk.events[-1])
    assert copy.stream.size == 0


def test_its_login_sends_nothing(copies):
    refusals = []
    copies([WATCH]).logins[0].bring(b"", np.zeros((3, 3), np.int64), refusals.append)
    assert refusals == ["messages from a login that may only read"]


def test_over_the_wire_it_tells_the_events_of_all_ports_from_any_number_also_after_a_restart(tmp_path):
    with served(tmp_path) as service, Client(service.address).log_in("watch") as watch:
        with Client(service.address).log_in("one") as one, Client(service.address).log_in("two") as two:
            one.send(sent(sell(1), sell(2, 101))).hear(2)
            two.send(sent(buy(1, 101, 7), cancel(9))).hear(3)
        told = events_in(watch.hear(7))
        assert told["engine_seq"].tolist() == list(range(1, 8))
        assert told["kind"].tolist()[-3:] == [EventKind.ACCEPTED, EventKind.TRADE, EventKind.TRADE]
        with Client(service.address).log_in("watch", sequence=6) as again:
            assert again.hear(2) == watch.stream[5 * 115 :]
            again.send(sent(buy(1))).until_closed()
        assert any("may only read" in end for end in service.ends_of_connections())
    with served(tmp_path) as service, Client(service.address).log_in("watch") as again:
        assert again.hear(7) == watch.stream
