"""Reads a run folder: all that judging and reporting know."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from harness.base.bits import BOOK_ROW, BookRows
from harness.base.errors import EvidenceError
from harness.base.findings import Facts
from harness.base.judgement import VERDICT_SCHEMA, RunVerdict
from harness.base.records import COMMAND, EVENT, Commands, Events
from harness.evidence import manifest
from harness.evidence.dropped import dropped
from harness.evidence.fold import RunInfo, Segment
from harness.evidence.history import Gone, History, Redraw
from harness.evidence.index import read_lines
from harness.evidence.journal import DigestLine, repeat_mark, state_mark
from harness.evidence.kept import read_kept
from harness.evidence.load_file import LOAD_SCHEMA, LoadRecord
from harness.evidence.run import RUN_SCHEMA, RunRecord, ScenarioRecord
from harness.evidence.segment import Records
from harness.evidence.stacks import Stacks, read_stacks
from harness.evidence.store import read_json


class Archive:
    """One run folder, read as it is asked for; `fresh` where it was written just now, as for a `History`."""

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        if not folder.is_dir():
            raise EvidenceError(f"there is no run folder {folder}; `runs/NAME/latest` names the newest run of NAME")
        self.folder = folder
        self.fresh = fresh

    @cached_property
    def run(self) -> RunRecord:
        """run.json."""
        return read_json(self.folder / "run.json", RunRecord, RUN_SCHEMA)

    def verdict(self) -> RunVerdict:
        """verdict.json."""
        return read_json(self.folder / "verdict.json", RunVerdict, VERDICT_SCHEMA)

    def scenario(self, name: str) -> ScenarioRecord:
        """A scenario's scenario.json."""
        return read_json(self._scenario(name) / "scenario.json", ScenarioRecord, RUN_SCHEMA)

    def load(self, name: str) -> LoadRecord | None:
        """Who sent a scenario's load; None where gonogo itself sent it, or it came to no end."""
        path = self._scenario(name) / "load.json"
        return read_json(path, LoadRecord, LOAD_SCHEMA) if path.is_file() else None

    def facts(self, name: str) -> dict[str, Facts]:
        """What each check found out in a scenario, by the check's name."""
        files = sorted((self._scenario(name) / "facts").glob("*.json"))
        return {path.stem: read_json(path, Facts) for path in files}

    def segments(self, name: str, redraw: Redraw | None = None) -> Iterator[Segment]:
        """The history in order, a pair of segments at a time; `redraw` gives the commands that were dropped.

        Raises:
            EvidenceError: a segment is missing, cut, changed, dropped, or not the one that the index tells.
        """
        record = self.scenario(name)
        commands = 0
        for segment in self._history(name).segments(redraw):
            commands += len(segment.commands)
            yield segment
        if record.status == "finished" and commands != record.commands:
            raise EvidenceError(
                f"the history of {name} holds {commands:,} commands, the scenario sent {record.commands:,}"
            )

    def commands(self, name: str, redraw: Redraw | None = None) -> Iterator[Commands]:
        """The commands of the history alone, a segment at a time.

        Raises:
            EvidenceError: as above.
        """
        return self._history(name).commands(redraw)

    def gone(self, name: str) -> Gone:
        """What was dropped of a scenario's history."""
        return self._history(name).gone

    def info(self, name: str) -> RunInfo:
        """What a fold may know beside the history."""
        record = self.scenario(name)
        lines = read_lines(self._scenario(name) / "digests.jsonl", DigestLine)
        return RunInfo(
            scenario=name, source=record.source, engine=self.run.engine.name, started=record.started, failure=record.failure,
            capabilities=self.run.capabilities, conventions=record.conventions, instruments=record.instruments,
            controls=record.controls, notes=record.notes, rate_per_s=record.rate_per_s, warm_up_ns=record.warm_up_ns,
            others_cpu=record.others_cpu, idle_cpu=record.idle_cpu, machine=self.run.host, host=record.host,
            profiled_by=record.profile.by if record.profile else (),
            states=tuple(state_mark(line) for line in lines if line.kind == "state"),
            repeats=tuple(repeat_mark(line) for line in lines if line.kind in ("repeat", "relation")),
            ending=record.ending, kept=lambda: read_kept(self._scenario(name), record.ending),
            book=lambda number: self._book(name, number), interrupted=record.status == "interrupted" or record.cut, short=record.short,
            dropped=dropped(record, self._scenario(name) / "samples.csv"),
        )  # fmt: skip

    def stacks(self, name: str) -> Stacks:
        """What a profiler saw of the engine in a scenario.

        Raises:
            EvidenceError: there is no such file, or it cannot be read.
        """
        return read_stacks(self._scenario(name))

    def book(self, name: str) -> BookRows | None:
        """The last book that the engine showed, or None."""
        states = self.info(name).states
        return self._book(name, states[-1].number) if states else None

    def story(self, name: str, orders: tuple[int, ...], upto: int, limit: int) -> tuple[Commands, Events]:
        """The end of these orders' history up to the command `upto`: commands and the events about these orders.

        The last `limit` commands that touch one of the orders or caused an event about one, such as the order of another
        that traded with it, and only the events of those commands.
        """
        wanted = np.array(orders, np.uint64)
        touching, told = [np.zeros(0, np.uint64)], [np.zeros(0, EVENT)]
        for commands, events in self._until(name, upto):
            touching.append(commands["number"][_any_in(commands, ("order", "target"), wanted)])
            told.append(events[_any_in(events, ("order", "maker", "new_order"), wanted)])
        about = np.concatenate(told)
        numbers = np.unique(np.concatenate([*touching, about["command"]]))
        chosen = numbers[(numbers > 0) & (numbers <= upto)][-limit:]
        # An answer may stand in a later segment than its command, so the commands are read only now that they are known.
        rows = [part.commands[np.isin(part.commands["number"], chosen)] for part in self._until(name, upto)]
        return np.concatenate([np.zeros(0, COMMAND), *rows]), about[np.isin(about["command"], chosen)]

    def _until(self, name: str, upto: int) -> Iterator[Segment]:
        """The segments that are whole, up to the one after that of the command `upto`: its answers may stand there.

        Raises:
            EvidenceError: that command's own was dropped.
        """
        holds = self.gone(name) == "nothing"
        for segment in self._history(name).kept():
            yield segment
            first, last = (int(segment.commands["number"][at]) if len(segment.commands) else 0 for at in (0, -1))
            holds |= first <= upto <= last
            if first > upto:
                break
        if not holds:
            raise EvidenceError(f"the history around command {upto:,} was dropped, so that it stays within its bound")

    def size_bytes(self) -> int:
        """What the run folder weighs."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def damaged(self) -> tuple[str, ...]:
        """The files of evidence that are not as the manifest tells: it hashes the whole folder."""
        return tuple(name for name in manifest.changed(self.folder) if not self._is_output(name))

    def _is_output(self, name: str) -> bool:
        """Whether judging and reporting write the file; facts are evidence where the history behind them is gone."""
        place = Path(name).parts
        if place[0] != "scenarios":
            return name not in ("run.json", "policy.toml")
        return place[-1] in ("latency.hlog", "latency.hgrm") or (
            place[2] == "facts" and not self._stands_on_facts(place[1])
        )

    def _stands_on_facts(self, name: str) -> bool:
        try:
            return self.gone(name) != "nothing"
        except EvidenceError:
            return True  # an index that cannot be read is damage in itself

    def _history(self, name: str) -> History:
        return History(self._scenario(name) / "history", fresh=self.fresh)

    def _scenario(self, name: str) -> Path:
        return self.folder / "scenarios" / name

    def _book(self, name: str, number: int) -> BookRows:
        path = self._scenario(name) / "snapshots" / f"{number}.book"
        try:
            return np.frombuffer(path.read_bytes(), BOOK_ROW)
        except (OSError, ValueError) as error:
            raise EvidenceError(f"cannot read the book {path}: {error}") from error


def _any_in(records: Records, fields: tuple[str, ...], wanted: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Whether any of the fields holds one of the wanted ids, shape (n,)."""
    found = np.zeros(len(records), np.bool_)
    for field in fields:
        found |= np.isin(records[field], wanted)
    return found


def latest(folder: Path) -> Path:
    """The run folder that a user means: itself, or the newest run of a name.

    Raises:
        EvidenceError: there is no run there.
    """
    for candidate in (folder, folder / "latest"):
        if (candidate / "run.json").is_file():
            return candidate.resolve()
    raise EvidenceError(f"{folder} is no run folder: it has neither run.json nor latest/run.json")
