"""A client's end of a FIX session against the service on a real socket."""

import select
import socket
import sys
from pathlib import Path

import pytest

from engines.adapters import _fix_client
from engines.adapters._fix_client import FixClient
from engines.adapters._program import Program
from harness.base.errors import EngineDiedError, EngineStartError, MisspokeError
from harness.engine_file import EngineFile, Login
from harness.wire.fix import encode
from harness.wire.fix_tags import Kind, Tag
from tests.fakes.fix_client import FIRM, fix_config, new
from tests.fakes.fix_client import FixClient as ByHand
from tests.fakes.fix_talk import told
from tests.fakes.served import served
from tests.fakes.soup_client import TIMEOUT_S

HOSTILE = Path(__file__).parents[3] / "fakes" / "hostile_program.py"
LOGIN = Login(username="FIXA", password="secret", target=FIRM)


def heard(client, count):
    messages = []
    while len(messages) < count:
        client.flush()
        assert client.has_early or select.select([client], [], [], TIMEOUT_S)[0]
        received = client.receive()
        if received.failure:
            raise received.failure
        messages += received.messages
    return messages


def test_it_goes_on_where_a_connection_was_lost(tmp_path):
    with served(tmp_path, fix_config()) as service:
        client = FixClient(lambda: socket.create_connection(service.fix_address), LOGIN, TIMEOUT_S)
        client.send("D", new("a"))
        assert told(heard(client, 1), Tag.CL_ORD_ID) == [("8", "a")]
        client.socket.shutdown(socket.SHUT_RDWR)
        # Neither what was on its way there nor what happens meanwhile is lost.
        client.send("D", new("b"))
        with ByHand(service.fix_address, "FIXB") as other:
            other.log_on()
            other.say("D", *new("c", "2", "1.00", "5")).hear(2)
        messages = heard(client, 2)
        assert sorted(told(messages, Tag.CL_ORD_ID, Tag.EXEC_TYPE)) == [("8", "a", "F"), ("8", "b", "0")]
        assert client.lost == 1
        client.close()


@pytest.mark.parametrize("change", [{"password": "wrong"}, {"target": "ELSE"}, {"username": "one"}])
def test_a_logon_that_is_refused_is_told(tmp_path, change):
    with served(tmp_path, fix_config()) as service, pytest.raises(EngineStartError, match="the Logon of"):
        FixClient(lambda: socket.create_connection(service.fix_address), LOGIN.model_copy(update=change), TIMEOUT_S)


def test_one_that_does_not_answer_is_not_waited_for():
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(EngineStartError, match=r"no answer within 0.05 s"),
    ):
        FixClient(lambda: socket.create_connection(silent.getsockname()), LOGIN, 0.05)


def hostile(way, unread_most, monkeypatch):
    """Why the session of an engine that goes wrong at its first order ends."""
    monkeypatch.setattr(_fix_client, "UNREAD_MOST", unread_most)
    words = [sys.executable, str(HOSTILE), "fix", way, "1", "{port}"]
    file = {"schema": 1, "name": "hostile", "adapter": "fix", "start": {"command": words, "timeout_s": 60}, "endpoints": {"orders": "127.0.0.1:{port}"}}  # fmt: skip
    program = Program(EngineFile.model_validate(file))
    program.start()
    client = FixClient(lambda: program.connect("orders"), LOGIN, TIMEOUT_S)
    try:
        client.send("D", new("a"))
        heard(client, 2)
    finally:
        client.close()
        program.end(graceful=False)


def test_what_is_garbled_is_told_with_its_bytes(monkeypatch):
    with pytest.raises(
        MisspokeError, match=r"FIXA: the engine sent what is no message of FIX 4\.4: b'8=FIX\.4\.4\\x019=5"
    ):
        hostile("answers garbage", _fix_client.UNREAD_MOST, monkeypatch)


def test_one_that_asks_for_more_and_more_and_reads_nothing_is_its_end(monkeypatch):
    with pytest.raises(EngineDiedError, match="FIXA: the engine asked for more than 50,000 bytes, and reads none of them"):  # fmt: skip
        hostile("floods and hears nothing", 50_000, monkeypatch)


def test_a_session_that_the_engine_ends_is_its_death(tmp_path):
    with served(tmp_path, fix_config()) as service:
        client = FixClient(lambda: socket.create_connection(service.fix_address), LOGIN, TIMEOUT_S)
        client._session.outbox += encode(Kind.HEARTBEAT, ())
        with pytest.raises(EngineDiedError, match="FIXA: the engine ended the session: a message without MsgSeqNum"):
            heard(client, 1)
        client.close()
