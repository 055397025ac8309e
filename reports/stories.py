"""What blocks or is worth knowing, told as stories: what was expected, what came, where, and the history of the orders.

A broken limit has no finding of its own; it is told in the same shape, so that a reader has one list of what stands between
the build and going live.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from harness.base.errors import EvidenceError
from harness.base.judgement import CheckResult, JudgedFinding, Measured, RunVerdict, UseResult
from harness.base.records import Command, Event, command_rows, event_rows
from harness.base.words import say_command, say_event
from harness.evidence.archive import Archive
from reports import figures
from reports.texts import Anchors, spoken, titled

FULL = 2
"""Stories of one check that stand open; the others show their titles, and open when asked to."""
EXCERPT_COMMANDS = 12
EXCERPT_EFFECTS = 16
TORN = "Only what was kept of the history is told here: the rest was dropped, so that it stays within its bound."
EXCERPTS = 20
"""Findings that are told with their history; each costs a pass over it. The others name the command that shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an order history; `number` is empty under the command that it belongs to."""

    number: str
    text: str
    effect: bool
    marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One thing that a check holds against the build."""

    anchor: str
    id: str
    """The finding's id; empty for a broken limit."""
    title: str
    severity: str
    check: str
    scenario: str
    expected: str
    got: str
    where: str
    excerpt: tuple[Line, ...]
    note: str
    """Why there is no excerpt where one was to be, or that it cannot be whole."""
    reproduce: str
    waived: bool
    folded: bool = False
    """Whether enough stories of its check stand open before it."""
    repeats: tuple[Story, ...] = ()
    """The same kind of thing in other scenarios, without histories."""


def stories(
    archive: Archive, verdict: RunVerdict, use: UseResult, anchors: Anchors, excerpts: int = EXCERPTS
) -> tuple[list[Story], list[Story]]:
    """The stories that block the use, and the others; in each, what decided first and the gravest first.

    What is of one kind in several scenarios is one story: told where it was seen first, with the others by name.
    """
    order = {"critical": 0, "major": 1, "minor": 2}
    rank = {check: place for place, check in enumerate(use.because)}
    told = sorted(verdict.findings, key=lambda finding: (rank.get(finding.check, len(rank)), order[finding.severity]))
    alike: dict[tuple[str, str, bool], list[JudgedFinding]] = defaultdict(list)
    for finding in told:
        alike[finding.check, finding.kind, finding.id in use.waived].append(finding)
    decided = use.because if use.verdict == "NO-GO" else ()
    blocking: list[Story] = []
    others: list[Story] = []
    for place, ((check, _, waived), same) in enumerate(alike.items()):
        lines, note = _excerpt(archive, same[0]) if place < excerpts else ((), "")
        repeats = tuple(_story(finding, (), "", anchors, waived=waived) for finding in same[1:])
        story = replace(_story(same[0], lines, note, anchors, waived=waived), repeats=repeats)
        (blocking if check in decided and not waived else others).append(story)
    for check, story in _limits(verdict, anchors):
        (blocking if check in decided else others).append(story)
    return _folded(blocking), _folded(others)


def figure_name(measure: Measured) -> str:
    """What was measured, in words: "latency response p99"."""
    return f"{spoken(measure.metric)} {figures.stat(measure.stat)}".strip()


def _story(finding: JudgedFinding, lines: tuple[Line, ...], note: str, anchors: Anchors, *, waived: bool) -> Story:
    times = "once" if finding.count == 1 else f"{figures.counted(finding.count, 'time')}, first"
    place = f"at command {figures.count(finding.first_command)}" if finding.first_command else ""
    return Story(
        anchor=anchors.give("finding", finding.id), id=finding.id, title=_capital(finding.title), severity=finding.severity,
        check=titled(finding.check), scenario=finding.scenario, expected=finding.expected, got=finding.got,
        where=f"Seen {times} {place}" if place else f"Seen {times.removesuffix(', first')}",
        excerpt=lines, note=note, reproduce=finding.reproduce, waived=waived,
    )  # fmt: skip


def _folded(stories: list[Story]) -> list[Story]:
    """The stories, with those folded that come after the first few of their check."""
    before: Counter[str] = Counter()
    seen: list[Story] = []
    for story in stories:
        seen.append(replace(story, folded=before[story.check] >= FULL))
        before[story.check] += 1
    return seen


def _limits(verdict: RunVerdict, anchors: Anchors) -> list[tuple[str, Story]]:
    """Check and story of each broken limit, the scenarios that break the same one together."""
    alike: dict[tuple[str, str], list[Story]] = defaultdict(list)
    for result in verdict.checks:
        if result.verdict == "fail":
            for story in _broken(result, anchors):
                alike[result.name, story.title].append(story)
    return [(check, replace(same[0], repeats=tuple(same[1:]))) for (check, _), same in alike.items()]


def _broken(result: CheckResult, anchors: Anchors) -> list[Story]:
    """A story for each limit that the check broke; one with the reason alone where nothing else tells of the fail."""
    broken = [
        (f"{_capital(figure_name(m))} breaks its limit", figures.limit(m.limit), figures.measured(m))
        for m in result.measures
        if m.verdict == "fail"
    ]
    if not broken and not result.findings:
        broken = [(f"{titled(result.name)} fails", "", result.reason)]
    return [
        Story(
            anchor=anchors.give("limit", result.scenario, result.name), id="", title=title, severity="limit",
            check=titled(result.name), scenario=result.scenario, expected=expected, got=got,
            where=f"Over {figures.counted(result.seen, 'observation')}", excerpt=(), note="",
            reproduce=result.reproduce, waived=False,
        )
        for title, expected, got in broken
    ]  # fmt: skip


def _excerpt(archive: Archive, finding: JudgedFinding) -> tuple[tuple[Line, ...], str]:
    """The end of the orders' history, and why there is none, or not all of it."""
    if not finding.orders:
        return (), ""
    try:
        commands, events = _history(archive, finding)
        torn = archive.gone(finding.scenario) != "nothing"
    except EvidenceError as error:
        return (), f"The history of its orders cannot be shown: {error}"
    effects: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        effects[event.command].append(event)
    lines = [line for command in commands for line in _told(command, effects[command.number], finding.first_command)]
    return tuple(lines), TORN if torn else ""


def _history(archive: Archive, finding: JudgedFinding) -> tuple[list[Command], list[Event]]:
    """The history of the finding's orders; where that is its own command alone, also of the orders that it traded with."""
    wanted = set(finding.orders)
    commands, events = archive.story(finding.scenario, finding.orders, finding.first_command, EXCERPT_COMMANDS)
    if len(commands) <= 1:
        met = {row.maker for row in event_rows(events) if row.command == finding.first_command and row.maker}
        if met - wanted:
            orders = tuple(sorted(wanted | met))
            commands, events = archive.story(finding.scenario, orders, finding.first_command, EXCERPT_COMMANDS)
    return command_rows(commands), event_rows(events)


def _told(command: Command, effects: list[Event], offending: int) -> list[Line]:
    """The command in words, and under it what it did to the orders of the story."""
    marked = command.number == offending
    texts = [say_event(event) for event in effects[:EXCERPT_EFFECTS]]
    if len(effects) > EXCERPT_EFFECTS:
        texts.append(f"{figures.counted(len(effects) - EXCERPT_EFFECTS, 'more event')}")
    head = Line(number=figures.count(command.number), text=say_command(command), effect=False, marked=marked)
    return [head, *(Line(number="", text=text, effect=True, marked=marked) for text in texts)]


def _capital(text: str) -> str:
    """The title as a heading: a capital in front, no full stop behind."""
    return f"{text[:1].upper()}{text[1:]}".rstrip(".")
