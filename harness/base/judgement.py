"""The shape of verdict.json: what the judge writes and every report reads."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from harness.base.findings import Severity
from harness.base.limits import Verdict

UseVerdict: TypeAlias = Literal["GO", "UNDECIDED", "NO-GO"]
VERDICT_SCHEMA = 1


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One figure held against one limit; `limit` is empty for a figure that is only told."""

    metric: str
    stat: str
    value: float
    low: float
    high: float
    unit: str
    limit: str
    verdict: Verdict | Literal["told"]


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """One check over one scenario."""

    name: str
    scenario: str
    verdict: Verdict
    reason: str
    seen: int
    least: int
    basis: Literal["history", "seed", "facts"]
    marks: dict[str, int]
    measures: tuple[Measured, ...]
    findings: tuple[str, ...]
    reproduce: str


class JudgedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding with its id and the command that reproduces it."""

    id: str
    check: str
    kind: str
    severity: Severity
    title: str
    expected: str
    got: str
    scenario: str
    first_command: int
    orders: tuple[int, ...]
    count: int
    reproduce: str


class UseResult(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict for one use, and the checks that decided it."""

    name: str
    verdict: UseVerdict
    because: tuple[str, ...]
    waived: tuple[str, ...]


class WaiverNote(msgspec.Struct, frozen=True, kw_only=True):
    """A waiver of the policy, and what came of it in this run."""

    finding: str
    use: str
    owner: str
    reason: str
    expires: str
    """The last day on which it holds, ISO 8601."""
    state: Literal["used", "expired", "unused"]


class EngineIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """Which build was judged."""

    name: str
    version: str
    commit: str
    dirty: bool


class NotTested(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that the run does not speak of, and why."""

    what: str
    why: str


class RunVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of verdict.json."""

    schema: int = VERDICT_SCHEMA
    run: str
    use: str
    exit: int
    valid: bool
    """False where the run could not measure what it meant to: aborted, cut short, or a generator that fell behind."""
    why_invalid: str
    engine: EngineIdentity
    policy_sha256: str
    uses: tuple[UseResult, ...]
    waivers: tuple[WaiverNote, ...] = ()
    checks: tuple[CheckResult, ...]
    findings: tuple[JudgedFinding, ...]
    not_tested: tuple[NotTested, ...]
