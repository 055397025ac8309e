"""engine.toml: every mistake at once, with its place; paths from the file's own folder; placeholders."""

import re
from pathlib import Path

import pytest

from harness.base.errors import SetupError
from harness.engine_file import filled, read_engine_file

WHOLE = """
schema = 1
name = "mine"
adapter = "jsonl"
[build]
command = ["make", "engine"]
timeout_s = 60
[start]
command = ["./engine", "--port", "{port}"]
cwd = "target"
env = { RUST_LOG = "warn" }
timeout_s = 2.5
memory_mib = 512
ready = { tcp = "127.0.0.1:{port}" }
[stop]
signal = "SIGINT"
timeout_s = 3
exit_code = 0
[verify]
command = ["./engine", "verify", "{data}"]
fills = true
[endpoints]
orders = "127.0.0.1:{port}"
drop_copy = "127.0.0.1:{port_drop}"
[[session]]
account = 3
username = "three"
password = "secret"
[[session]]
endpoint = "drop_copy"
username = "copy"
[paths]
data = "var"
sources = ["src", "/usr/src"]
[[instrument]]
id = 1
symbol = "ESH4"
tick_1e9 = 250000000
risk = { collar_ticks = 5 }
[capabilities]
types = ["limit"]
book = ["snapshot"]
[conventions]
replace_keeps_place = "never"
"""
LIBRARY = 'schema = 1\nname = "mine"\nadapter = "c_abi"\n[library]\npath = "libmine.so"\n'
LEAST = 'schema = 1\nname = "mine"\nadapter = "jsonl"\n[start]\ncommand = ["./engine"]\n'


def read(folder, text):
    path = folder / "engine.toml"
    path.write_text(text)
    return read_engine_file(path)


def test_a_library_needs_no_program_and_has_none(tmp_path):
    library = read(tmp_path, LIBRARY + 'env = { WAY = "right" }')[0].library
    assert (library.path, library.env) == (tmp_path / "libmine.so", {"WAY": "right"})
    with pytest.raises(SetupError, match="wanted one of them"):
        read(tmp_path, LIBRARY + '[start]\ncommand = ["./engine"]')
    with pytest.raises(SetupError, match=r"wanted \[start\], \[library\] or \[python\]"):
        read(tmp_path, LIBRARY.split("[library]", maxsplit=1)[0])


def test_a_python_object_needs_no_program_and_lies_in_the_folder_of_its_file(tmp_path):
    told = 'schema = 1\nname = "mine"\nadapter = "python"\n[python]\nobject = "book:Engine"\n'
    assert read(tmp_path, told)[0].python.path == [tmp_path]
    assert read(tmp_path, told + 'path = ["src", "/usr/lib"]')[0].python.path == [tmp_path / "src", Path("/usr/lib")]
    with pytest.raises(SetupError, match=r"python\.object: .*pattern"):
        read(tmp_path, told.replace("book:Engine", "book"))
    with pytest.raises(SetupError, match=r"\[python\] of an object: wanted one of them"):
        read(tmp_path, told + '[start]\ncommand = ["./engine"]')


def test_an_engine_that_gonogo_does_not_bring_up_runs_already(tmp_path):
    told = 'schema = 1\nname = "mine"\nadapter = "jsonl"\n[endpoints]\norders = "localhost:7001"\n'
    assert read(tmp_path, told)[0].ways == []
    for brought in (
        LEAST,
        LIBRARY,
        LIBRARY.replace('[library]\npath = "libmine.so"', '[python]\nobject = "book:Engine"'),
    ):
        assert len(read(tmp_path, brought)[0].ways) == 1


def test_a_whole_file_is_read_with_its_paths_from_its_own_folder(tmp_path):
    engine, source = read(tmp_path, WHOLE)
    assert source == WHOLE.encode()
    assert (engine.build.command, engine.build.cwd, engine.build.timeout_s) == (["make", "engine"], tmp_path, 60)
    assert (engine.start.cwd, engine.start.env, engine.start.timeout_s) == (tmp_path / "target", {"RUST_LOG": "warn"}, 2.5)  # fmt: skip
    assert engine.start.memory_mib == 512
    assert (engine.stop.number, engine.stop.timeout_s, engine.stop.exit_code) == (2, 3, 0)
    assert (engine.verify.command[2], engine.verify.cwd, engine.verify.fills) == ("{data}", tmp_path, True)
    assert [(one.endpoint, one.account) for one in engine.session] == [("orders", 3), ("drop_copy", None)]
    assert engine.paths.data == tmp_path / "var"
    assert [str(one) for one in engine.paths.sources] == [str(tmp_path / "src"), "/usr/src"]
    assert (engine.instrument[0].symbol, engine.instrument[0].risk.collar_ticks) == ("ESH4", 5)
    assert engine.capabilities.book == ("snapshot",)
    assert engine.conventions.replace_keeps_place == "never"


def test_the_least_file_says_who_it_is_and_how_it_starts(tmp_path):
    engine, _ = read(tmp_path, LEAST)
    assert (engine.start.cwd, engine.start.timeout_s, engine.start.ready) == (tmp_path, 10, None)
    assert (engine.build, engine.stop.signal, engine.capabilities) == (None, "SIGTERM", None)


MISTAKES = {
    "a word that there is not": (LEAST + 'comand = "x"\n', r"start\.comand: Extra inputs"),
    "no command": (LEAST.replace('["./engine"]', "[]"), r"start\.command: .* at least 1"),
    "a newer schema": (LEAST.replace("schema = 1", "schema = 2"), r"schema: .*less than or equal to 1 \(came: 2\)"),
    "two ways to be ready": (LEAST + 'ready = { tcp = "h:1", stdout = "up" }\n', r"start\.ready: wanted one of"),
    "no pattern": (LEAST + 'ready = { stdout = "(" }\n', r"start\.ready\.stdout: no regular expression"),
    "no address": (LEAST + '[endpoints]\norders = "here"\n', r"endpoints\.orders: .*\(came: 'here'\)"),
    "a signal that there is not": (LEAST + '[stop]\nsignal = "TERM"\n', r"stop\.signal: .*'SIGTERM'"),
    "a session nowhere": (LEAST + '[[session]]\nusername = "a"\n', r"file: session 'a': there is no endpoint 'orders'"),
    "an instrument without an id": (LEAST + '[[instrument]]\nsymbol = "A"\nlot = 1\n', r"instrument\.0: there is no 'lot'; there are: id, .*; id is missing"),
    "a limit below 0": (LEAST + '[[instrument]]\nid = 1\nsymbol = "A"\nrisk = { collar_ticks = -1 }\n', r"instrument\.0: collar_ticks is -1"),
    "capabilities of another shape": (LEAST + '[capabilities]\ntypes = "limit"\nbook = 5\n', r"capabilities: types: .*'limit'\); book: .*\(came: 5\)"),
    "nothing to start or reach": ('schema = 1\nname = "m"\nadapter = "jsonl"\n', r"file: wanted \[start\], \[library\] or \[python\], or \[endpoints\]"),
    "a port that nobody was told": ('schema = 1\nname = "m"\nadapter = "jsonl"\n[endpoints]\norders = "h:{port}"\n', r"file: an engine that runs already"),
    "no TOML": ("schema = ", "is no valid TOML"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_where_it_stands(tmp_path, text, said):
    with pytest.raises(SetupError, match=re.escape(str(tmp_path / "engine.toml"))) as refused:
        read(tmp_path, text)
    assert re.search(said, str(refused.value)), str(refused.value)


def test_every_mistake_is_told_at_once(tmp_path):
    with pytest.raises(SetupError) as refused:
        read(tmp_path, LEAST.replace("schema = 1", "schema = 2") + 'timeout_s = 0\n[stop]\ntimeout_s = "long"\n')
    told = str(refused.value).splitlines()[1:]
    assert [line.split(":")[0].strip() for line in told] == ["schema", "start.timeout_s", "stop.timeout_s"]


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SetupError, match=r"cannot read the engine file .*No such file"):
        read_engine_file(tmp_path / "engine.toml")


def test_ports_are_named_wherever_they_stand_each_once(tmp_path):
    assert read(tmp_path, WHOLE)[0].ports() == ["port", "port_drop"]
    more = 'env = { ADMIN = "{port_admin}", HOME = "${HOME}" }\nready = { http = "http://h:{port_http}/ready" }\n'
    assert read(tmp_path, LEAST + more)[0].ports() == ["port_admin", "port_http"]


def test_placeholders_are_ports_and_the_data_folder_and_nothing_else():
    values = {"port": "1", "port_drop": "2", "data": "/var"}
    texts = ["--port={port}", "{port_drop}:{port}", "{port_other}", "awk '{print}'", "{data}/x"]
    assert [filled(text, values) for text in texts] == ["--port=1", "2:1", "{port_other}", "awk '{print}'", "/var/x"]


@pytest.mark.parametrize(("table", "says"), [("", False), ("[stop]\nexit_code = 0\n", True), ("[verify]\ncommand = ['v']\n", True)])  # fmt: skip
def test_its_end_says_something_where_the_file_says_what(tmp_path, table, says):
    assert read(tmp_path, LEAST + table)[0].says_how_it_ended is says


def test_what_runs_already_has_no_end_to_verify(tmp_path):
    running = (
        'schema = 1\nname = "mine"\nadapter = "jsonl"\n[endpoints]\norders = "127.0.0.1:5"\n[verify]\ncommand = ["v"]\n'
    )
    with pytest.raises(SetupError, match=r"\[verify\] is run once the engine has ended: wanted \[start\] too"):
        read(tmp_path, running)
