"""The tests that the plugin makes: hand-made cases, seeds of flows, and seeds of the state machine."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

import pytest

from pytest_gonogo import bank
from pytest_gonogo.bank import FlowSeed, Kept, MachineSeed
from pytest_gonogo.command import GonogoError, explore, explored

SHOWN = 2
"""Failing seeds of a test that are told in full."""
PLAYED = pytest.StashKey[dict[str, Any]]()
NO_CASES, NO_SEEDS, NO_MACHINES = ("--no-cases",), ("--seeds", "0"), ("--machines", "0")


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
            told = explored(self.config, *NO_SEEDS, *NO_MACHINES)
            cases = self.config.stash[PLAYED] = {case["name"]: case for case in told["cases"]}
        case = cases.get(self.name.rpartition("::")[2])
        if case is None or case["outcome"] == "left out":
            pytest.skip(case["why"] if case else "not played under the engine's conventions")
        if case["outcome"] == "fail":
            again = explore(self.config, *NO_SEEDS, *NO_MACHINES)
            raise GonogoError(
                "\n".join([case["about"], *_said(case["finding"], case["why"]), f"again: {' '.join(again)}"])
            )


class SeededItem(GonogoItem):
    """Some seeds, each tried on its own."""

    seeds: range

    @abstractmethod
    def words(self, seeds: range) -> tuple[str, ...]:
        """What tells `gonogo explore` to try these seeds, and nothing else."""

    @abstractmethod
    def failed(self) -> list[dict[str, Any]]:
        """Try the seeds; what is told of those that failed."""

    @abstractmethod
    def kept(self, seed: int) -> Kept:
        """As the bank keeps the seed."""

    @abstractmethod
    def told(self, one: dict[str, Any]) -> Iterable[str]:
        """One seed with what was found."""

    def runtest(self) -> None:
        """Fail where anything is found with any of the seeds, and remember which."""
        failed = self.failed()
        if not failed:
            return
        lines: list[str] = []
        for one in failed:
            bank.remember(self.config, self.kept(one["seed"]))
        for one in failed[:SHOWN]:
            again = explore(self.config, *self.words(range(one["seed"], one["seed"] + 1)))
            lines += [*self.told(one), f"again: {' '.join(again)}"]
        if others := ", ".join(str(one["seed"]) for one in failed[SHOWN:]):
            lines.append(f"and findings with the seeds {others}")
        raise GonogoError("\n".join(lines))


class Seeds(SeededItem):
    """Some seeds of flows; all checks look at each."""

    commands: int

    @classmethod
    def made(cls, session: pytest.Session, name: str, seeds: range, commands: int) -> Seeds:
        """The test of these seeds."""
        made: Seeds = cls.from_parent(session, name=f"gonogo::{name}", nodeid=f"gonogo::{name}")
        made.seeds, made.commands = seeds, commands
        return made

    def words(self, seeds: range) -> tuple[str, ...]:
        """A flow a seed, of so many commands."""
        drawn = ("--seed", str(seeds[0]), "--seeds", str(len(seeds)), "--commands", str(self.commands))
        return (*drawn, *NO_CASES, *NO_MACHINES)

    def failed(self) -> list[dict[str, Any]]:
        """The flows in which any check finds anything."""
        return [one for one in explored(self.config, *self.words(self.seeds))["seeds"] if one["findings"]]

    def kept(self, seed: int) -> FlowSeed:
        """With the length of its flow."""
        return FlowSeed(seed, self.commands)

    def told(self, one: dict[str, Any]) -> Iterable[str]:
        """Every finding."""
        yield f"seed {one['seed']}, flow of {one['scenario']}, {one['commands']} commands"
        for finding in one["findings"]:
            yield from _said(finding, "")


class Machines(SeededItem):
    """Some seeds of the state machine, each another search."""

    examples: int
    steps: int

    @classmethod
    def made(cls, session: pytest.Session, name: str, seeds: range, examples: int, steps: int) -> Machines:
        """The test of these seeds."""
        made: Machines = cls.from_parent(session, name=f"gonogo::{name}", nodeid=f"gonogo::{name}")
        made.seeds, made.examples, made.steps = seeds, examples, steps
        return made

    def words(self, seeds: range) -> tuple[str, ...]:
        """A search a seed."""
        searched = ("--seed", str(seeds[0]), "--machines", str(len(seeds)))
        return (*searched, "--examples", str(self.examples), "--steps", str(self.steps), *NO_CASES, *NO_SEEDS)

    def failed(self) -> list[dict[str, Any]]:
        """The searches that found anything, and those in which the engine failed; what they found is kept as files."""
        told = explored(self.config, *self.words(self.seeds), "--save", str(bank.folder(self.config)))
        return [one for one in told["machines"] if one["findings"] or one["failure"]]

    def kept(self, seed: int) -> MachineSeed:
        """With how far it searches."""
        return MachineSeed(seed, self.examples, self.steps)

    def told(self, one: dict[str, Any]) -> Iterable[str]:
        """The few commands in words, and where a test of them lies."""
        yield f"machine seed {one['seed']}, after {one['commands']} commands"
        yield from (text.rstrip() for text in (one["script"], one["failure"]) if text)
        yield from (f"also {finding['check']}: {finding['title']}" for finding in one["findings"][1:])
        if one["tape"]:
            yield f"kept with a test of it: {one['tape']}"


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
