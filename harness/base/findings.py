"""What a check found out: findings, marks and measures, as data that can be stored and judged again."""

from __future__ import annotations

from hashlib import blake2b
from typing import Literal, TypeAlias

import msgspec

Severity: TypeAlias = Literal["critical", "major", "minor"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of violation that a check saw in one scenario, told by its first case."""

    check: str
    kind: str
    """Which rule of the check, one word: a finding is counted once a kind."""
    severity: Severity
    title: str
    """One line for a release manager."""
    expected: str
    got: str
    scenario: str = ""
    first_command: int
    """The number of the command at which it was first seen; 0 where no command is to blame."""
    orders: tuple[int, ...] = ()
    """The orders that it is about; the report shows their history."""
    count: int = 1

    def id(self, engine: str) -> str:
        """The first 8 hex digits that name this finding: the same engine, check and place give the same name."""
        place = f"{self.check}|{engine}|{self.kind}|{self.scenario}|{self.first_command}"
        return blake2b(place.encode(), digest_size=4).hexdigest()


class Interval(msgspec.Struct, frozen=True):
    """A measured value with its 95 % interval; the three are equal where there is nothing to be unsure of."""

    value: float
    low: float
    high: float


class Share(msgspec.Struct, frozen=True):
    """So many of so many; kept as counts, so that scenarios can be added up before their interval is taken."""

    hits: int
    total: int

    def __add__(self, other: Share) -> Share:
        return Share(self.hits + other.hits, self.total + other.total)


class Distribution(msgspec.Struct, frozen=True, kw_only=True):
    """A histogram as evidence: (bucket, count) pairs of `histogram.Histogram`, and the exact extremes."""

    buckets: tuple[tuple[int, int], ...]
    low: int
    high: int


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """Something over time, for the pictures: one row of `columns` an interval."""

    name: str
    unit: str
    columns: tuple[str, ...]
    """The first column is the start of the interval in ns since the run's start."""
    rows: tuple[tuple[float, ...], ...]


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """All that one check found out in one scenario: enough to judge again without the history."""

    seen: int
    """How many observations it made: the evidence that counts against `least`."""
    findings: tuple[Finding, ...] = ()
    marks: dict[str, int] = {}
    """How often each thing that the run meant to provoke did happen."""
    measures: dict[str, Interval] = {}
    shares: dict[str, Share] = {}
    distributions: dict[str, Distribution] = {}
    series: tuple[Series, ...] = ()
    told: dict[str, str] = {}
    """Figures worth telling that no limit judges."""
    unknown: str = ""
    """Why the check could not judge; empty where it could."""


class FindingLog:
    """Collects the violations of one fold: the first of each kind is told, the others are counted."""

    def __init__(self, check: str) -> None:
        self._check = check
        self._first: dict[str, Finding] = {}
        self._counts: dict[str, int] = {}

    def add(
        self, kind: str, title: str, *, command: int, expected: str, got: str,
        orders: tuple[int, ...] = (), severity: Severity = "critical",
    ) -> None:  # fmt: skip
        """Count a violation of this kind; the first one is kept with its place and its words."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        if kind not in self._first:
            self._first[kind] = Finding(
                check=self._check, kind=kind, severity=severity, title=title,
                expected=expected, got=got, first_command=command, orders=orders,
            )  # fmt: skip

    def findings(self) -> tuple[Finding, ...]:
        """One finding a kind, in the order first seen, with how often each was seen."""
        return tuple(msgspec.structs.replace(first, count=self._counts[kind]) for kind, first in self._first.items())
