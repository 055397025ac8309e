"""A pytest plugin: `pytest --gonogo-engine X` tries an engine with gonogo's hand-made cases, state machine and seeds, as tests of your own project.

It stands alone. It imports nothing but pytest and runs the `gonogo` command, so that packages of your project with names such as
`harness` or `reports` never meet gonogo's own. Each hand-made case is a test, and so is each handful of seeds; under pytest-xdist they
spread over the workers. A seed that fails is printed with the command that tries it again, and kept in a seed bank: it comes first next time.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_gonogo import bank, command
from pytest_gonogo.bank import FlowSeed
from pytest_gonogo.items import Case, Machines, Seeds

SEARCHES_A_TEST = 2
"""Each takes about a second on the bundled engines."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The plugin's own options."""
    group = parser.getgroup("gonogo", "try a trading engine with gonogo")
    group.addoption(
        "--gonogo-engine",
        metavar="X",
        help="the engine: a bundled one's name, the path of an engine.toml or adapter file, or module:attribute",
    )
    for name, default, about in (
        ("seed", 1, "the first seed"),
        ("machines", 4, "how many seeds of the state machine"),
        ("examples", 50, "sequences that one seed of it tries"),
        ("steps", 30, "commands of a sequence, at most"),
        ("seeds", 100, "how many seeds of flows"),
        ("seeds-a-test", 10, "seeds of flows in one test"),
        ("commands", 2000, "commands a seed of flows"),
    ):
        group.addoption(
            f"--gonogo-{name}", type=int, default=default, metavar="N", help=f"{about} (default: {default})"
        )
    group.addoption(
        "--gonogo-timeout", type=float, default=900, metavar="S", help="seconds a test may take (default: %(default)s)"
    )
    group.addoption(
        "--gonogo-command", default="", metavar="PATH", help="gonogo itself (default: beside python, else on PATH)"
    )


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the tests of the engine behind those of the project; what failed before comes first."""
    if config.getoption("--gonogo-engine"):
        items += _tests(session, config)


def _tests(session: pytest.Session, config: pytest.Config) -> Iterator[pytest.Item]:
    commands, examples, steps = (config.getoption(f"--gonogo-{name}") for name in ("commands", "examples", "steps"))
    for kept in bank.newest(config):
        alone = range(kept.seed, kept.seed + 1)
        if isinstance(kept, FlowSeed):
            yield Seeds.made(session, f"bank::seed-{kept.seed}-of-{kept.commands}", alone, kept.commands)
        else:
            name = f"bank::machine-{kept.seed}-of-{kept.examples}x{kept.steps}"
            yield Machines.made(session, name, alone, kept.examples, kept.steps)
    for case in command.cases(config):
        yield Case.from_parent(session, name=f"gonogo::case::{case}", nodeid=f"gonogo::case::{case}")
    for part in _parts(config, config.getoption("--gonogo-machines"), SEARCHES_A_TEST):
        yield Machines.made(session, f"machine::{part[0]}-to-{part[-1]}", part, examples, steps)
    for part in _parts(config, config.getoption("--gonogo-seeds"), config.getoption("--gonogo-seeds-a-test")):
        yield Seeds.made(session, f"seeds::{part[0]}-to-{part[-1]}", part, commands)


def _parts(config: pytest.Config, count: int, size: int) -> Iterator[range]:
    """The seeds of each test."""
    first = config.getoption("--gonogo-seed")
    seeds = range(first, first + count)
    step = max(size, 1)
    return (seeds[at : at + step] for at in range(0, len(seeds), step))
