"""What a person sees on the terminal: progress while it runs, the verdict when it is done, and plain lines in CI."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from harness.base.errors import SetupError
from harness.base.judgement import CheckResult, JudgedFinding, RunVerdict
from harness.cli import EXIT_WAIVED, response
from harness.cli.console import PIPE_COLUMNS, own_stdout
from harness.compose.driving import View
from harness.evidence.archive import Archive
from harness.instruments import Progress as Driven

COLORS = {
    "GO": "bold green",
    "NO-GO": "bold red",
    "UNDECIDED": "bold yellow",
    "pass": "green",
    "fail": "red",
    "unknown": "yellow",
}
PLAIN_EVERY_S = 5
SHOWN = 12
"""Troubles told in full; the report tells all."""
STORIES = 2
"""Kinds of findings told of each check."""
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_UNITS_NS = {"ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9}


def duration_ns(text: str) -> int:
    """Read a duration such as 90s, 5m or 24h.

    Raises:
        SetupError: it is none, or is 0.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None or not float(match[1]):
        raise SetupError(f"{text!r} is no duration; wanted a number above 0 and a unit, such as 90s, 5m or 24h")
    return int(float(match[1]) * _UNITS_NS[match[2]])


@contextmanager
def watching() -> Iterator[View]:
    """A live view on a terminal, plain lines elsewhere; always on stderr."""
    console = Console(stderr=True)
    with own_stdout():
        if not console.is_terminal:
            yield _Lines()
            return
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[said]}"), TimeElapsedColumn())  # fmt: skip
        with Progress(*columns, console=console, transient=True) as progress:
            yield _Bars(progress)


class _Lines:
    """A line now and then, for logs."""

    def __init__(self) -> None:
        self._scenario = ""
        self._next_s = 0.0

    def begin(self, scenario: str, number: int, of: int) -> None:
        self._scenario = scenario
        self._next_s = time.monotonic() + PLAIN_EVERY_S
        print(f"gonogo: running {scenario} ({number} of {of})", file=sys.stderr, flush=True)

    def progress(self, progress: Driven) -> None:
        if time.monotonic() >= self._next_s:
            self._next_s = time.monotonic() + PLAIN_EVERY_S
            print(f"gonogo: {self._scenario}: {_said(progress)}", file=sys.stderr, flush=True)

    def tell(self, line: str) -> None:
        print(f"gonogo: {line}", file=sys.stderr, flush=True)

    def say(self, line: str) -> None:
        self.tell(line)


class _Bars:
    """A bar a scenario."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def begin(self, scenario: str, number: int, of: int) -> None:
        self._end()
        self._task = self._progress.add_task(f"{number}/{of} {_clean(scenario)}", said="starting", total=None)

    def progress(self, progress: Driven) -> None:
        if self._task is not None:
            total = progress.planned or None
            self._progress.update(self._task, total=total, completed=progress.sent, said=_said(progress))

    def tell(self, line: str) -> None:
        self._end()
        self._task = self._progress.add_task(_clean(line.splitlines()[0]), said="", total=None)

    def say(self, line: str) -> None:
        self._progress.console.print(_clean(line), soft_wrap=True, highlight=False)

    def _end(self) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)


def _said(progress: Driven) -> str:
    seconds = progress.elapsed_ns / 1e9
    rate = progress.sent / seconds if seconds > 0 else 0
    return f"{progress.sent:,} commands, {rate:,.0f}/s"


def show(archive: Archive, verdict: RunVerdict, *, as_json: bool) -> None:
    """The verdict on stdout: as JSON, or for people.

    Raises:
        SetupError: stdout cannot be written; the verdict stands in the run folder.
    """
    try:
        if as_json:
            _write(msgspec.json.format(msgspec.json.encode(verdict), indent=1).decode() + "\n")
        else:
            _for_people(archive, verdict)
            sys.stdout.flush()
    except BrokenPipeError:
        _let_go()
    except OSError as error:
        _let_go()
        raise SetupError(f"the verdict cannot be printed ({error.strerror}); it stands in {archive.folder}") from error


def _for_people(archive: Archive, verdict: RunVerdict) -> None:
    console = _Console(highlight=False, soft_wrap=True)
    deciding = next(use for use in verdict.uses if use.name == verdict.use)
    engine = f"{verdict.engine.name} {verdict.engine.version}"
    console.print(
        f"\n[{COLORS[deciding.verdict]}]{deciding.verdict}[/]  {_clean(engine)} as {_clean(_words(verdict.use))}"
    )
    if verdict.why_invalid:
        console.print(f"[yellow]not valid[/]: {_clean(verdict.why_invalid)}")
    _uses(console, verdict)
    _troubles(console, verdict)
    response.show(_Console(highlight=False, width=None if console.is_terminal else PIPE_COLUMNS), verdict)
    console.print(f"\n{_count(verdict)}; {len(verdict.not_tested)} things were not tested (the report names them)")
    report = archive.folder / "report.html"
    if report.is_file():
        console.print(f"Report: {_clean(near(report))}")


class _Console(Console):
    """A console whose reader may go away: rich would end the process with 1, which is NO-GO."""

    def on_broken_pipe(self) -> None:
        _let_go()


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _let_go() -> None:
    """Nobody reads any more: what is still written goes nowhere, and the exit code stays the verdict's."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _clean(text: str) -> str:
    """Text of an engine or a file, safe on a terminal: no markup of ours, no control sequence of theirs."""
    return escape(_plain(text))


def _plain(text: str) -> str:
    return "".join(
        mark if mark.isprintable() or mark == "\n" else mark.encode("unicode_escape").decode() for mark in text
    )


def _uses(console: Console, verdict: RunVerdict) -> None:
    console.print()
    width = max(len(_words(use.name)) for use in verdict.uses)
    for use in verdict.uses:
        because = f"  {_clean(', '.join(use.because))}" if use.because else ""
        waived = f"  waived: {_clean(', '.join(use.waived))}" if use.waived else ""
        console.print(
            f"  {_clean(_words(use.name)):<{width}}  [{COLORS[use.verdict]}]{use.verdict:<9}[/]{because}{waived}"
        )


def _count(verdict: RunVerdict) -> str:
    """How many checks pass over all their scenarios: as the report counts them."""
    names = {check.name for check in verdict.checks}
    troubled = {check.name for check in verdict.checks if check.verdict != "pass"}
    scenarios = len({check.scenario for check in verdict.checks})
    return (
        f"{len(names - troubled)} of {len(names)} checks pass over {scenarios} scenario{'' if scenarios == 1 else 's'}"
    )


def _troubles(console: Console, verdict: RunVerdict) -> None:
    """What did not pass: what decides first, failures before doubts; what is alike is told once."""
    deciding = next(use for use in verdict.uses if use.name == verdict.use)
    groups: dict[tuple[bool, str, str, str], list[CheckResult]] = {}
    for check in verdict.checks:
        if check.verdict != "pass":
            idle = check.name not in deciding.because
            # Findings are told check by check; a doubt that several checks share is one doubt.
            name = check.name if check.findings else ""
            groups.setdefault((idle, check.verdict, name, "" if name else check.reason), []).append(check)
    ranks = {name: rank for rank, name in enumerate(deciding.because)}
    ordered = sorted(groups.items(), key=lambda item: (*item[0][:2], ranks.get(item[1][0].name, 0)))
    findings = {finding.id: finding for finding in verdict.findings}
    for (idle, kind, *_), checks in ordered[:SHOWN]:
        _trouble(console, kind, checks, findings, idle=idle)
    if len(ordered) > SHOWN:
        console.print(f"\n... and {len(ordered) - SHOWN} more; the report tells them all")
    _never_run(console, verdict)


def _trouble(
    console: Console, kind: str, checks: list[CheckResult], findings: dict[str, JudgedFinding], *, idle: bool
) -> None:
    names = ", ".join(dict.fromkeys(check.name for check in checks))
    scenarios = ", ".join(dict.fromkeys(check.scenario for check in checks))
    told = [findings[one] for check in checks for one in check.findings]
    reason = f"{sum(one.count for one in told):,} violations" if told else checks[0].reason
    aside = " (does not decide this use)" if idle else ""
    console.print(f"\n[{COLORS[kind]}]{kind}[/]  {_clean(names)} in {_clean(scenarios)}: {_clean(reason)}{aside}")
    stories = {(one.kind, one.title): one for one in reversed(told)}
    for story in list(stories.values())[::-1][:STORIES]:
        _story(console, story)
    if len(stories) > STORIES:
        console.print(f"      ... and {len(stories) - STORIES} more of other kinds; the report tells them all")
    console.print(f"      Reproduce with: {_clean(checks[0].reproduce)}")
    if told:
        console.print(f"      Make it small with: gonogo shrink {told[0].id}")


def _story(console: Console, finding: JudgedFinding) -> None:
    console.print(f"      {_clean(finding.title)}")
    console.print(f"      expected  {_clean(indented(finding.expected, 16))}")
    console.print(f"      got       {_clean(indented(finding.got, 16))}")


def _never_run(console: Console, verdict: RunVerdict) -> None:
    """Required checks that no scenario of the run applies: nothing else would say why the use is undecided."""
    ran = {check.name for check in verdict.checks}
    deciding = next(use for use in verdict.uses if use.name == verdict.use)
    absent = [name for name in deciding.because if name not in ran and verdict.valid]
    if absent:
        console.print(
            f"\n[{COLORS['unknown']}]unknown[/]  {_clean(', '.join(absent))}: required, and no scenario of this run applies it"
        )


def _words(name: str) -> str:
    return name.replace("_", " ")


def indented(text: str, columns: int = 12) -> str:
    """Text of several lines, the further ones under the first."""
    return _plain(text).replace("\n", "\n" + " " * columns)


def near(path: Path) -> str:
    """The path as a person here would write it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def exit_code(verdict: RunVerdict, *, strict_waivers: bool) -> int:
    """The verdict's exit code; GO that rests on waivers is 3 where the user wants to know."""
    deciding = next(use for use in verdict.uses if use.name == verdict.use)
    return EXIT_WAIVED if strict_waivers and deciding.waived and not verdict.exit else verdict.exit
