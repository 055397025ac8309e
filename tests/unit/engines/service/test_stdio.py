"""The bundled engine over two descriptors: it speaks until its input ends, and its log goes elsewhere."""

import io
import json
import os
import threading
from contextlib import suppress

from engines.reference.engine import ReferenceEngine
from engines.service.stdio import stdio
from harness.base.records import commands_of
from harness.wire.json_lines import decode_events, encode_commands, encode_message
from harness.wire.json_messages import VERSION, Init
from tests.fakes.lines import commands
from tests.fakes.mixed_flow import INSTRUMENTS, mixed_flow

INIT = encode_message(Init(VERSION, INSTRUMENTS))


def spoken(*parts):
    """What it answers to the parts; how it ended; its log."""
    reading, to = os.pipe()
    said, writing = os.pipe()
    log = io.StringIO()
    told = []
    ended = []

    def run():
        try:
            ended.append(stdio(reading, writing, log))
        finally:
            os.close(writing)
            os.close(reading)

    def hear():
        while came := os.read(said, 1 << 16):
            told.append(came)

    threads = [threading.Thread(target=run), threading.Thread(target=hear)]
    for thread in threads:
        thread.start()
    for part in parts:
        with suppress(BrokenPipeError):
            os.write(to, part)
    os.close(to)
    for thread in threads:
        thread.join()
    os.close(said)
    return b"".join(told), ended[0], json.loads(log.getvalue())


def test_it_speaks_until_its_input_ends():
    told, ended, log = spoken(INIT, encode_commands(commands_of(commands("S 100x5 #1; B 100x2 #2 a2"))))
    assert [json.loads(line)["type"] for line in told.splitlines()] == ["init_ok", "accepted", "rested", "accepted", "trade"]  # fmt: skip
    assert ended
    assert (log["level"], log["commands"], log["events"], log["why"]) == ("info", 2, 4, "end of input")


def test_more_than_a_pipe_holds_is_answered_as_in_process():
    flow = mixed_flow(3, 5_000)
    told, _, _ = spoken(INIT, *(encode_commands(flow[at : at + 500]) for at in range(0, len(flow), 500)))
    events = decode_events(told).records
    assert len(told) > 1 << 18
    expected = ReferenceEngine(INSTRUMENTS).submit(flow)
    for field in ("command", "order", "kind", "price", "qty", "remaining", "engine_seq"):
        assert (events[field] == expected[field]).all()


def test_something_wrong_ends_it_in_words():
    told, ended, log = spoken(INIT, b"what\n")
    assert json.loads(told.splitlines()[-1])["type"] == "error"
    assert not ended
    assert (log["level"], log["why"]) == ("error", json.loads(told.splitlines()[-1])["text"])
