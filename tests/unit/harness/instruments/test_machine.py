"""What a search draws hangs on its seed, and not on the numbers that stand in whatever else is loaded."""

import sys
import types

from hypothesis.internal.conjecture import providers

from harness.instruments._machine import _without_local_numbers


def drawn():
    """The numbers that Hypothesis would draw beside its own."""
    return len(providers._get_local_constants())


def test_no_numbers_of_modules_are_drawn_meanwhile_and_all_are_afterwards(tmp_path, monkeypatch):
    path = tmp_path / "loaded.py"
    path.write_text("NUMBER = 918273645\n")
    module = types.ModuleType("loaded_in_a_test")
    module.__file__ = str(path)
    monkeypatch.setitem(sys.modules, "loaded_in_a_test", module)
    before = drawn()
    assert before > 0
    with _without_local_numbers():
        assert drawn() == 0
    assert drawn() == before
