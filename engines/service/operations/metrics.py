"""Figures of a service in the text format that Prometheus reads (version 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, TypeAlias

from engines.service.durations import BOUNDS_NS, Durations

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Metric:
    """One name with its values."""

    name: str
    kind: Literal["counter", "gauge"]
    help: str
    values: Mapping[str, int | float]
    """By the value of its label; a metric without a label has the one value ''."""
    label: str = ""

    def lines(self) -> Iterator[str]:
        """Its part of the page."""
        yield from _head(self.name, self.kind, self.help)
        for value, figure in self.values.items():
            yield f"{self.name}{_labelled(self.label, value)} {figure}"


@dataclass(frozen=True, slots=True)
class Histogram:
    """One name with how many durations were at most how long; Prometheus has seconds."""

    name: str
    help: str
    durations: Durations

    def lines(self) -> Iterator[str]:
        """Its part of the page."""
        yield from _head(self.name, "histogram", self.help)
        # One thread counts on meanwhile: what is read once is one page's truth.
        *below, count = accumulate(list(self.durations.counts))
        for bound_ns, upto in zip(BOUNDS_NS, below, strict=True):
            yield f'{self.name}_bucket{{le="{_seconds(bound_ns)}"}} {upto}'
        yield f'{self.name}_bucket{{le="+Inf"}} {count}'
        yield f"{self.name}_sum {_seconds(self.durations.sum_ns)}"
        yield f"{self.name}_count {count}"


Figure: TypeAlias = Metric | Histogram


def exposition(figures: Iterable[Figure]) -> str:
    """All of them, as a page."""
    return "".join(line + "\n" for figure in figures for line in figure.lines())


def _head(name: str, kind: str, said: str) -> Iterator[str]:
    yield f"# HELP {name} {_escaped(said)}"
    yield f"# TYPE {name} {kind}"


def _seconds(duration_ns: int) -> str:
    return f"{duration_ns / 1e9:.9g}"


def _labelled(label: str, value: str) -> str:
    quoted = _escaped(value).replace('"', '\\"')
    return f'{{{label}="{quoted}"}}' if label else ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")
