"""The checks as the judge of one command at a time: who looks for a short sequence must know at once what is wrong."""

from __future__ import annotations

from harness.base.notes import FlowNotes
from harness.base.records import Commands, Events
from harness.compose import folding
from harness.evidence.fold import RunInfo, Segment
from harness.port import Engine

CHECKS = ("risk_limits", "kill_switch", "breaker", "answered_once", "model", "reject_cause")
"""Those that together say of each answer of an engine with controls whether it had to be that, the most telling first."""


class Stepwise:
    """One history from its first command on."""

    def __init__(self, engine: Engine) -> None:
        info = RunInfo(
            scenario="stepwise", engine=engine.name, capabilities=engine.capabilities, conventions=engine.conventions,
            instruments=engine.instruments, controls=engine.controls, notes=FlowNotes(least_accepted=0),
        )  # fmt: skip
        self._info = info
        plugged = folding.applying(CHECKS, info)
        self._live = [folding.start(name, plugged[name], info) for name in CHECKS if name in plugged]
        self._feeding = folding.Feeding(self._live, info)

    def add(self, command: Commands, events: Events) -> str:
        """Take in one command and what came of it; the first finding in words, or nothing."""
        self._feeding.add(Segment(command, events))
        for one in self._live:
            for finding in folding.facts(one, self._info).findings:
                return f"{one.name}: {finding.title}; wanted {finding.expected}; came {finding.got}"
        return ""
