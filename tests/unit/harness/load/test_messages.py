"""What goes over Locust's connection is plain values, and reads back as it was."""

import msgspec
import pytest

from harness.load.messages import Done, Go, Ready, Seats, Tally
from tests.fakes.load_worker import timed
from tests.unit.harness.load.test_master import JOB

SENT = (
    JOB,
    Seats(accounts=(1, 2), others=(3,), takes_rest=True, engine="{}"),
    Ready(drawn="ab"),
    Go(unix_ns=2**62),
    Tally(sent=5, late_ns=7, response=timed()),
    Done(status="interrupted", failure="", sent=9, last=Tally(sent=1), service=timed()),
)


@pytest.mark.parametrize("message", SENT, ids=lambda one: type(one).__name__)
def test_it_reads_back(message):
    plain = msgspec.msgpack.decode(msgspec.msgpack.encode(msgspec.to_builtins(message)))
    assert msgspec.convert(plain, type(message)) == message
