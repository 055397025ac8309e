"""As much of Prometheus as `docs/alerts.yml` asks for: pages as it scrapes them, and its rules evaluated over them.

Of its language: selectors, `rate` of what never goes back, `sum without`, `absent`, `histogram_quantile`, a ratio `ignoring` a label, and a
comparison with a number. Where promtool is on the path, tests/contract/test_alerts.py asks it too.
"""

from __future__ import annotations

import math
import operator
import re
from pathlib import Path
from typing import NamedTuple

Labels = frozenset  # of pairs
LINE = re.compile(r"^([a-z_]+)(?:\{(.*)\})? (\S+)$")
PAIR = re.compile(r'(\w+)="([^"]*)"')
SECONDS = {"s": 1, "m": 60}
COMPARED = {">": operator.gt, "<": operator.lt, "==": operator.eq}


class Rule(NamedTuple):
    alert: str
    expr: str
    for_s: int


class Scrape(NamedTuple):
    at_s: int
    page: str


def rules_of(path: Path) -> list[Rule]:
    """The rules of a file that has each in the order alert, expr, for."""
    found = []
    for name, rest in re.findall(r"- alert: (\w+)\n((?:        .*\n)+)", path.read_text()):
        (expr,) = re.findall(r"^ +expr: (.+)$", rest, re.MULTILINE)
        wait = re.findall(r"^ +for: (\d+)([sm])$", rest, re.MULTILINE)
        found.append(Rule(name, expr, sum(int(count) * SECONDS[unit] for count, unit in wait)))
    return found


def samples(page: str) -> dict[tuple[str, Labels], float]:
    """What a page says, by name and labels."""
    lines = [LINE.match(line) for line in page.splitlines() if not line.startswith("#")]
    return {(line[1], Labels(PAIR.findall(line[2] or ""))): float(line[3]) for line in lines}


def firing(rules: list[Rule], scrapes: list[Scrape]) -> set[str]:
    """The alerts that fire at the last scrape. A scrape without a page is one that failed."""
    return {rule.alert for rule in rules if _fires(rule, scrapes)}


def _fires(rule: Rule, scrapes: list[Scrape]) -> bool:
    since_s = None
    for number, scrape in enumerate(scrapes, 1):
        holds = bool(Expression(rule.expr, scrapes[:number]).value())
        since_s = (scrape.at_s if since_s is None else since_s) if holds else None
    return since_s is not None and scrapes[-1].at_s - since_s >= rule.for_s


class Expression:
    """Evaluated at the last scrape; a vector is a dictionary from labels to value."""

    def __init__(self, text, scrapes):
        self._text, self._at = text, 0
        self._scrapes = [(scrape.at_s, samples(scrape.page)) for scrape in scrapes]
        self._now_s = scrapes[-1].at_s

    def value(self):
        left = self._term()
        if self._try(r"/"):
            ignored = self._try(r"ignoring \((\w+)\)")
            right = self._term()
            left = _divided(_without(left, ignored), _without(right, ignored))
        if compared := self._try(r"(==|[<>])"):
            bound = float(self._need(r"([\d.]+)"))
            left = {labels: value for labels, value in left.items() if COMPARED[compared](value, bound)}
        assert self._at == len(self._text), f"what is {self._text[self._at :]!r}?"
        return left

    def _term(self):
        if label := self._try(r"sum without \((\w+)\) \("):
            return self._closed(_without(self._term(), label))
        if self._try(r"absent\("):
            return self._closed({} if self._term() else {Labels(): 1.0})
        if share := self._try(r"histogram_quantile\(([\d.]+),"):
            return self._closed(_quantiles(float(share), self._term()))
        if self._try(r"rate\("):
            name, wanted = self._selector()
            length = self._need(r"\[(\d+)m\]")
            return self._closed(self._rate(name, wanted, 60 * int(length)))
        name, wanted = self._selector()
        return self._picked(self._scrapes[-1][1], name, wanted)

    def _rate(self, name, wanted, window_s):
        within = [(at_s, self._picked(page, name, wanted)) for at_s, page in self._scrapes]
        within = [(at_s, found) for at_s, found in within if self._now_s - window_s <= at_s and found]
        if len(within) < 2:
            return {}
        times = [at_s for at_s, _ in within]
        (_, first), (_, last) = within[0], within[-1]
        return {
            labels: _rate(first[labels], last[labels], times, self._now_s, window_s)
            for labels in last.keys() & first.keys()
        }

    def _selector(self):
        name = self._need(r"([a-z_]+)")
        return name, set(PAIR.findall(self._try(r"\{([^}]*)\}") or ""))

    def _picked(self, page, name, wanted):
        return {labels: value for (called, labels), value in page.items() if called == name and wanted <= labels}

    def _closed(self, vector):
        self._need(r"(\))")
        return vector

    def _try(self, pattern):
        """What comes next, if it is that: its group, or the whole."""
        if not (found := re.compile(r"\s*" + pattern + r"\s*").match(self._text, self._at)):
            return None
        self._at = found.end()
        return found[1] if found.groups() else found[0]

    def _need(self, pattern):
        found = self._try(pattern)
        assert found is not None, f"wanted {pattern} at {self._text[self._at :]!r}"
        return found


def _rate(first, last, times, now_s, window_s):
    """Per second over a window, carried on to its ends as Prometheus does: half a gap where an end is far, and never below zero."""
    known_s, gap_s = times[-1] - times[0], (times[-1] - times[0]) / (len(times) - 1)
    before_s, behind_s = times[0] - (now_s - window_s), now_s - times[-1]
    if last > first:
        before_s = min(before_s, known_s * first / (last - first))
    carried_s = sum(each if each < 1.1 * gap_s else gap_s / 2 for each in (before_s, behind_s))
    return (last - first) * (known_s + carried_s) / known_s / window_s


def _without(vector, label):
    """Summed over a label."""
    summed: dict[Labels, float] = {}
    for labels, value in vector.items():
        left = Labels(pair for pair in labels if pair[0] != label)
        summed[left] = summed.get(left, 0.0) + value
    return summed


def _divided(above, below):
    return {
        labels: value / below[labels] if below[labels] else (math.inf if value else math.nan)
        for labels, value in above.items()
        if labels in below
    }


def _quantiles(share, vector):
    """By the place within the class that holds it, as if that were filled evenly."""
    by_rest: dict[Labels, list[tuple[float, float]]] = {}
    for labels, value in vector.items():
        rest = Labels(pair for pair in labels if pair[0] != "le")
        by_rest.setdefault(rest, []).append((float(dict(labels)["le"]), value))
    return {rest: _quantile(share, sorted(classes)) for rest, classes in by_rest.items()}


def _quantile(share, classes):
    rank = share * classes[-1][1]
    if not classes[-1][1]:
        return math.nan
    low, below = 0.0, 0.0
    for bound, upto in classes:
        if upto >= rank:
            return low if math.isinf(bound) else low + (bound - low) * (rank - below) / (upto - below)
        low, below = bound, upto
    raise AssertionError("the last class holds all")
