"""The verdict's reason in one sentence, built from what decided the use: what blocks, or what is missing."""

from __future__ import annotations

from harness.base.judgement import CheckResult, RunVerdict, UseResult
from harness.evidence.run import RunRecord
from reports import figures
from reports.cover import only_times
from reports.stories import Story
from reports.texts import listed, sentence, spoken

TOLD = 2
"""Reasons for which it is undecided in the sentence; the rest are counted, and told below it."""


def why(run: RunRecord, verdict: RunVerdict, use: UseResult, blocking: list[Story], commands: int) -> str:
    """One or two sentences for a release manager."""
    if use.verdict == "NO-GO":
        return _blocked(use, blocking) + _elsewhere(run, verdict)
    if use.verdict == "UNDECIDED":
        return _undecided(run, verdict, use)
    over = f"{figures.counted(commands, 'command')} in {figures.counted(len(run.scenarios), 'scenario')}"
    passes = "passes or is waived" if use.waived else "passes"
    return f"Every check that the use {spoken(use.name)} requires {passes}, over {over}."


def missing(verdict: RunVerdict, check: str) -> str:
    """Why a required check is unknown."""
    results = [result for result in verdict.checks if result.name == check and result.verdict == "unknown"]
    if results:
        return _first_line(results[0])
    found = any(result.name == check for result in verdict.checks)
    return "it is unknown for this use" if found else "no scenario of this run tells"


def by_reason(verdict: RunVerdict, use: UseResult) -> dict[str, list[str]]:
    """The required checks that could not be judged, gathered by what they lack."""
    lacking: dict[str, list[str]] = {}
    for check in use.because:
        if not check.startswith("run "):
            lacking.setdefault(missing(verdict, check), []).append(check)
    return lacking


def _blocked(use: UseResult, blocking: list[Story]) -> str:
    """The first story, and how many checks fail beside its own: one bug is seen by many checks, in many ways."""
    if not blocking:
        return f"It fails {listed(list(map(spoken, use.because)))}."
    told = sentence(_short(blocking[0]))
    more = len(use.because) - 1
    return (
        f"{told} {figures.counted(more, 'more required check')} {'fails' if more == 1 else 'fail'}." if more else told
    )


def _short(story: Story) -> str:
    return (
        f"{story.title}: {story.got}, wanted {story.expected}"
        if story.severity == "limit" and story.expected
        else story.title
    )


def _elsewhere(run: RunRecord, verdict: RunVerdict) -> str:
    """For which other uses this build may go live; none where the whole run is not valid."""
    if not verdict.valid and not only_times(run, verdict):
        return ""
    good = [spoken(other.name) for other in verdict.uses if other.verdict == "GO"]
    return f" For {listed(good)} this build may go live." if good else ""


def _undecided(run: RunRecord, verdict: RunVerdict, use: UseResult) -> str:
    if run.status != "finished":
        done = f"{len(run.scenarios)} of {figures.counted(len(run.planned), 'scenario')}"
        return f"The run did not finish ({run.ended}): {done} left evidence, and that is not enough to decide."
    reasons = [
        _lacking(list(map(spoken, checks)), reason, late=only_times(run, verdict))
        for reason, checks in by_reason(verdict, use).items()
    ]
    told = " ".join(sentence(reason) for reason in reasons[:TOLD])
    more = len(reasons) - TOLD
    rest = f" {figures.counted(more, 'more thing')} {'is' if more == 1 else 'are'} missing." if more > 0 else ""
    return f"Nothing failed that this use requires, but the evidence does not reach. {told}{rest}"


def _lacking(checks: list[str], reason: str, *, late: bool) -> str:
    """What some checks lack; why the times of a run are not valid stands in a place of its own."""
    if late and reason.startswith("not valid"):
        return f"{listed(checks)} cannot be judged, since the times of this run are not valid"
    return f"{listed(checks)}: {reason}"


def _first_line(result: CheckResult) -> str:
    return result.reason.strip().split("\n")[0].rstrip(".:")
