"""Compares runs that were made before: what their facts hold, on one host, of the same commands.

They were not made side by side, so that whatever changed between them counts as a difference of the builds: runs alone are no pairs,
and Mann-Whitney decides. One run a side bounds nothing; a folder of runs of one name counts as all of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import harness
from harness.base import differences
from harness.base.comparison import Comparison, Turn
from harness.base.errors import EvidenceError, SetupError
from harness.base.findings import Facts
from harness.base.judgement import EngineIdentity
from harness.base.looks import level
from harness.compose.comparing import FEWEST_COMMANDS, compared_host, doubts, samples
from harness.compose.turns import lag_ns, latencies
from harness.evidence import manifest
from harness.evidence.archive import Archive
from harness.evidence.run import RunRecord, ScenarioRecord

HOST = ("cpu", "cores", "kernel", "governor")
"""What must be the same of the machines."""
WORK = ("flow", "pacing", "commands", "instrument", "settings", "conventions", "instruments", "controls")
"""What must be the same of a scenario, beside the seed."""

SideName: TypeAlias = Literal["base", "head"]


class _Stored(NamedTuple):
    """A scenario of a run, with what its checks found out."""

    side: SideName
    run: RunRecord
    scenario: ScenarioRecord
    values: dict[str, float]
    """What was measured of the metrics."""
    lag_ns: int | None
    """How late the generator was; None where nothing was due."""


def is_stored(name: str) -> bool:
    """Whether a word of the command line names runs, and no engine."""
    return bool(_folders(Path(name)))


def compare_stored(base: Path, head: Path, scenarios: Sequence[str], budgets_pct: Mapping[str, float]) -> Comparison:
    """What the runs of two folders come to.

    Raises:
        SetupError: they are of unlike hosts, of other commands, or hold nothing that can be compared.
    """
    for place in (base, head):
        if not _folders(place):
            raise SetupError(f"there is no run in {place}; runs are compared with runs, engines with engines")
    sides = {"base": _read("base", base, scenarios), "head": _read("head", head, scenarios)}
    both = {one.scenario.name for one in sides["base"]} & {one.scenario.name for one in sides["head"]}
    found = [one for own in sides.values() for one in own if one.scenario.name in both]
    if not found:
        raise SetupError(f"{base} and {head} hold no scenario that both finished and that was measured")
    _must_be_alike(found)
    turns = [
        Turn(scenario=one.scenario.name, side=one.side, pair=0, run=one.run.id, values=one.values) for one in found
    ]
    told = differences.compare(samples(turns, budgets_pct, paired=False, late=_late(found)))
    word = differences.overall(told)
    first, spent = found[0].run, level(1)
    return Comparison(
        started_utc=f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}", gonogo=harness.__version__,
        base=first.engine, head=found[-1].run.engine,
        host=compared_host(first.host),
        seed=first.seed, pairs_asked=0, pairs_most=0, pairs=0, looks=1, looks_most=1, alpha=spent.alpha, confidence=spent.confidence,
        ended="", word=word, exit=differences.EXITS[word],
        commands={one.scenario.name: one.scenario.commands for one in found}, differences=told, turns=tuple(turns),
    )  # fmt: skip


def _folders(place: Path) -> list[Path]:
    """The run folder itself, or all of a name, the oldest first."""
    if (place / "run.json").is_file():
        return [place]
    return sorted(path.parent for path in place.glob("*/run.json") if not path.parent.is_symlink())


def _read(side: SideName, place: Path, scenarios: Sequence[str]) -> list[_Stored]:
    """Every scenario that was asked for, finished and measured, of every run; all where none was asked for.

    Raises:
        EvidenceError: a run was changed since it was judged.
    """
    found: list[_Stored] = []
    for folder in _folders(place):
        archive = Archive(folder)
        if changed := [name for name in manifest.changed(folder) if name.endswith(".json")]:
            raise EvidenceError(f"{folder} was changed since it was judged: {changed[0]}")
        for name in archive.run.scenarios:
            record = archive.scenario(name)
            if record.status != "finished" or (scenarios and name not in scenarios):
                continue
            facts = archive.facts(name)
            if values := _values(record, facts):
                late = facts.get("generator_lag")
                lag = lag_ns(late) if late is not None and late.distributions else None
                found.append(_Stored(side, archive.run, record, values, lag))
    return found


def _must_be_alike(found: Sequence[_Stored]) -> None:
    """Refuse what differs beside the builds: the hosts and seeds first, then a side's own builds, then the work."""
    first = found[0].run
    for run in (one.run for one in found):
        unlike = [name for name in HOST if getattr(first.host, name) != getattr(run.host, name)]
        if unlike:
            said = "; ".join(f"{name} {getattr(first.host, name)!r} and {getattr(run.host, name)!r}" for name in unlike)
            raise SetupError(f"runs of unlike hosts cannot be compared: {said} ({first.id} and {run.id})")
        if run.seed != first.seed:
            raise SetupError(
                f"runs of unlike seeds cannot be compared: {first.seed} and {run.seed} ({first.id} and {run.id})"
            )
    builds: dict[str, EngineIdentity] = {}
    driven: dict[str, _Stored] = {}
    for one in found:
        build = builds.setdefault(one.side, one.run.engine)
        if build != one.run.engine:
            raise SetupError(
                f"the runs of the {one.side} are of several builds: {_said(build)} and {_said(one.run.engine)}"
            )
        other = driven.setdefault(one.scenario.name, one)
        unlike = [what for what in WORK if getattr(one.scenario, what) != getattr(other.scenario, what)]
        if unlike:
            raise SetupError(
                f"{one.scenario.name} was driven in two ways, in {other.run.id} and {one.run.id}: {', '.join(unlike)} differ"
            )


def _said(build: EngineIdentity) -> str:
    return f"{build.name} {build.version} {build.commit[:12]}{' changed' if build.dirty else ''}"


def _values(record: ScenarioRecord, facts: Mapping[str, Facts]) -> dict[str, float]:
    """What there is of the metrics; memory and processor time were of a whole run with all its scenarios."""
    if record.rate_per_s:
        found = facts.get("latency")
        return latencies(found) if found is not None and found.distributions else {}
    is_rate = record.instrument == "drive" and record.commands >= FEWEST_COMMANDS
    return {"throughput": record.commands * 1e9 / max(record.duration_ns, 1)} if is_rate else {}


def _late(found: Sequence[_Stored]) -> dict[str, str]:
    """Of which scenarios latencies say nothing."""
    lags_ns: dict[tuple[str, str], list[int]] = {}
    for one in found:
        if one.lag_ns is not None:
            lags_ns.setdefault((one.scenario.name, one.side), []).append(one.lag_ns)
    return doubts(lags_ns)
