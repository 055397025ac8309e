"""The tools that break code: each break changes one place, is still Python, and none is missed; and checks alone kill an engine's."""

import ast
import sys
from pathlib import Path

import pytest

from harness.compose import plugs
from tests.mutants import engine, run
from tests.mutants.changes import Change, changes_of, functions_of

SOURCE = '''def step(a, b):
    """Not this one: 1 + 1."""
    if a < (b) and a != 3:
        b += (a << 2)
    b = a
    return a - b
'''


def changed():
    function = ast.parse(SOURCE).body[0]
    return [change.applied(SOURCE).splitlines()[2:] for change in changes_of(function, SOURCE)]


def test_each_kind_of_place_is_changed_once():
    whole = SOURCE.splitlines()[2:]
    lines = [
        (number, line)
        for made in changed()
        for number, (line, was) in enumerate(zip(made, whole, strict=True))
        if line != was
    ]
    assert sorted(lines) == sorted([
        (0, "    if not (a < (b) and a != 3):"),
        (0, "    if a < (b) or a != 3:"),
        (0, "    if a <= (b) and a != 3:"),
        (0, "    if a < (b) and a == 3:"),
        (0, "    if a < (b) and a != 4:"),
        (1, "        b -= (a << 2)"),
        (1, "        b += (a >> 2)"),
        (1, "        b += (a << 3)"),
        (2, "    pass"),
        (3, "    return a + b"),
    ])  # fmt: skip


def test_every_break_is_still_python():
    function = ast.parse(SOURCE).body[0]
    for change in changes_of(function, SOURCE):
        ast.parse(change.applied(SOURCE))


PLAIN = """class Book:
    depth = 3

    def best(self, side):
        return True if side else f"{side + 1}" + str(zip(side, strict=True))

def outer():
    def inner():
        return 1
    return inner
"""


def test_functions_and_methods_have_names():
    assert [name for name, _ in functions_of(PLAIN)] == ["Book.best", "outer"]


def test_text_with_values_in_it_and_lengths_held_equal_are_left_alone():
    function = functions_of(PLAIN)[0][1]
    said = sorted(change.text for change in changes_of(function, PLAIN))
    assert said == ["-", "False", "not (side)"]


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A tree of one file, in place of the project's."""
    monkeypatch.setattr(run, "ROOT", tmp_path)

    def written(text: str, name: str = "some.py") -> str:
        (tmp_path / name).write_text(text)
        return name

    return written


def test_methods_of_a_plain_file_are_broken_as_often_as_asked(file):
    chosen = run.mutants([file(PLAIN)], 1, seed=1)
    assert [(one.path, one.function) for one in chosen] == [("some.py", "Book.best"), ("some.py", "outer")]
    assert chosen == run.mutants(["some.py"], 1, seed=1)
    assert len(run.mutants(["some.py"], 9, seed=1)) == 4


@pytest.mark.parametrize("text", ["LIMIT = 3\n", "def best(book):\n    return book.best\n"])
def test_a_file_with_nothing_to_break_is_an_error_by_name(file, text):
    with pytest.raises(SystemExit, match=r"empty\.py: there is nothing to break"):
        run.mutants([file(PLAIN), file(text, "empty.py")], 1, seed=1)


def test_a_folder_may_hold_files_without_functions(file, tmp_path):
    file("LIMIT = 3\n", "words.py")
    file(PLAIN)
    assert {one.path for one in run.mutants(["."], 1, seed=1)} == {"some.py"}


def test_a_file_is_held_to_its_own_tests():
    assert run.mirrored("harness/checks/model.py") == "tests/unit/harness/checks/test_model.py"
    with pytest.raises(SystemExit, match="has no tests at"):
        run.mirrored("harness/checks/nothing.py")


def test_breaks_of_the_engine_are_drawn_by_the_seed_one_of_each_method_in_turn():
    many = engine.mutants(10_000, seed=1)
    methods = {(one.module, one.method) for one in many}
    first = engine.mutants(20, seed=1)
    assert first == many[:20]
    assert len({(one.module, one.method) for one in first}) == 20 < len(methods)
    assert first != engine.mutants(20, seed=2)
    assert len(set(many)) == len(many) > len(methods)


def broken(module: str, method: str, old: str, text: str) -> engine.Mutant:
    """A break of the plain engine that is named, not drawn."""
    source = (Path(engine.ROOT) / f"engines/plain/{module}.py").read_text(encoding="utf-8")
    begin = source.index(old, source.index(f"def {method}("))
    return engine.Mutant(module, method, Change(source.count("\n", 0, begin) + 1, begin, begin + len(old), text, text))


@pytest.fixture
def short(monkeypatch):
    """No more than the beginnings of two flows."""
    monkeypatch.setattr(engine, "FLOWS", ("poisson",))
    monkeypatch.setattr(engine, "SHORT", 300)
    monkeypatch.setattr(engine, "LONG", 400)
    monkeypatch.setattr(engine, "HANGS_S", 1)
    engine._whole.cache_clear()
    engine._tapes.cache_clear()
    yield
    engine._whole.cache_clear()
    engine._tapes.cache_clear()


def test_a_wrong_price_is_killed_by_the_check_of_prices(short):
    told = engine.judged(broken("matching", "trade_price", "maker.price", "maker.price + 1"))
    assert told.outcome == "killed"
    assert "trade_price" in told.by


def test_what_changes_nothing_is_told_as_the_same(short):
    told = engine.judged(broken("matching", "trade_price", "maker.price", "maker.price + 0"))
    assert (told.outcome, told.by) == ("same", ())


@pytest.mark.parametrize(
    ("text", "by"),
    [("1 // 0", "alive"), ("sum(1 for _ in iter(int, 1))", "it hangs"), ("maker price", "import")],
    ids=["dies", "hangs", "no python"],
)
def test_an_engine_that_breaks_down_is_killed_and_told_apart(short, capsys, text, by):
    told = engine.judged(broken("matching", "trade_price", "maker.price", text))
    assert told.outcome == "killed"
    assert by in told.by
    engine.summary([told])
    assert "died, hung or could not be imported: 1" in capsys.readouterr().out


def test_the_whole_engine_is_back_after_a_break():
    before = plugs.engine("plain")
    module = sys.modules.get("engines.plain.matching")
    engine._broken(broken("matching", "trade_price", "maker.price", "taker.price"))
    assert sys.modules.get("engines.plain.matching") is module
    assert plugs.engine("plain") == before
