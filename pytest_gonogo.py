"""A pytest plugin: `pytest --gonogo-engine X` tries an engine with gonogo's hand-made cases and with many seeds, as tests of your own project.

It stands alone. It imports nothing but pytest and runs the `gonogo` command, so that packages of your project with names such as
`harness` or `reports` never meet gonogo's own. Each hand-made case is a test, and so is each handful of seeds; under pytest-xdist they
spread over the workers. A seed that fails is printed with the command that tries it again, and kept in a seed bank: it comes first next time.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

BANK = Path(".gonogo") / "seeds"
"""The seed bank, below pytest's root folder: a line a seed that once failed, `SEED COMMANDS ENGINE`."""
BANKED = 50
"""How many seeds of the bank are tried: the newest."""
SHOWN = 2
"""Failing seeds of a test that are told in full."""
TIMEOUT_S = 900
PLAYED = pytest.StashKey[dict[str, Any]]()


class GonogoError(Exception):
    """What gonogo found, or why it could not look; told as it is, without a traceback."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The plugin's own options."""
    group = parser.getgroup("gonogo", "try a trading engine with gonogo")
    group.addoption(
        "--gonogo-engine", metavar="X", help="the engine: a bundled one's name or the path of an adapter file"
    )
    group.addoption("--gonogo-seeds", type=int, default=100, metavar="N", help="how many seeds (default: %(default)s)")
    group.addoption("--gonogo-seed", type=int, default=1, metavar="N", help="the first seed (default: %(default)s)")
    group.addoption(
        "--gonogo-seeds-a-test", type=int, default=10, metavar="N", help="seeds of one test (default: %(default)s)"
    )
    group.addoption(
        "--gonogo-commands", type=int, default=2000, metavar="N", help="commands a seed (default: %(default)s)"
    )
    group.addoption(
        "--gonogo-command", default="", metavar="PATH", help="gonogo itself (default: beside python, else on PATH)"
    )


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the tests of the engine behind those of the project; what failed before comes first."""
    if config.getoption("--gonogo-engine"):
        items += _tests(session, config)


def _tests(session: pytest.Session, config: pytest.Config) -> Iterator[pytest.Item]:
    first, seeds = config.getoption("--gonogo-seed"), config.getoption("--gonogo-seeds")
    step = max(config.getoption("--gonogo-seeds-a-test"), 1)
    commands = config.getoption("--gonogo-commands")
    for seed, length in _bank(config):
        yield Seeds.made(session, f"bank::seed-{seed}-of-{length}", range(seed, seed + 1), length)
    for name in _cases(config):
        yield Case.from_parent(session, name=f"gonogo::case::{name}", nodeid=f"gonogo::case::{name}")
    for begin in range(first, first + seeds, step):
        part = range(begin, min(begin + step, first + seeds))
        yield Seeds.made(session, f"seeds::{part[0]}-to-{part[-1]}", part, commands)


class GonogoItem(pytest.Item):
    """A test that the plugin makes."""

    def reportinfo(self) -> tuple[str, None, str]:
        """How pytest names it."""
        return "gonogo", None, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What gonogo found, without the plugin's own lines."""
        return str(excinfo.value) if isinstance(excinfo.value, GonogoError) else super().repr_failure(excinfo, style)


class Case(GonogoItem):
    """One hand-made case; all are played once a worker."""

    def runtest(self) -> None:
        """Fail where the engine answered otherwise; skip where it does not offer what the case is about."""
        cases = self.config.stash.get(PLAYED, None)
        if cases is None:
            told = _explored(self.config, "--seeds", "0")
            cases = self.config.stash[PLAYED] = {case["name"]: case for case in told["cases"]}
        case = cases.get(self.name.rpartition("::")[2])
        if case is None or case["outcome"] == "left out":
            pytest.skip(case["why"] if case else "not played under the engine's conventions")
        if case["outcome"] == "fail":
            again = _command(self.config, "--seeds", "0")
            raise GonogoError(
                "\n".join([case["about"], *_said(case["finding"], case["why"]), f"again: {' '.join(again)}"])
            )


class Seeds(GonogoItem):
    """Some seeds, each another flow of commands."""

    seeds: range
    commands: int

    @classmethod
    def made(cls, session: pytest.Session, name: str, seeds: range, commands: int) -> Seeds:
        """The test of these seeds."""
        made: Seeds = cls.from_parent(session, name=f"gonogo::{name}", nodeid=f"gonogo::{name}")
        made.seeds, made.commands = seeds, commands
        return made

    def runtest(self) -> None:
        """Fail where any check finds anything with any of the seeds, and remember which."""
        words = (
            "--seed",
            str(self.seeds[0]),
            "--seeds",
            str(len(self.seeds)),
            "--commands",
            str(self.commands),
            "--no-cases",
        )
        failed = [one for one in _explored(self.config, *words)["seeds"] if one["findings"]]
        if not failed:
            return
        for one in failed:
            _remember(self.config, one["seed"], self.commands)
        lines = [line for one in failed[:SHOWN] for line in self._told(one)]
        if others := ", ".join(str(one["seed"]) for one in failed[SHOWN:]):
            lines.append(f"and findings with the seeds {others}")
        raise GonogoError("\n".join(lines))

    def _told(self, one: dict[str, Any]) -> list[str]:
        """One seed with what was found, and how to see it again."""
        alone = ("--seed", str(one["seed"]), "--seeds", "1", "--commands", str(self.commands), "--no-cases")
        return [
            f"seed {one['seed']}, flow of {one['scenario']}, {one['commands']} commands",
            *(line for finding in one["findings"] for line in _said(finding, "")),
            f"again: {' '.join(_command(self.config, *alone))}",
        ]


def _said(finding: dict[str, Any] | None, why: str) -> list[str]:
    if finding is None:
        return [why]
    return [
        f"{finding['check']}: {finding['title']} (command {finding['first_command']})",
        f"expected  {_indented(finding['expected'])}",
        f"got       {_indented(finding['got'])}",
    ]


def _indented(text: str) -> str:
    return text.replace("\n", "\n          ")


def _explored(config: pytest.Config, *words: str) -> dict[str, Any]:
    """What `gonogo explore` told."""
    done = _run(config, _command(config, *words, "--json"))
    if done.returncode not in (0, 1):
        raise GonogoError(f"{' '.join(done.args)}\nended with exit code {done.returncode}:\n{done.stderr.strip()}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _cases(config: pytest.Config) -> list[str]:
    """The names of the hand-made cases."""
    done = _run(config, [*_gonogo(config), "list", "case"])
    if done.returncode:
        raise pytest.UsageError(f"gonogo cannot list its cases: {done.stderr.strip()}")
    return [line.split()[0] for line in done.stdout.splitlines()[1:] if line.strip()]


def _command(config: pytest.Config, *words: str) -> list[str]:
    return [*_gonogo(config), "explore", "--engine", config.getoption("--gonogo-engine"), *words]


def _gonogo(config: pytest.Config) -> Sequence[str]:
    """The command: the one that was named, the one of this environment, or the one on PATH."""
    beside = Path(sys.executable).with_name("gonogo")
    found = config.getoption("--gonogo-command") or (str(beside) if beside.is_file() else shutil.which("gonogo"))
    if not found:
        raise pytest.UsageError("there is no `gonogo` beside python or on PATH; name it with --gonogo-command")
    return (found,)


def _run(config: pytest.Config, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run it where pytest was called; what leads this python to the project's own packages must not lead gonogo there."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PYTHONSAFEPATH": "1"}
    try:
        return subprocess.run(
            words,
            cwd=config.invocation_params.dir,
            env=environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GonogoError(f"{' '.join(words)}\ncould not be run: {error}") from error


def _bank(config: pytest.Config) -> list[tuple[int, int]]:
    """Seeds and commands that failed with this engine before, the newest first."""
    path = config.rootpath / BANK
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    kept: dict[tuple[int, int], None] = {}
    for line in reversed(lines):
        seed, _, rest = line.partition(" ")
        commands, _, engine = rest.partition(" ")
        if engine == config.getoption("--gonogo-engine") and seed.isdigit() and commands.isdigit():
            kept[int(seed), int(commands)] = None
    return list(kept)[:BANKED]


def _remember(config: pytest.Config, seed: int, commands: int) -> None:
    """Put the seed into the bank, unless it is there; a line is written at once, since several workers may write."""
    if (seed, commands) in _bank(config):
        return
    path = config.rootpath / BANK
    path.parent.mkdir(exist_ok=True)
    with path.open("ab", buffering=0) as bank:
        bank.write(f"{seed} {commands} {config.getoption('--gonogo-engine')}\n".encode())
