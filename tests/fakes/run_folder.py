"""Run folders made by hand with the writers of evidence: what a report is given, without an engine or a judge.

`write` takes the few things in which the tests' runs differ; the histories, snapshots, facts and figures are plausible, so
that the pictures can be looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import numpy as np

from harness.base.bits import book_rows
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.findings import Facts, Interval, Series
from harness.base.histogram import Histogram
from harness.base.judgement import (
    CheckResult,
    EngineIdentity,
    JudgedFinding,
    Measured,
    NotTested,
    RunVerdict,
    UseResult,
    UseVerdict,
    WaiverNote,
)
from harness.base.notes import FlowNotes
from harness.base.records import commands_of, events_of
from harness.checks._by_time import ByTime
from harness.checks.throughput import COLUMNS as RATES
from harness.evidence import manifest
from harness.evidence.journal import Journal
from harness.evidence.run import HostRecord, ProfileRecord, RunRecord, ScenarioRecord
from harness.evidence.stacks import Stack, write_stacks
from harness.evidence.store import write_bytes, write_json
from tests.fakes import history

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "']]>&amp;{{ 7*7 }}{% raw %}", "a|b`c``d\n# e\n- f",
    "[x](http://evil.example/)", "\x00\x07\x1b[31m\x85", "\u202egnp.exe\u2066", "long" * 500, "${{ secrets }}<!--", "-->",
)  # fmt: skip
"""Texts that an engine or a file may supply, each against another habit of a careless report."""
HOSTILE_TEXT = " ".join(HOSTILE)
STALL_NS, STALL_EVERY_NS = 200_000_000, 10_000_000_000
"""How long the made engine answers nothing, and how often; its commands wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a made run differs in."""

    verdict: UseVerdict = "GO"
    because: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    waivers: tuple[WaiverNote, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    findings: tuple[JudgedFinding, ...] = ()
    not_tested: tuple[NotTested, ...] = ()
    why_invalid: str = ""
    status: str = "finished"
    scenarios: tuple[str, ...] = ("poisson", "cases")
    planned: tuple[str, ...] = ("poisson", "cases")
    engine: EngineIdentity = field(
        default_factory=lambda: EngineIdentity(name="velox", version="0.9.2", commit="7c1f03e" * 5, dirty=False)
    )
    word: str = ""
    """What every free text holds in addition: for hostile runs."""
    profile: ProfileRecord | None = None
    """Of the first scenario, with the stacks that were seen."""
    stacks: Mapping[Stack, int] = field(default_factory=dict)


def check(name: str, verdict: str = "pass", scenario: str = "poisson", **more: object) -> CheckResult:
    """A check's result; any field may be given."""
    fields = {
        "name": name, "scenario": scenario, "verdict": verdict, "reason": "", "seen": 402_337, "least": 50_000,
        "basis": "history", "marks": {}, "measures": (), "findings": (),
        "reproduce": "" if verdict == "pass" else f"gonogo run {scenario} --engine velox --seed 23",
    }  # fmt: skip
    return CheckResult(**(fields | more))


def finding(name: str = "a1b2c3d4", check: str = "price_time", **more: object) -> JudgedFinding:
    """A finding about the orders of the made history."""
    fields = {
        "id": name, "check": check, "kind": "time", "severity": "critical",
        "title": "Time priority is lost after a cancel in the middle of a level",
        "expected": "order 4 trades first: it has rested at 100 since command 2",
        "got": "trade #6 with #5 at 100 x 1, 0 left", "scenario": "poisson", "first_command": 5, "orders": (4, 5, 6),
        "count": 3, "reproduce": f"gonogo replay {name}",
    }  # fmt: skip
    return JudgedFinding(**(fields | more))


def waiver(name: str, state: str, **more: object) -> WaiverNote:
    """What came of a waiver; any field may be given."""
    fields = {
        "finding": name, "use": "matching_venue", "owner": "Ann Archer", "reason": "known, mended in 0.9.3",
        "expires": "2027-03-31", "state": state,
    }  # fmt: skip
    return WaiverNote(**(fields | more))


def latency(metric: str, stat: str, value: float, limit: str = "", verdict: str = "told") -> Measured:
    """A latency with an interval of 2 % on either side."""
    return Measured(
        metric=metric, stat=stat, value=value, low=value * 0.98, high=value * 1.02, unit="ns", limit=limit,
        verdict=verdict,
    )  # fmt: skip


PASSING = (
    check("answered_once", seen=1_204_118, least=100_000),
    check("conservation"),
    check("price_time", marks={"interior_cancel": 1204, "partial_fill": 88_412}),
    check("never_crossed", seen=1_204_118),
    check("self_trade", marks={"self_trade_tried": 41}),
    check("edge_cases", scenario="cases", seen=27, least=20),
    check("conservation", scenario="cases", seen=311, least=1),
    check("latency", seen=1_204_118, least=1_000, measures=(
        latency("latency.response", "p(99)", 4_130_000, "<10ms", "pass"),
        latency("latency.response", "p(99.9)", 8_700_000, "<100ms", "pass"),
        latency("latency.response", "p(50)", 410_000), latency("latency.service", "p(99)", 3_020_000),
    )),
    check("throughput", seen=60, least=10, measures=(
        Measured(metric="throughput.sustained", stat="", value=19_980.5, low=19_940, high=20_020, unit="1/s",
                 limit=">=10000/s", verdict="pass"),
    )),
    check("reject_cause", seen=30_214, least=1, measures=(
        Measured(metric="rejects.unexplained", stat="", value=0, low=0, high=0.000122, unit="share", limit="<1%",
                 verdict="pass"),
    )),
)  # fmt: skip

NOT_TESTED = (
    NotTested(what="order type stop", why="the engine does not offer it"),
    NotTested(what="time in force gtd", why="the engine does not offer it"),
    NotTested(what="scenario real_day", why="there is no folder with the recorded day"),
)

GO = Made(checks=PASSING, not_tested=NOT_TESTED)
NO_GO = Made(
    verdict="NO-GO", because=("price_time", "latency"), not_tested=NOT_TESTED,
    checks=(
        *(one for one in PASSING if one.name not in ("price_time", "latency")),
        check("price_time", "fail", reason="3 violations", findings=("a1b2c3d4",), reproduce="gonogo replay a1b2c3d4",
              marks={"interior_cancel": 1204, "partial_fill": 88_412}),
        check("latency", "fail", reason="latency.response p(99) breaks <10ms", measures=(
            latency("latency.response", "p(99)", 14_200_000, "<10ms", "fail"),
            latency("latency.response", "p(99.9)", 61_000_000, "<100ms", "pass"),
            latency("latency.response", "max", 90_000_000),
        )),
        check("determinism", "unknown", reason="the flow was run only once", seen=0, least=1, marks={"repeat": 0}),
        check("model", "unknown", reason="the check itself crashed:\nTraceback (most recent call last):\n  boom"),
        check("state_digest", "fail", reason="1 violation", findings=("0badcafe",), reproduce="gonogo replay 0badcafe"),
    ),
    findings=(
        finding(),
        finding("00000002", scenario="cases"),
        *(finding(f"1000000{place}", "price_time", kind=f"case {place}", orders=(),
                  expected="new:\naccepted\nrested", got="new:\nrefused") for place in range(2)),
        finding("0badcafe", "state_digest", severity="minor", title="The book differs from the model", count=1,
                expected="digest 11aa", got="digest 22bb", orders=(), first_command=6, kind="digest"),
    ),
)  # fmt: skip
UNDECIDED = Made(
    verdict="UNDECIDED", because=("price_time", "durability"), not_tested=NOT_TESTED,
    checks=(
        *(one for one in PASSING if one.name != "price_time"),
        check("price_time", "unknown", seen=1_200,
              reason="too little evidence: 1,200 of at least 50,000 observations in the whole run"),
    ),
)  # fmt: skip
LATE = "the generator fell behind its pace (p(99) of the generator's lag is 4 ms, wanted <1ms)"
INVALID = Made(
    verdict="UNDECIDED",
    because=("latency",),
    not_tested=NOT_TESTED,
    why_invalid=LATE,
    checks=(check("latency", "unknown", reason=f"not valid: {LATE}"),),
)
CHANGED = replace(INVALID, why_invalid="the evidence was changed since the run: scenarios/poisson/digests.jsonl")
WAIVED = Made(
    waived=("a1b2c3d4",), findings=(finding(),),
    checks=(check("price_time", "fail", findings=("a1b2c3d4",), reason="3 violations"),),
    waivers=(
        waiver("a1b2c3d4", "used"), waiver("0badcafe", "expired", expires="2027-01-31"),
        waiver("00000002", "unused", use="broker_gateway"),
    ),
)  # fmt: skip
EMPTY = Made(
    verdict="UNDECIDED",
    because=("run interrupted", "price_time"),
    scenarios=(),
    status="interrupted",
    why_invalid="the run did not finish: interrupted",
)
PROFILED = replace(
    GO, profile=ProfileRecord(by=("py-spy",), samples=1_000, rate_hz=99),
    stacks={
        ("main (velox.py:1)", "serve (velox.py:40)", "match (book.py:12)", "trade (book.py:80)"): 540,
        ("main (velox.py:1)", "serve (velox.py:40)", "match (book.py:12)"): 210,
        ("main (velox.py:1)", "serve (velox.py:40)", "write (wire.py:7)"): 180,
        ("main (velox.py:1)", "sync (disk.py:3)"): 70,
    },
)  # fmt: skip
HOSTILE_RUN = Made(
    verdict="NO-GO", because=("price_time", HOSTILE_TEXT), word=HOSTILE_TEXT, why_invalid=HOSTILE_TEXT,
    profile=ProfileRecord(by=(HOSTILE_TEXT,), samples=9, rate_hz=99, missing=HOSTILE_TEXT), stacks={HOSTILE: 6, (*HOSTILE, HOSTILE_TEXT): 3},
    waivers=(waiver("a1b2c3d4", "expired", use=HOSTILE_TEXT, owner=HOSTILE_TEXT, reason=HOSTILE_TEXT, expires=HOSTILE_TEXT),),
    scenarios=('"><img src=x onerror=alert(1)>',), planned=('"><img src=x onerror=alert(1)>', HOSTILE_TEXT),
    engine=EngineIdentity(name=HOSTILE_TEXT, version=HOSTILE[0], commit=HOSTILE_TEXT, dirty=True),
    not_tested=(NotTested(what=HOSTILE_TEXT, why=HOSTILE_TEXT),),
    checks=(
        check("price_time", "fail", scenario='"><img src=x onerror=alert(1)>', findings=("a1b2c3d4",),
              reason=HOSTILE_TEXT, reproduce=HOSTILE_TEXT, marks={HOSTILE_TEXT: 0}),
        check(HOSTILE_TEXT, "unknown", scenario='"><img src=x onerror=alert(1)>', reason=f"x\n{HOSTILE_TEXT}",
              reproduce=HOSTILE_TEXT),
        check("latency", "fail", scenario='"><img src=x onerror=alert(1)>', reason=HOSTILE_TEXT, measures=(
            Measured(metric=HOSTILE_TEXT, stat=HOSTILE_TEXT, value=1e300, low=-1e300, high=1e308,
                     unit=HOSTILE_TEXT, limit=HOSTILE_TEXT, verdict="fail"),
        )),
    ),
    findings=(
        finding(title=HOSTILE_TEXT, expected=HOSTILE_TEXT, got=HOSTILE_TEXT, reproduce=HOSTILE_TEXT, kind=HOSTILE_TEXT,
                scenario='"><img src=x onerror=alert(1)>'),
    ),
)  # fmt: skip


def write(folder: Path, made: Made) -> Path:
    """Write the run into `folder`, sealed with its manifest."""
    write_json(folder / "run.json", _run(made))
    write_bytes(folder / "policy.toml", f"schema = 1\n# {made.word}\n".encode())
    for number, name in enumerate(made.scenarios):
        _scenario(folder / "scenarios" / name, name, made, pictures=number == 0)
    write_json(folder / "verdict.json", _verdict(made))
    manifest.write(folder)
    return folder


def _run(made: Made) -> RunRecord:
    return RunRecord(
        id="20270203T140200Z-ab12", name="quick" + made.word, started_utc="2027-02-03T14:02:00Z", wall_s=2281.4,
        gonogo="0.1.0", seed=23, use="matching_venue", engine=made.engine, adapter="plain" + made.word,
        capabilities=Capabilities(commands=("new", "cancel", "replace" + made.word), carries=("maker", "match")),
        host=HostRecord(cpu="2 x Xeon 2.5 GHz" + made.word, cores=2, memory_bytes=8 << 30, governor="performance",
                        kernel="6.1.0", python="3.11.2", load_1min=0.42, timer_ns=41),
        scenarios=made.scenarios, planned=made.planned, left_out={}, status=made.status,
    )  # fmt: skip


def _verdict(made: Made) -> RunVerdict:
    exits = {"GO": 0, "NO-GO": 1, "UNDECIDED": 2}
    uses = (
        UseResult(name="matching_venue", verdict=made.verdict, because=made.because, waived=made.waived),
        UseResult(name="broker_gateway" + made.word, verdict="UNDECIDED", because=("edge_cases",), waived=()),
        UseResult(name="market_analytics", verdict="GO", because=(), waived=()),
        UseResult(name="research", verdict="GO", because=(), waived=("0badcafe",)),
    )
    return RunVerdict(
        run="20270203T140200Z-ab12", use="matching_venue", exit=exits[made.verdict], valid=not made.why_invalid,
        why_invalid=made.why_invalid, engine=made.engine, policy_sha256="4f2a" * 16, uses=uses, waivers=made.waivers,
        checks=made.checks,
        findings=made.findings, not_tested=made.not_tested,
    )  # fmt: skip


def _scenario(folder: Path, name: str, made: Made, *, pictures: bool) -> None:
    journal = Journal(folder)
    rows = history.numbered([
        history.new(3, history.SELL, 100, 1), history.new(4, history.SELL, 100, 1, account=2),
        history.new(5, history.SELL, 100, 1), history.cancel(3),
        history.new(6, history.BUY, 100, 1, account=2), history.new(7, history.BUY, 99, 4, account=2),
    ])  # fmt: skip
    journal.commands(commands_of(rows))
    answers = [history.accepted(row) for row in rows if row.number != 4]
    answers += [history.rested(row, 1) for row in rows[:3]] + [history.trade(rows[4], 5, 100, 1, 0, match=1)]
    answers += [history.canceled(rows[3], 3, 1, 0, 505)]
    journal.events(events_of(sorted(answers, key=lambda event: event.command)))
    if pictures:
        if made.stacks:
            write_stacks(folder, Counter(made.stacks))
        journal.state(6, 6, book_rows(_book()))
        for check_name, facts in _facts(made).items():
            write_json(folder / "facts" / f"{check_name}.json", facts)
    journal.close()
    symbol = Instrument(id=1, symbol="ESH4" + made.word, tick_1e9=250_000_000)
    write_json(folder / "scenario.json", ScenarioRecord(
        name=name, about="Orders of the zero-intelligence kind at a steady pace." + made.word, instrument="drive",
        flow="PoissonFlow(instruments=3, accounts=4)" + made.word, pacing="PoissonArrivals(rate_per_s=20000)",
        rate_per_s=20_000, commands=len(rows), duration_ns=60_200_000_000, status="finished", started=True,
        failure=made.word, conventions=Conventions(), instruments=(symbol,), checks=("price_time",),
        notes=FlowNotes(told={"book" + made.word: "stays under 4,000 orders" + made.word}), settings={"repeats": 2},
        profile=made.profile if pictures else None,
    ))  # fmt: skip


def _facts(made: Made) -> dict[str, Facts]:
    random = np.random.default_rng(7)
    due_ns = np.sort(random.integers(0, 60 * 10**9, 200_000))
    took_ns = random.lognormal(13, 0.7, len(due_ns)).astype(np.int64)
    stalled_ns = np.clip(STALL_NS - due_ns % STALL_EVERY_NS, 0, None) * (due_ns >= STALL_EVERY_NS)
    response, service, by_time = Histogram(), Histogram(), ByTime()
    response.record(took_ns + stalled_ns)
    service.record(took_ns)
    by_time.record(due_ns, took_ns + stalled_ns)
    series = by_time.series("response" + made.word)
    columns = (*series.columns[:-1], series.columns[-1] + made.word)
    rates = tuple((at * 1e9, 20_000.0, 20_000.0, float(random.normal(19_950, 120))) for at in range(1, 60))
    return {
        "latency": Facts(
            seen=1_204_118,
            distributions={"latency.response": response.distribution(), "latency.service": service.distribution()},
            series=(msgspec.structs.replace(series, unit="ns" + made.word, columns=columns),),
        ),
        "throughput": Facts(
            seen=60, told={"asked for": "20,000/s" + made.word}, measures={"throughput.sustained": Interval(1, 1, 1)},
            series=(Series(name="throughput", unit="1/s", columns=RATES, rows=rates),),
        ),
        "price_time": Facts(seen=402_337),
    }  # fmt: skip


def _book() -> list[tuple[int, int, int, int, int, int]]:
    rows = [(1, 0, 19_000 - level, 0, 100 + level, 5 + level % 7) for level in range(40)]
    rows += [(1, 1, 19_001 + level, 0, 200 + level, 4 + level % 9) for level in range(40)]
    return [*rows, (1, 1, 2**40, 0, 999, 1)]


def stored(folder: Path) -> RunVerdict:
    """The verdict that was written."""
    return msgspec.json.decode((folder / "verdict.json").read_bytes(), type=RunVerdict)
