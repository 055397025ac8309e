"""Everything that a report tells of one run, as plain values: what every format prints, so that all tell the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.base.errors import EvidenceError
from harness.base.judgement import NotTested, RunVerdict, UseResult
from harness.evidence import manifest
from harness.evidence.archive import Archive
from harness.evidence.run import RunRecord
from reports import cover, figures, headline, tables
from reports.checks import Check, checks
from reports.cover import Alarm, Waiver
from reports.driven import Driven, driven
from reports.flame import Flame, flames, warning
from reports.hosts import Host, host
from reports.pictures import Album, albums
from reports.response_times import Times, response_times
from reports.stories import EXCERPTS, Story, stories
from reports.texts import BASIS, Anchors, clean, listed, spoken, titled

FILES = {
    "report.html": "this report",
    "report.md": "the same in short, as Markdown",
    "summary.md": "for the summary page of a CI job",
    "junit.xml": "one test case a check, for CI",
    "verdict.json": "the verdict, for programs",
    "run.json": "what was run, on which machine",
    "policy.toml": "the limits that it was judged by",
    "manifest.sha256": "the hash of every file",
    "scenarios": "the evidence: history, facts, and latencies for the tools of HdrHistogram (.hlog, .hgrm)",
}
"""What lies beside a report. Names outside this list are not linked."""
LONGEST_POLICY = 20_000
"""Characters of the policy that are shown; the built-in one has under 4,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCard:
    """The verdict for one use, and the checks that made it so, with their places in the report."""

    title: str
    verdict: str
    deciding: bool
    because: tuple[tuple[str, str], ...]
    """Check in words, and its anchor or nothing."""
    waived: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Required checks that could not be judged, for one reason: each check in words, and its anchor or nothing."""

    checks: tuple[tuple[str, str], ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One run, ready to print."""

    engine: str
    run: str
    cover: tuple[str, ...]
    verdict: str
    use: str
    exit: int
    why: str
    alarm: Alarm | None
    waivers: tuple[Waiver, ...]
    uses: tuple[UseCard, ...]
    blocking: tuple[Story, ...]
    missing: tuple[Missing, ...]
    others: tuple[Story, ...]
    checks: tuple[Check, ...]
    times: tuple[Times, ...]
    albums: tuple[Album, ...]
    flames: tuple[Flame, ...]
    driven: tuple[Driven, ...]
    marks: tuple[tables.Mark, ...]
    not_tested: tuple[NotTested, ...]
    host: Host
    measured: tuple[tuple[str, str], ...]
    policy: tuple[str, ...]
    """The lines of the policy that it was judged by; none where the file is gone."""
    files: tuple[tuple[str, str], ...]


def view(archive: Archive, excerpts: int = EXCERPTS) -> View:
    """Read what the report tells; `excerpts` is how many stories come with the history of their orders.

    Raises:
        EvidenceError: the run was not judged, or a file of it cannot be read.
    """
    run, verdict = archive.run, archive.verdict()
    use = next((use for use in verdict.uses if use.name == verdict.use), None)
    if use is None:
        raise EvidenceError(f"verdict.json of {archive.folder} holds no verdict for its own use {verdict.use!r}")
    anchors = Anchors()
    blocking, others = stories(archive, verdict, use, anchors, excerpts)
    rows = checks(tables.rows(archive, verdict, anchors), anchors)
    drives = driven(archive, anchors)
    profiles = flames(archive, anchors)
    return View(
        engine=f"{verdict.engine.name} {verdict.engine.version}".strip(), run=run.id, cover=cover.parts(run, verdict),
        verdict=use.verdict, use=titled(use.name), exit=verdict.exit,
        why=headline.why(run, verdict, use, blocking, sum(one.commands for one in drives)),
        alarm=cover.alarm(run, verdict), waivers=cover.waivers(verdict), uses=tuple(_card(one, verdict.use, rows) for one in verdict.uses),
        blocking=tuple(blocking), missing=_missing(use, verdict, rows), others=tuple(others),
        checks=rows, times=response_times(archive, verdict), albums=albums(archive, verdict, anchors), flames=profiles, driven=drives, marks=tables.marks(verdict),
        not_tested=(*verdict.not_tested, *_not_run(run)),
        host=host(archive, verdict), measured=(*_measured(archive, run, verdict), *_under(profiles)), policy=_policy(archive.folder), files=_files(archive.folder),
    )  # fmt: skip


def _card(use: UseResult, decides: str, rows: tuple[Check, ...]) -> UseCard:
    return UseCard(
        title=titled(use.name), verdict=use.verdict, deciding=use.name == decides,
        because=tuple((spoken(check), _place(check, rows)) for check in use.because), waived=use.waived,
    )  # fmt: skip


def _place(check: str, rows: tuple[Check, ...]) -> str:
    """The anchor of the check's row; empty where it has none."""
    return next((row.anchor for row in rows if row.name == check), "")


def _missing(use: UseResult, verdict: RunVerdict, rows: tuple[Check, ...]) -> tuple[Missing, ...]:
    """What the use requires and the evidence does not tell."""
    if use.verdict != "UNDECIDED":
        return ()
    return tuple(
        Missing(checks=tuple((titled(check), _place(check, rows)) for check in checks), reason=reason)
        for reason, checks in headline.by_reason(verdict, use).items()
    )


def _not_run(run: RunRecord) -> tuple[NotTested, ...]:
    """The scenarios that were planned and left nothing."""
    gone = [name for name in run.planned if name not in run.scenarios and name not in run.left_out]
    return tuple(NotTested(what=f"scenario {name}", why=f"the run ended before it: {run.status}") for name in gone)


def _measured(archive: Archive, run: RunRecord, verdict: RunVerdict) -> tuple[tuple[str, str], ...]:
    """With which tools, from which seed, by which policy, and how far the evidence can be trusted."""
    offered = run.capabilities
    return (
        ("Memory", figures.amount(run.host.memory_bytes, "B") if run.host.memory_bytes else "unknown"),
        ("System", f"kernel {run.host.kernel}, Python {run.host.python}"),
        ("Seed", str(run.seed)),
        ("Profile", run.name),
        ("Adapter", run.adapter),
        ("Engine offers", listed([*map(spoken, (*offered.commands, *offered.types, *offered.tifs, *offered.flags))])),
        ("Tool", f"gonogo {run.gonogo}"),
        ("Policy", f"SHA-256 {verdict.policy_sha256}"),
        ("Evidence", f"{figures.amount(archive.size_bytes(), 'B')}; {_integrity(archive)}"),
        (
            "Judged from",
            "; ".join(words for basis, words in BASIS.items() if basis in {one.basis for one in verdict.checks})
            or "nothing",
        ),
        ("Run", run.id),
    )


def _under(profiles: tuple[Flame, ...]) -> tuple[tuple[str, str], ...]:
    """Whether times were measured under a profiler."""
    told = warning(profiles)
    return (("Profiler", told),) if told else ()


def _integrity(archive: Archive) -> str:
    """Whether the evidence is as it was sealed; what judging and reporting write may change without harm."""
    changed = archive.damaged()
    if changed:
        return f"CHANGED since it was sealed: {listed(changed[:3])}{' and more' if len(changed) > 3 else ''}"
    sealed = (archive.folder / manifest.NAME).is_file()
    return "as sealed in manifest.sha256" if sealed else "hashes in manifest.sha256"


def _policy(folder: Path) -> tuple[str, ...]:
    """The policy as it lies in the run folder, comments and all."""
    try:
        text = (folder / "policy.toml").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    return tuple(clean(text, LONGEST_POLICY).split("\n"))


def _files(folder: Path) -> tuple[tuple[str, str], ...]:
    """The files beside the report that are there, or are being written with it."""
    written = {"report.html", "report.md", "summary.md", "junit.xml", "manifest.sha256"}
    return tuple((name, about) for name, about in FILES.items() if name in written or (folder / name).exists())
