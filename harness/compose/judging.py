"""Judges a run folder: folds every check over its history, asks for the verdict, and writes both down."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from harness.base.errors import EvidenceError
from harness.base.findings import Facts
from harness.base.judgement import RunVerdict
from harness.checks import CheckPlug
from harness.compose import plugs
from harness.evidence import manifest
from harness.evidence.archive import Archive
from harness.evidence.fold import Fold, RunInfo, Segment, applies, engine_lacks
from harness.evidence.hlog import write_hlog
from harness.evidence.store import write_json
from harness.policy import LoadedPolicy
from harness.verdict.heard import Heard
from harness.verdict.judge import judge

Telling = Callable[[str], None]


class _Live(NamedTuple):
    """A check at work; `trouble` holds why it no longer is."""

    name: str
    plug: CheckPlug
    fold: Fold | None
    trouble: list[str]


def judge_run(
    archive: Archive, loaded: LoadedPolicy, use: str, damaged: tuple[str, ...], tell: Telling
) -> tuple[RunVerdict, dict[str, dict[str, Facts]]]:
    """Fold the history of every scenario again and judge it; also gives the facts, by scenario and check.

    `damaged` is what `damage` found: it hashes the whole folder, so it is asked once.
    """
    heard: list[Heard] = []
    for scenario in archive.run.scenarios:
        tell(f"judging {scenario}")
        heard += hear(archive, scenario, damaged)
    facts: dict[str, dict[str, Facts]] = {}
    for one in heard:
        facts.setdefault(one.info.scenario, {})[one.check] = one.facts
    return judge(archive.run, tuple(heard), loaded, use, damaged), facts


def store(archive: Archive, verdict: RunVerdict, facts: dict[str, dict[str, Facts]]) -> None:
    """Write the verdict, the facts and the latency logs into the run folder."""
    for scenario, found in facts.items():
        folder = archive.folder / "scenarios" / scenario
        for check, fact in found.items():
            write_json(folder / "facts" / f"{check}.json", fact)
        latency = {
            name: d for fact in found.values() for name, d in fact.distributions.items() if name.startswith("latency.")
        }
        if latency:
            write_hlog(folder / "latency.hlog", latency, archive.scenario(scenario).duration_ns)
    write_json(archive.folder / "verdict.json", verdict)


def hear(archive: Archive, scenario: str, damaged: tuple[str, ...] = ()) -> list[Heard]:
    """Every check that applies to the scenario, with what it found out."""
    info = archive.info(scenario)
    named = archive.scenario(scenario).checks
    chosen = {name: plug for name, plug in plugs.checks().items() if name in named and applies(plug.needs, info)}
    live = [_start(name, plug, info) for name, plug in chosen.items()]
    broken = next(
        (f"the evidence was changed since the run: {path}" for path in damaged if _concerns(path, scenario)), ""
    )
    if not broken:
        broken = _feed(live, archive.segments(scenario))
    return [
        Heard(check=one.name, rule=plugs.rule(one.plug), info=info, facts=_facts(one, info, broken)) for one in live
    ]


def _start(name: str, plug: CheckPlug, info: RunInfo) -> _Live:
    if engine_lacks(plug.needs, info):
        return _Live(name, plug, None, [])
    try:
        return _Live(name, plug, plug.start(info), [])
    except Exception as error:  # a crashing check is unknown, with its traceback
        return _Live(name, plug, None, [_trouble(error)])


def _feed(live: list[_Live], segments: Iterable[Segment]) -> str:
    """Give every fold every segment; the reason, if the history cannot be read to its end."""
    try:
        for segment in segments:
            for one in live:
                if one.fold is not None and not one.trouble:
                    _add(one, one.fold, segment)
    except EvidenceError as error:
        return f"the history cannot be read to its end: {error}"
    return ""


def _add(one: _Live, fold: Fold, segment: Segment) -> None:
    try:
        fold.add(segment)
    except Exception as error:  # as above
        one.trouble.append(_trouble(error))


def _facts(one: _Live, info: RunInfo, broken: str) -> Facts:
    """What the fold found out, with the scenario's name in its findings."""
    facts = Facts(seen=0)
    if one.fold is not None and not one.trouble:
        try:
            facts = one.fold.facts()
        except Exception as error:  # as above
            one.trouble.append(_trouble(error))
    if one.trouble:
        return Facts(seen=0, unknown=one.trouble[0])
    placed = tuple(msgspec.structs.replace(finding, scenario=info.scenario) for finding in facts.findings)
    return msgspec.structs.replace(facts, findings=placed, unknown=broken or facts.unknown)


def _trouble(error: Exception) -> str:
    """Evidence that a check asked for and that cannot be read is told in words; anything else is the check's own crash."""
    if isinstance(error, EvidenceError):
        return str(error)
    return "the check itself crashed:\n" + "".join(traceback.format_exception(error))


def damage(archive: Archive) -> tuple[str, ...]:
    """The files of evidence that are not as the manifest tells; what judging and reporting write is not evidence."""
    return tuple(name for name in manifest.changed(archive.folder) if not _is_output(name))


def _is_output(name: str) -> bool:
    inside = name.startswith("scenarios/")
    return ("/facts/" in name or name.endswith("latency.hlog")) if inside else name not in ("run.json", "policy.toml")


def _concerns(path: str, scenario: str) -> bool:
    return not path.startswith("scenarios/") or path.startswith(f"scenarios/{scenario}/")
