"""`gonogo init`: what it writes can be driven at once, in every language that this machine can build, and nothing is written over."""

import os
import pty
import shutil
import subprocess
import tomllib

import pytest

from harness.compose import plugs
from harness.compose.scaffolding import LANGUAGES, STUBS, WORKFLOW
from harness.engine_file import read_engine_file
from tests.fakes.command import GONOGO, environment, gonogo, scenario_file

LONGEST_STUB = 60


def begun(folder, language, *words):
    return gonogo("init", folder, "--language", language, "--name", "my engine", *words, cwd=folder.parent, fresh=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fresh_stub_speaks_and_gets_a_verdict_which_is_not_go(language, tmp_path):
    tools = {command[0] for command in (LANGUAGES[language].build, LANGUAGES[language].start) if command}
    missing = [tool for tool in tools if not tool.startswith("./") and shutil.which(tool) is None]
    if missing:
        pytest.skip(f"there is no {', '.join(missing)} here")
    folder = tmp_path / "mine"
    assert begun(folder, language).returncode == 0
    done = gonogo("doctor", "--engine", "engine.toml", cwd=folder)
    assert done.returncode == 1
    assert "my engine 0.1" in done.stdout
    assert "1 mistake: 0 of the adapter, 0 of the declaration, 1 of the engine" in done.stdout
    assert "an engine that takes no order shows no more" in done.stdout
    run = gonogo("run", scenario_file(tmp_path), "--engine", "engine.toml", "--policy", "policy.toml", cwd=folder)
    assert run.returncode in (1, 2), run.stdout + run.stderr
    assert "gate_0" not in run.stdout
    assert "my engine 0.1" in run.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_are_those_that_are_told_and_can_be_read(language, tmp_path):
    folder = tmp_path / "a" / "mine"
    folder.parent.mkdir()
    done = begun(folder, language, "--use", "research", "--install", "./gonogo.whl")
    written = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert written == {"engine.toml", "policy.toml", WORKFLOW, LANGUAGES[language].file}
    assert all(str(folder / name) in done.stdout for name in written)
    file, _ = read_engine_file(folder / "engine.toml")
    assert (file.name, file.adapter) == ("my engine", "jsonl")
    loaded, built_in = plugs.policy(folder / "policy.toml").policy, plugs.policy(None).policy
    assert (loaded.default_use, loaded.use) == ("research", built_in.use)
    assert "- run: pip install ./gonogo.whl\n" in (folder / WORKFLOW).read_text()
    assert "@" not in (folder / LANGUAGES[language].file).read_text()


def test_every_stub_is_short():
    lengths = {path.name: len(path.read_text().splitlines()) for path in STUBS.glob("*.stub")}
    assert len(lengths) == len(LANGUAGES) + 1
    assert max(lengths.values()) < LONGEST_STUB


def test_nothing_is_written_over_unless_it_is_forced(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "policy.toml").write_text("precious")
    done = begun(folder, "python")
    assert (done.returncode, done.stdout) == (64, "")
    assert "already policy.toml" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["policy.toml"]
    assert (folder / "policy.toml").read_text() == "precious"
    assert begun(folder, "python", "--force").returncode == 0
    assert tomllib.loads((folder / "policy.toml").read_text())["schema"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--language is missing; there are: python, rust, go, c++, java, javascript"),
        (("--language", "cobol"), "no stub in 'cobol'"),
        (("--language", "python", "--use", "fun"), "no use 'fun'"),
        (("--language", "python", "--name", 'a"b'), "the engine's name is 'a\"b'"),
        (("/dev/null/x", "--language", "python"), "cannot write"),
    ],
)
def test_what_cannot_be_begun_is_64(tmp_path, words, said):
    done = gonogo("init", *words, cwd=tmp_path)
    assert done.returncode == 64
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_on_a_terminal_it_asks(tmp_path):
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [GONOGO, "init"],
        cwd=tmp_path,
        env=environment(),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        os.write(ours, b"javascript\nasked for\nresearch\n")
        out, _ = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0, out
    assert 'name = "asked for"' in (tmp_path / "engine.toml").read_text()
    assert 'default_use = "research"' in (tmp_path / "policy.toml").read_text()
    assert (tmp_path / "engine.js").exists()
