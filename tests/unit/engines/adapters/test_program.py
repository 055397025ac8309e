"""The program of an engine.toml: built once, at ports of its own, waited for until it is ready, and reached."""

import sys
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from engines.adapters import _process
from engines.adapters._program import Program
from harness.base.errors import EngineStartError
from harness.engine_file import EngineFile
from harness.port import Processes

LISTENS = "import socket, sys, time; time.sleep(0.2); s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); c = s.accept()[0]; c.sendall(b'hi'); time.sleep(60)"  # fmt: skip
ANSWERS = """
import http.server, sys

class Handler(http.server.BaseHTTPRequestHandler):
    asked = 0
    def do_GET(self):
        Handler.asked += self.path == "/ready"
        self.send_response(200 if Handler.asked > 2 else 503)
        self.end_headers()
        self.wfile.write(b"%d" % Handler.asked)

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""

ENDS = """
import os, signal, sys

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
os.write(1, b"up\\n")
signal.sigwait({signal.SIGTERM})
os.write(1, b"lost 1\\n")
sys.exit(int(sys.argv[1]))
"""
"""Ends with the exit code that it is given, once it is told to."""


def engine(*command, start=None, **tables):
    started = {"command": list(command), "timeout_s": 20, **(start or {})}
    return EngineFile.model_validate({"schema": 1, "name": "e", "adapter": "jsonl", "start": started, **tables})


@pytest.fixture
def program():
    """Makes a program, which is ended whatever the test does."""
    made = []

    def make(*command, **more):
        made.append(Program(engine(*command, **more)))
        return made[-1]

    yield make
    for one in made:
        one.end(graceful=False)


def test_it_is_ready_once_it_takes_connections_and_is_reached_there(program):
    listening = program(
        sys.executable, "-c", LISTENS.replace("accept", "accept()[0].close() or s.accept"), "{port}",
        start={"ready": {"tcp": "127.0.0.1:{port}"}}, endpoints={"orders": "127.0.0.1:{port}"},
    )  # fmt: skip
    listening.start()
    with listening.connect("orders") as connection:
        assert connection.recv(2) == b"hi"


def test_without_being_told_when_it_is_ready_connecting_waits_for_it(program):
    listening = program(sys.executable, "-c", LISTENS, "{port}", endpoints={"orders": "127.0.0.1:{port}"})
    listening.start()
    with listening.connect("orders") as connection:
        assert connection.recv(2) == b"hi"


def test_it_is_ready_once_a_page_is_answered_without_an_error(program):
    answering = program(
        sys.executable, "-c", ANSWERS, "{port}",
        start={"ready": {"http": "http://127.0.0.1:{port}/ready"}}, endpoints={"http": "127.0.0.1:{port}"},
    )  # fmt: skip
    answering.start()
    connection = HTTPConnection(*answering.address("http"))
    connection.request("GET", "/asked")
    # Two were refused, and the third was the answer.
    assert connection.getresponse().read() == b"3"
    connection.close()


def test_it_is_ready_once_it_prints_a_line(program):
    printing = program("sh", "-c", "sleep 0.1; echo warming up; sleep 0.1; echo port=5 ready; sleep 60", start={"ready": {"stdout": r"^port=\d ready$"}})  # fmt: skip
    printing.start()
    assert printing.process.printed() == "warming up\nport=5 ready\n"


@pytest.mark.parametrize(
    ("line", "timeout_s", "said"),
    [
        ("echo no disk; exit 2", 20, "ended before it was ready; it ended with exit code 2; the last of its log:\nno disk"),
        ("echo slow; sleep 60", 0.3, "not ready within 0.3 s; the last of its log:\nslow"),
    ],
)  # fmt: skip
def test_one_that_is_never_ready_is_told_with_its_log_and_ended(program, line, timeout_s, said):
    never = program("sh", "-c", line, start={"ready": {"stdout": "up"}, "timeout_s": timeout_s})
    with pytest.raises(EngineStartError) as failed:
        never.start()
    assert said in str(failed.value)
    assert never.process is None


def test_one_that_nobody_can_connect_to_is_told(program):
    deaf = program("sh", "-c", "echo alive; sleep 60", start={"timeout_s": 0.2}, endpoints={"orders": "127.0.0.1:{port}"})  # fmt: skip
    deaf.start()
    with pytest.raises(EngineStartError, match=r"cannot connect to the engine at 127\.0\.0\.1:\d+: .*(\n.*)*alive"):
        deaf.connect("orders")
    with pytest.raises(EngineStartError, match="no endpoint 'drop_copy'; it names: orders"):
        deaf.connect("drop_copy")


def test_connecting_to_one_that_ended_is_given_up_at_once(program):
    gone = program("sh", "-c", "echo bad port; exit 3", start={"timeout_s": 3000}, endpoints={"orders": "127.0.0.1:{port}"})  # fmt: skip
    gone.start()
    with pytest.raises(EngineStartError, match=r"cannot connect .* it ended with exit code 3; the last of its log:\nbad port"):  # fmt: skip
        gone.connect("orders")


def test_the_last_words_of_a_long_log_are_told_also_of_one_that_is_killed(program, monkeypatch):
    monkeypatch.setattr(_process, "HEAD_BYTES", 10)
    wordy = program("sh", "-c", "echo so it begins; echo its last words; sleep 60", start={"ready": {"stdout": "^so it b"}})  # fmt: skip
    wordy.start()
    assert wordy.fail("it failed").splitlines()[-1] == "its last words"


def test_how_it_ended_is_told_once_however_often_it_is_asked(program):
    gone = program("sh", "-c", "echo its last words; exit 3")
    gone.start()
    told = gone.fail("it failed", 20)
    assert told == "it failed; it ended with exit code 3; the last of its log:\nits last words"
    assert gone.fail(told, 20) == told
    gone.start()
    assert gone.fail("again", 20) == told.replace("it failed", "again")


def test_each_name_is_a_port_of_its_own_and_each_start_draws_anew(program):
    words = program("echo", "{port} {port} {port_b}", "{data}", start={"env": {"A": "{port}"}}, paths={"data": "/var/x"})  # fmt: skip
    told = set()
    for _ in range(3):
        words.start()
        words.process.has_ended(20)
        first, again, other, data = words.process.printed().split()
        assert first == again != other
        assert data == "/var/x"
        told |= {first, other}
    assert len(told) > 2


def test_it_is_built_once_however_often_it_is_started(program, tmp_path):
    count = tmp_path / "builds"
    build = {"command": ["sh", "-c", f"echo >> {count}"], "cwd": str(tmp_path)}
    for _ in range(2):
        built = program("sleep", "60", build=build)
        built.start()
        built.start()
    assert len(count.read_text()) == 1


def test_no_descriptor_is_left_open(tmp_path):
    def descriptors():
        return len(list(Path("/proc/self/fd").iterdir()))

    before = descriptors()
    for command in ("cat", "no-such-program", "cat"):
        made = Program(engine(command), speaks=True)
        made.log_to(tmp_path / "engine.log")
        with suppress(EngineStartError):
            made.start()
        assert descriptors() > before
        made.end(graceful=True)
        made.end(graceful=True)
        assert descriptors() == before


def test_what_runs_already_is_only_reached(program):
    listening = program(sys.executable, "-c", LISTENS, "{port}", endpoints={"orders": "127.0.0.1:{port}"})
    listening.start()
    where = listening.address("orders")
    attached = Program(EngineFile.model_validate({"schema": 1, "name": "e", "adapter": "jsonl", "endpoints": {"orders": f"{where.host}:{where.port}"}}))  # fmt: skip
    attached.start()
    with listening.connect("orders"):
        pass
    with attached.connect("orders"):
        attached.end(graceful=True)
    assert listening.process.how_it_ended() == ""


@pytest.mark.parametrize(
    ("code", "stop", "wrong"),
    [
        (0, {"exit_code": 0}, ""),
        (4, {"exit_code": 4}, ""),
        (
            1,
            {"exit_code": 0},
            "it ended with exit code 1; a good end has exit code 0; the last of its log:\nup\nlost 1",
        ),
        (0, {"exit_code": 0, "signal": "SIGKILL"}, "it was killed by SIGKILL; a good end has exit code 0"),
    ],
)
def test_how_it_ended_is_what_its_file_calls_a_good_end_or_not(program, code, stop, wrong):
    ending = program(sys.executable, "-c", ENDS, str(code), start={"ready": {"stdout": "up"}}, stop=stop)
    ending.start()
    ending.end(graceful=True)
    told = ending.ended().ending
    assert told.wrong.startswith(wrong)
    assert bool(told.wrong) == bool(wrong)
    assert not told.verified


def test_what_it_keeps_is_asked_once_it_has_ended_gracefully(program, tmp_path):
    (tmp_path / "kept").write_text("kept")
    ending = program(
        sys.executable, "-c", ENDS, "0", start={"ready": {"stdout": "up"}, "cwd": str(tmp_path)},
        verify={"command": ["grep", "-q", "kept", "{data}/kept"], "cwd": str(tmp_path)}, paths={"data": str(tmp_path)},
    )  # fmt: skip
    ending.start()
    assert ending.ended() is None
    ending.end(graceful=True)
    told = ending.ended().ending
    assert (told.wrong, told.verified, told.damaged) == ("", True, "")
    (tmp_path / "kept").unlink()
    assert "exit code 2" in ending.ended().ending.damaged
    ending.start()
    ending.end(graceful=False)
    assert ending.ended() is None


def test_one_whose_file_says_nothing_of_its_end_has_none(program):
    silent = program("sh", "-c", "exit 9")
    silent.start()
    silent.end(graceful=True)
    assert silent.ended() is None


@pytest.mark.parametrize("script", ["exec ./docker", "env ./docker", "./docker; true"])
def test_a_client_that_a_script_starts_is_none_of_the_engine(program, tmp_path, script):
    (tmp_path / "docker").write_text("#!/bin/sh\necho up\nsleep 600\n")
    (tmp_path / "docker").chmod(0o755)
    started = program("sh", "-c", script, start={"ready": {"stdout": "^up$"}, "cwd": str(tmp_path)})
    started.start()
    assert started.processes() == Processes("unknown", why="docker has others start it")


def test_what_a_script_starts_that_is_no_client_is_the_engines_own(program):
    started = program("sh", "-c", "echo up; sleep 600; true", start={"ready": {"stdout": "^up$"}})
    started.start()
    assert started.processes() == Processes("own", (started.process.pid,))
