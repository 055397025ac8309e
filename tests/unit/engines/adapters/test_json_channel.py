"""JSON lines over two pipes: what does not fit waits and goes out later, and lines are told wherever the stream was cut."""

import os

import pytest

from engines.adapters._json_channel import JsonChannel
from harness.base.records import Event, EventKind, events_of
from harness.wire.json_lines import decode_commands, encode_events
from harness.wire.json_messages import ResetOk
from tests.fakes.mixed_flow import mixed_flow

EVENTS = events_of([Event(kind=EventKind.ACCEPTED, command=number, order=7) for number in range(1, 6)])


class Engine:
    """The other ends of the pipes."""

    def __init__(self):
        self.hears, writing = os.pipe()
        reading, self.says = os.pipe()
        os.set_blocking(writing, False)
        os.set_blocking(self.hears, False)
        self.ours = (reading, writing)
        self.channel = JsonChannel(reading, writing)

    def read(self):
        try:
            return os.read(self.hears, 1 << 20)
        except BlockingIOError:
            return b""


@pytest.fixture
def engine():
    engine = Engine()
    yield engine
    for pipe in (engine.hears, engine.says, *engine.ours):
        try:
            os.close(pipe)
        except OSError:
            continue


def test_what_the_engine_does_not_take_waits_and_goes_out_while_it_is_heard(engine):
    flow = mixed_flow(seed=1, count=3_000)
    taken = 0
    while took := engine.channel.send(flow[taken:]):
        taken += took
    got = b""
    # Nothing more is sent: to listen is enough for what waits to go out.
    while read := engine.read():
        got += read
        engine.channel.hear(0)
    assert decode_commands(got).records["number"].tolist() == list(range(1, taken + 1))
    assert len(got) > 1 << 17


def test_events_are_heard_wherever_the_stream_is_cut(engine):
    said = encode_events(EVENTS)
    for cut in range(1, len(said)):
        os.write(engine.says, said[:cut])
        first = engine.channel.hear(1).events.tolist()
        os.write(engine.says, said[cut:])
        assert first + engine.channel.hear(1).events.tolist() == EVENTS.tolist()


def test_a_wrong_line_is_told_by_its_number_since_the_beginning(engine):
    os.write(engine.says, encode_events(EVENTS))
    assert engine.channel.hear(1).wrong == ""
    os.write(engine.says, encode_events(EVENTS[:2]) + b"nonsense " * 50 + b'\n{"type":"reset_ok"}\n')
    heard = engine.channel.hear(1)
    assert heard.wrong.startswith("its line 8 is wrong: ")
    assert heard.wrong.endswith("nonsense no...")
    assert (len(heard.events), heard.messages) == (2, (ResetOk(),))


def test_silence_and_the_end_are_not_the_same(engine):
    assert not engine.channel.hear(0).ended
    os.close(engine.says)
    assert engine.channel.hear(1).ended


def test_one_that_listens_no_more_is_told_nothing_more_and_still_heard(engine):
    os.close(engine.hears)
    flow = mixed_flow(seed=1, count=10)
    assert engine.channel.send(flow) == 10
    os.write(engine.says, encode_events(EVENTS))
    assert len(engine.channel.hear(1).events) == 5
