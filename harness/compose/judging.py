"""Judges a run folder: folds every check over its history, asks for the verdict, and writes both down.

Where a bounded history dropped commands, they are drawn again from the seed; where it dropped events, the facts that the judge
beside the run left are the evidence. `basis` says which, for each check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from harness.base.errors import EvidenceError
from harness.base.findings import Facts
from harness.base.judgement import RunVerdict
from harness.checks import CheckPlug
from harness.compose import folding, plugs
from harness.compose.redrawing import redraw
from harness.evidence.archive import Archive
from harness.evidence.fold import KNOWN_LATE, TIMES, RunInfo
from harness.evidence.history import NotDrawnAgainError
from harness.evidence.hlog import write_hlog
from harness.evidence.run import ScenarioRecord
from harness.evidence.store import write_json
from harness.policy import LoadedPolicy
from harness.verdict.heard import Heard
from harness.verdict.judge import judge

Telling = Callable[[str], None]


def judge_run(
    archive: Archive, loaded: LoadedPolicy, use: str, damaged: tuple[str, ...], tell: Telling
) -> tuple[RunVerdict, tuple[Heard, ...]]:
    """Hear every check of every scenario and judge; also gives what was heard.

    `damaged` is what `Archive.damaged` found: it hashes the whole folder, so it is asked once.
    """
    heard: list[Heard] = []
    for scenario in archive.run.scenarios:
        tell(f"judging {scenario}")
        heard += hear(archive, scenario, damaged)
    return judge(archive.run, tuple(heard), loaded, use, damaged), tuple(heard)


def store(archive: Archive, verdict: RunVerdict, heard: tuple[Heard, ...]) -> None:
    """Write the verdict, the facts and the latency logs into the run folder; stored facts that were judged stay as they are."""
    for scenario in dict.fromkeys(one.info.scenario for one in heard):
        folder = archive.folder / "scenarios" / scenario
        own = [one for one in heard if one.info.scenario == scenario]
        for one in own:
            if one.basis != "facts":
                write_json(folder / "facts" / f"{one.check}.json", one.facts)
        latency = {name: d for one in own for name, d in one.facts.distributions.items() if name.startswith("latency.")}
        if latency:
            write_hlog(folder / "latency.hlog", latency, archive.scenario(scenario).duration_ns)
    write_json(archive.folder / "verdict.json", verdict)


def hear(archive: Archive, scenario: str, damaged: tuple[str, ...] = ()) -> list[Heard]:
    """Every check that applies to the scenario, with what it found out, and from what."""
    info = archive.info(scenario)
    record = archive.scenario(scenario)
    chosen = folding.applying(record.checks, info)
    if broken := next((path for path in damaged if _concerns(path, scenario)), ""):
        return _unheard(chosen, info, f"the evidence was changed since the run: {broken}")
    try:
        gone = archive.gone(scenario)
    except EvidenceError as error:
        return _unheard(chosen, info, f"the history cannot be read: {error}")
    if gone == "nothing":
        return _whole(archive, chosen, info)
    again: list[Heard] = []
    if gone == "commands":
        timeless = {name: plug for name, plug in chosen.items() if TIMES not in plug.needs}
        again = _again(archive, timeless, info)
    done = {one.check for one in again}
    left = {name: plug for name, plug in chosen.items() if name not in done}
    stored = _stored(archive.facts(scenario), left, info, record)
    return sorted([*again, *stored], key=lambda one: list(chosen).index(one.check))


def _whole(archive: Archive, chosen: Mapping[str, CheckPlug], info: RunInfo) -> list[Heard]:
    live = [folding.start(name, plug, info) for name, plug in chosen.items()]
    broken = folding.feed(live, archive.segments(info.scenario))
    return [_heard(one, info, broken) for one in live]


def _unheard(chosen: Mapping[str, CheckPlug], info: RunInfo, broken: str) -> list[Heard]:
    """The checks without any history, for the reason given."""
    return [_heard(folding.start(name, plug, info), info, broken) for name, plug in chosen.items()]


def _again(archive: Archive, chosen: Mapping[str, CheckPlug], info: RunInfo) -> list[Heard]:
    """The checks fed with commands drawn again from the seed; none where it does not give them."""
    live = [folding.start(name, plug, info) for name, plug in chosen.items()]
    try:
        broken = folding.feed(live, archive.segments(info.scenario, redraw(archive, info.scenario)))
    except NotDrawnAgainError:
        return []
    return [replace(_heard(one, info, broken), basis="seed") for one in live]


def _stored(
    facts: Mapping[str, Facts], chosen: Mapping[str, CheckPlug], info: RunInfo, record: ScenarioRecord
) -> list[Heard]:
    """The checks by the facts that the run left; without them a check is unknown."""
    return [
        Heard(
            check=name, rule=plugs.rule(plug), info=info, basis="facts",
            facts=facts.get(name) or Facts(seen=0, unknown=_why_none(plug, record)),
        )
        for name, plug in chosen.items()
    ]  # fmt: skip


def _why_none(plug: CheckPlug, record: ScenarioRecord) -> str:
    gone = "the history was dropped, so that it stays within its bound, and there are no facts of it"
    if record.beside:
        return f"{gone}: the judge beside the run {record.beside}"
    if {*plug.needs} & {*KNOWN_LATE}:
        return f"{gone}: this check needs what is known only at the end of a run"
    return f"{gone}: the check is newer than the run"


def _heard(one: folding.Live, info: RunInfo, broken: str) -> Heard:
    return Heard(check=one.name, rule=plugs.rule(one.plug), info=info, facts=folding.facts(one, info, broken))


def _concerns(path: str, scenario: str) -> bool:
    return not path.startswith("scenarios/") or path.startswith(f"scenarios/{scenario}/")
