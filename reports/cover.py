"""What stands beside the verdict: the build, what makes the run doubtful, and what somebody accepted by a waiver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harness.base.judgement import RunVerdict, WaiverNote
from harness.evidence.run import RunRecord
from reports import figures
from reports.texts import sentence, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What a reader must know before believing the verdict."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A waiver of the policy and what came of it."""

    state: Literal["used", "expired", "unused"]
    label: str
    text: str


_LABELS = {"used": "Waived:", "expired": "Waiver expired:", "unused": "Waiver unused:"}


def parts(run: RunRecord, verdict: RunVerdict) -> tuple[str, ...]:
    """Which build was judged for what, when and how long."""
    commit = verdict.engine.commit[:12]
    dirty = " with uncommitted changes" if verdict.engine.dirty else ""
    return (
        f"commit {commit}{dirty}" if commit else "commit unknown", f"judged for {spoken(verdict.use)}",
        figures.moment(run.started_utc), figures.duration(run.wall_s * 1e9),
    )  # fmt: skip


def alarm(run: RunRecord, verdict: RunVerdict) -> Alarm | None:
    """Why the run, or what it says of times, is not valid; None where all is."""
    if verdict.valid:
        return None
    why = sentence(verdict.why_invalid) or "It does not say why."
    if only_times(run, verdict):
        text = f"{why} What rests on times is undecided; the rest stands."
        return Alarm(title="The times of this run are not valid.", text=text)
    text = f"{why} What it measured under that is no ground for going live."
    return Alarm(title="This run is not valid.", text=text)


def only_times(run: RunRecord, verdict: RunVerdict) -> bool:
    """Whether a late generator is all that is wrong: the run came to its end, and timed checks name the run's own trouble.

    Changed evidence is no check's reason in these words, so in doubt the whole run counts as not valid.
    """
    late = f"not valid: {verdict.why_invalid}"
    return not verdict.valid and run.status == "finished" and any(result.reason == late for result in verdict.checks)


def waivers(verdict: RunVerdict) -> tuple[Waiver, ...]:
    """Every waiver of the policy: who accepted what, for which use, until when and why."""
    titles = {finding.id: finding.title for finding in verdict.findings}
    return tuple(
        Waiver(state=note.state, label=_LABELS[note.state], text=_told(note, titles.get(note.finding, "")))
        for note in verdict.waivers
    )


def _told(note: WaiverNote, title: str) -> str:
    day, use, why = figures.day(note.expires), spoken(note.use), note.reason.rstrip(" .")
    known = f" ({title.rstrip(' .')})" if title else ""
    if note.state == "used":
        return f"{note.owner} accepts finding {note.finding}{known} for the use {use} until {day}: {why}."
    given = f"The waiver of finding {note.finding}{known} by {note.owner} for the use {use}"
    if note.state == "expired":
        return f"{given} ended on {day} and no longer counts: {why}."
    return f"{given} until {day} meets nothing in this run: {why}."
