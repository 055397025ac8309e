"""A socket's end as the gateway sees it: what is there, what is not yet, and what will never be."""

import socket

import pytest

from engines.service.gateway.link import READ_BYTES, SECOND_NS, Cause, CutOff, Link


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield Link(ours, 0), theirs


def test_what_is_not_there_yet_is_nothing_and_no_end(pair):
    link, theirs = pair
    assert link.receive() == b""
    theirs.sendall(b"hello")
    assert link.receive() == b"hello"
    assert not link.is_blocked


def test_a_client_that_closed_ends_it(pair):
    link, theirs = pair
    theirs.close()
    with pytest.raises(CutOff) as end:
        link.receive()
    assert (end.value.cause, str(end.value)) == (Cause.LEFT, "the client closed")
    with pytest.raises(CutOff, match="the connection broke"):
        link.send(b"more")


def test_a_full_socket_takes_a_part_and_then_nothing(pair):
    link, theirs = pair
    more = bytes(2**22)
    assert 0 < link.send(more) < len(more)
    while link.send(more):
        pass
    theirs.recv(READ_BYTES)
    assert link.send(b"") == 0


def test_who_sends_ahead_is_read_when_his_share_is_over(pair):
    link, _ = pair
    now_ns = 10 * SECOND_NS
    link.pay(10, 10, now_ns)
    assert link.may_read(now_ns)
    link.pay(1, 10, now_ns)
    assert not link.may_read(now_ns + SECOND_NS // 10 - 1)
    assert link.may_read(now_ns + SECOND_NS // 10)


def test_who_comes_to_an_end_is_read_no_more(pair):
    link, _ = pair
    link.ending = CutOff(Cause.WIRE, "nonsense")
    assert not link.may_read(SECOND_NS)
