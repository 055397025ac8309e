"""A command says what an engine that has ended keeps: by its exit code, and by the fills that it prints."""

import sys

import pytest

from engines.adapters import _verify
from engines.adapters._verify import verified
from harness.engine_file import Verify

FILL = '{"type":"trade","match":%d,"price":99,"qty":2}'


def told(tmp_path, line, *, log=None, values=None, **more):
    command = Verify.model_validate({"command": ["sh", "-c", line], "cwd": str(tmp_path), "fills": True, **more})
    return verified(command, values or {}, log)


def test_it_is_whole_and_its_fills_are_taken_in(tmp_path):
    line = f"echo '{FILL % 1}'; echo '{{\"type\":\"accepted\",\"order\":4}}'; sleep 0.1; printf '{FILL % 2}'"
    ending, fills = told(tmp_path, line)
    assert (ending.wrong, ending.verified, ending.damaged, ending.fills) == ("", True, "", 2)
    assert fills.tolist() == [(1, 99, 2), (2, 99, 2)]


def test_none_and_no_fills_are_not_the_same(tmp_path):
    assert told(tmp_path, "true").ending.fills == 0
    ending, fills = told(tmp_path, f"echo '{FILL % 1}'", fills=False)
    assert (ending.fills, fills, ending.damaged) == (None, None, "")


def test_damage_is_told_with_the_log_and_the_fills_before_it_count(tmp_path):
    log = tmp_path / "engine.log"
    ending, fills = told(tmp_path, f"echo '{FILL % 1}'; echo batch 7 is broken >&2; exit 3", log=log)
    assert (
        ending.damaged
        == "sh looked at what the engine keeps: it ended with exit code 3; the last of its log:\nbatch 7 is broken"
    )
    assert len(fills) == 1
    assert log.read_text() == "batch 7 is broken\n"


@pytest.mark.parametrize(
    ("line", "more", "said"),
    [
        ("echo all is well", {}, "it printed a line that is no event: "),
        ('echo \'{"type":"reset_ok"}\'', {}, "it printed a line that is no event: ResetOk()"),
        ("sleep 60", {"timeout_s": 0.2}, "it did not end within 0.2 s"),
        ("exec >&-; sleep 60", {}, "it closed its output and did not end"),
        (f"for at in 1 2 3; do echo '{FILL % 1}'; done", {}, "it printed more than 2 fills"),
    ],
)
def test_a_command_that_does_not_say_it_proves_nothing(tmp_path, monkeypatch, line, more, said):
    monkeypatch.setattr(_verify, "ENDED_S", 0.2)
    monkeypatch.setattr(_verify, "FILLS_MOST", 2)
    ending = told(tmp_path, line, **more).ending
    assert ending.damaged.startswith(f"sh looked at what the engine keeps: {said}")


def test_one_that_is_not_there_is_damage_too(tmp_path):
    command = Verify.model_validate({"command": ["no such tool"], "cwd": str(tmp_path)})
    assert "no such tool cannot be started" in verified(command, {}, None).ending.damaged


def test_placeholders_are_filled(tmp_path):
    code = "import os, sys; sys.exit(sys.argv[1:] != ['/var/x'] or os.environ['D'] != '/var/x')"
    command = Verify.model_validate(
        {"command": [sys.executable, "-c", code, "{data}"], "cwd": str(tmp_path), "env": {"D": "{data}"}}
    )
    assert verified(command, {"data": "/var/x"}, None).ending.damaged == ""
