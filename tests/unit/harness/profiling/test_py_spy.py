"""What py-spy writes, as stacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.profiling import py_spy


def test_of_one_process_the_number_is_left_out():
    text = 'process 41:"python engine.py";<module> (engine.py:1);match (engine.py:7) 12\nprocess 41:"python engine.py";<module> (engine.py:1) 3\n'
    assert py_spy.stacks(text) == {
        ("<module> (engine.py:1)", "match (engine.py:7)"): 12,
        ("<module> (engine.py:1)",): 3,
    }


@pytest.mark.parametrize(
    "command",
    [
        "python -c from harness.cli import entry; entry() serve",
        'python -c a="b"; run()',
        "python -c\nimport x\nx.run() 7\n",
    ],
)
def test_a_command_line_may_hold_what_ends_a_frame_or_a_line(command):
    text = f'process 41:"{command}";<module> (<string>:1);entry (cli.py:9) 2\nprocess 41:"{command}";<module> (<string>:1) 3\n'
    assert py_spy.stacks(text) == {("<module> (<string>:1)", "entry (cli.py:9)"): 2, ("<module> (<string>:1)",): 3}


def test_several_processes_are_told_apart_by_their_own_numbers():
    text = 'process 41:"sh run.sh";process 42:"python a.py";main (a.py:1) 2\nprocess 41:"sh run.sh";process 43:"python b.py";main (b.py:1) 5\n'
    assert py_spy.stacks(text) == {("process 42", "main (a.py:1)"): 2, ("process 43", "main (b.py:1)"): 5}


@pytest.mark.parametrize("started", ["", 'process 40:"sh run.sh";'])
def test_a_stack_without_frames_is_not_known(started):
    told = py_spy.stacks(f'{started}process 41:"python a.py" 3\n{started}process 41:"python a.py";main (a.py:1) 2\n')
    assert told == {("[unknown]",): 3, ("main (a.py:1)",): 2}


def test_stacks_without_processes_stay_as_they_are():
    assert py_spy.stacks("main (a.py:1);match (a.py:2) 2\n") == {("main (a.py:1)", "match (a.py:2)"): 2}
    assert py_spy.stacks("") == {}


def test_what_is_no_stack_is_refused():
    with pytest.raises(ValueError, match="how many samples"):
        py_spy.stacks("no samples here\n")


def test_it_never_holds_the_engine_up():
    words = py_spy.command("/bin/py-spy", (41, 42), 99, Path("out"))
    assert "--nonblocking" in words
    assert words[words.index("--pid") + 1] == "41"
