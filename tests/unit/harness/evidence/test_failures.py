"""The files of a failure: what a person reads, and what pytest runs."""

import ast
import json

from harness.base.capabilities import Conventions
from harness.base.records import Event, EventKind
from harness.evidence.failures import pytest_of, script_of, store
from harness.evidence.tape import StoredTape, told
from tests.fakes.history import BUY, INSTRUMENTS, SELL, accepted, new, numbered, rested
from tests.fakes.taped import tape_of

ROWS = numbered([new(1, BUY, 100, 5), new(2, SELL, 100, 5)])


def stored(**changes):
    fields = {
        "finding": "a1b2c3d4", "engine": "taker_price", "check": "trade_price", "kind": "maker_price", "title": "a trade was off",
        "expected": "this\nand that", "got": "neither", "conventions": Conventions(), "instruments": INSTRUMENTS,
        "commands": told(tape_of(ROWS)),
    }  # fmt: skip
    return StoredTape(**(fields | changes))


def test_the_script_tells_each_command_what_came_of_it_and_which_one_is_to_blame():
    events = [accepted(ROWS[0]), rested(ROWS[0], 5), Event(kind=int(EventKind.DONE), qty=1)]
    assert script_of(stored(), ROWS, events, 2).splitlines() == [
        "a trade was off (trade_price, maker_price) on taker_price",
        "",
        "  1  new buy 100 x 5 #1 (account 1, instrument 1)",
        "         -> accepted #1, 100 x 5",
        "         -> rested #1 at 100, 5 left",
        "> 2  new sell 100 x 5 #2 (account 1, instrument 1)",
        "         -> no answer",
        "",
        "of no command that it names",
        "         -> done, 1 order",
        "",
        "expected  this",
        "          and that",
        "got       neither",
    ]


def test_all_three_files_are_there(tmp_path):
    made = store(tmp_path, stored(), "a script")
    assert made.tape == tmp_path / "failures" / "a1b2c3d4" / "tape.json"
    assert json.loads(made.tape.read_text())["engine"] == "taker_price"
    assert made.script.read_text() == "a script"
    assert made.test.name == "test_a1b2c3d4.py"
    assert made.test.read_text() == pytest_of(stored())


def test_the_test_is_python_whatever_the_engine_and_the_title_are_called():
    hostile = stored(title='quote """ and \\N{x} {braces}\nlines', engine='/tmp/a "b"\\n.py')
    tree = ast.parse(pytest_of(hostile))
    engine = next(node for node in ast.walk(tree) if isinstance(node, ast.Assign) and node.targets[0].id == "ENGINE")
    assert engine.value.args[1].value == '/tmp/a "b"\\n.py'
    assert [node.name for node in tree.body if isinstance(node, ast.FunctionDef)] == ["test_a1b2c3d4"]
