"""The how-to for adapters is true: its example runs as it stands there, and its table is the one that the checks make."""

import json
import re
import shutil
import tomllib
from pathlib import Path

import numpy as np
import pytest

from harness.base.bits import timeless
from harness.base.records import CommandKind, OrderType
from harness.compose import plugs
from harness.compose.trial import Trial
from harness.engine_file import EngineFile, Library, Python, read_engine_file
from harness.evidence.fold import SCENARIO_NEEDS, TIMES
from tests.fakes.command import gonogo, policy_file, scenario_file
from tests.fakes.mixed_flow import INSTRUMENTS, mixed_flow

PAGE = (Path(__file__).parents[2] / "docs" / "adapters.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```(?:python|toml|c)\n(?:#|//) (\S+)\n(.*?)```", PAGE, re.DOTALL))
"""File name -> text of each block of code in the page."""


def write(folder, **changed):
    """The files of the page, by stem; a changed one with its text."""
    for name, text in FILES.items():
        (folder / name).write_text(changed.get(Path(name).stem, text))
    return folder / "my_adapter.py"


def run(folder, adapter):
    words = ["run", scenario_file(folder), "--engine", adapter, "--policy", policy_file(folder)]
    done = gonogo(*words, cwd=folder)
    told = json.loads((folder / "runs" / "short" / "latest" / "verdict.json").read_text())
    return done, told


def test_the_page_holds_an_engine_every_way_to_it_and_every_word_of_an_engine_file():
    assert sorted(FILES) == [
        "engine.toml",
        "every.toml",
        "library.toml",
        "library_policy.toml",
        "my_adapter.py",
        "naive.c",
        "naive.py",
        "naive_object.py",
        "object.toml",
        "speaks.py",
        "timed.py",
    ]


def test_every_word_of_an_engine_file_is_shown(tmp_path):
    write(tmp_path)
    file, _ = read_engine_file(tmp_path / "every.toml")
    shown = {field.alias or name for name, field in EngineFile.model_fields.items()} - {"session", "library", "python"}
    assert shown <= set(tomllib.loads(FILES["every.toml"]))
    assert {*Library.model_fields} == {*tomllib.loads(FILES["library.toml"])["library"]}
    assert {*Python.model_fields} == {*tomllib.loads(FILES["object.toml"])["python"]}
    assert file.start.ready.tcp == "127.0.0.1:{port}"


def test_the_example_is_judged_and_told_what_it_does_not_offer(tmp_path):
    done, told = run(tmp_path, write(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().startswith("GO  naive 0.1")
    assert told["findings"] == []
    assert [one["what"] for one in told["not_tested"] if one["what"].startswith("check ")] == []
    assert "command replace" in {one["what"] for one in told["not_tested"]}


RECOMMENDED = re.findall(r"^    gonogo (run edge_cases .*)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("words", RECOMMENDED)
def test_the_runs_that_the_page_recommends_are_go(tmp_path, words):
    if "library.toml" in words and shutil.which("cc") is None:
        pytest.skip("there is no C compiler")
    write(tmp_path)
    done = gonogo(*words.split(), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(RECOMMENDED) == 4


def test_the_program_and_the_object_of_the_page_say_the_same_as_its_adapter(tmp_path):
    adapter = write(tmp_path)
    flow = mixed_flow(seed=4, count=3_000)
    flow = flow[np.isin(flow["kind"], (CommandKind.NEW, CommandKind.CANCEL)) & (flow["type"] != OrderType.MARKET)]
    told = []
    for path in (adapter, tmp_path / "engine.toml", tmp_path / "object.toml"):
        with Trial(plugs.engine(str(path)), INSTRUMENTS) as trial:
            done = trial.run(flow, (), snapshot_every=500)
            assert done.failure == ""
            told.append(done.events)
    first, *others = (timeless(events).tolist() for events in told)
    assert others == [first, first]


def test_the_object_of_the_page_is_an_example_that_is_read_at_a_glance():
    assert len(FILES["naive_object.py"].splitlines()) < 60


def test_a_fault_in_it_is_found_and_a_fixed_build_replays_as_fixed(tmp_path):
    broken = FILES["naive.py"].replace("price=maker.price, qty=qty", "price=order.price, qty=qty")
    assert broken != FILES["naive.py"]
    done, told = run(tmp_path, write(tmp_path, naive=broken))
    assert done.returncode == 1, done.stdout + done.stderr
    finding = next(one for one in told["findings"] if one["check"] == "trade_price")
    again = gonogo("replay", finding["id"], cwd=tmp_path)
    assert again.stdout.strip().startswith("STILL FAILING"), again.stdout + again.stderr
    (tmp_path / "naive_fixed.py").write_text(FILES["naive.py"])
    (tmp_path / "fixed.py").write_text(FILES["my_adapter.py"].replace("from naive import", "from naive_fixed import"))
    fixed = gonogo("replay", finding["id"], "--engine", "fixed.py", cwd=tmp_path)
    assert (fixed.returncode, fixed.stdout.split("  ")[0]) == (0, "FIXED"), fixed.stdout + fixed.stderr


ROWS = {
    need: frozenset(re.findall(r"[a-z_]+", by)) for need, by in re.findall(r"\| `carries` has `(\w+)` \| (.*) \|", PAGE)
}


@pytest.mark.parametrize("need", sorted({need for plug in plugs.checks().values() for need in plug.needs}))
def test_the_table_names_every_check_that_needs_something_of_the_engine(need):
    checks = {name for name, plug in plugs.checks().items() if need in plug.needs}
    if need in ("book", "one_order"):
        row = next(
            line
            for line in PAGE.splitlines()
            if line.startswith({"book": "| `book`", "one_order": "| `order_of"}[need])
        )
        assert checks <= set(re.findall(r"[a-z_]+", row.split("|")[2]))
    else:
        assert need in (*SCENARIO_NEEDS, TIMES) or ROWS[need] == checks


def test_an_operation_of_ones_own_is_timed(tmp_path):
    write(tmp_path)
    words = ("latency", "--engine", "timed.py", "--processes", 1, "--values", 1, "--json")
    done = gonogo(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (cancel,) = json.loads(done.stdout)["operations"]
    assert (cancel["name"], cancel["batch"]) == ("cancel", 1_000)
    assert cancel["median_ns"] > 10 * cancel["empty_loop_ns"] > 0
    assert cancel["values"] == 1
    assert "stable" not in cancel, "one value says nothing of it"
