"""Hears checks over one scenario: each folds the history and tells what it found out, and from what.

Where a bounded history dropped commands, they are drawn again from the seed; where it dropped events, the facts that the judge
beside the run left are the evidence. `basis` says which, for each check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from harness.base.errors import EvidenceError
from harness.base.findings import Facts
from harness.checks import CheckPlug
from harness.compose import folding, plugs
from harness.compose.redrawing import redraw
from harness.evidence.archive import Archive
from harness.evidence.fold import KNOWN_LATE, TIMES, RunInfo
from harness.evidence.history import NotDrawnAgainError
from harness.evidence.run import ScenarioRecord
from harness.verdict.heard import Heard


def hear(archive: Archive, scenario: str, checks: tuple[str, ...], damaged: tuple[str, ...] = ()) -> list[Heard]:
    """Those of the checks that apply to the scenario, in their own order, with what they found out.

    `damaged` names files of the run folder that are not as they were.
    """
    info = archive.info(scenario)
    record = archive.scenario(scenario)
    chosen = folding.applying(checks, info)
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
    broken = folding.feed(live, archive.segments(info.scenario), info)
    return [_heard(one, info, broken) for one in live]


def _unheard(chosen: Mapping[str, CheckPlug], info: RunInfo, broken: str) -> list[Heard]:
    """The checks without any history, for the reason given."""
    return [_heard(folding.start(name, plug, info), info, broken) for name, plug in chosen.items()]


def _again(archive: Archive, chosen: Mapping[str, CheckPlug], info: RunInfo) -> list[Heard]:
    """The checks fed with commands drawn again from the seed; none where it does not give them."""
    live = [folding.start(name, plug, info) for name, plug in chosen.items()]
    try:
        broken = folding.feed(live, archive.segments(info.scenario, redraw(archive, info.scenario)), info)
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
