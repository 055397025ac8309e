"""Everything that a run does not speak of, by name: silence must never look like a pass."""

from __future__ import annotations

from harness.base.capabilities import CONTROLS, STAGE_CONTROLS
from harness.base.judgement import NotTested
from harness.base.records import CommandKind, Flag, OrderType, TimeInForce
from harness.evidence.fold import engine_lacks
from harness.evidence.run import RunRecord
from harness.verdict.heard import Heard


def not_tested(run: RunRecord, heard: tuple[Heard, ...]) -> tuple[NotTested, ...]:
    """Everything that the run does not speak of, each once."""
    found = {f"scenario {name}": why for name, why in run.left_out.items()} | _not_offered(run)
    for one in heard:
        lacks = {
            f"check {one.check}": f"the engine does not offer {need}" for need in engine_lacks(one.rule.needs, one.info)
        }
        found = one.info.notes.not_tested | lacks | found
    # A case that does not fit one scenario's conventions may have been judged under another's.
    judged = {f"case {case.name}" for one in heard for case in one.info.notes.cases}
    found = {what: why for what, why in found.items() if what not in judged}
    return tuple(NotTested(what=what, why=why) for what, why in sorted(found.items()))


def _not_offered(run: RunRecord) -> dict[str, str]:
    """The terms of trade that the engine does not offer."""
    offered = run.capabilities
    groups = {
        "command": ({kind.name for kind in CommandKind}, offered.commands),
        "order type": ({kind.name for kind in OrderType}, offered.types),
        "time in force": ({tif.name for tif in TimeInForce}, offered.tifs),
        "flag": ({flag.name or "" for flag in Flag}, offered.flags),
        "term": ({"MIN_QTY"}, offered.terms),
        "control": ({*CONTROLS, *STAGE_CONTROLS}, offered.controls),
    }
    return {
        f"{group} {word.lower().replace('_', ' ')}": "the engine does not offer it"
        for group, (words, names) in groups.items()
        for word in words - {"NONE", ""}
        if word.lower() not in names
    }
