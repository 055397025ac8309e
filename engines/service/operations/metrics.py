"""Figures of a service in the text format that Prometheus reads (version 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Metric:
    """One name with its values."""

    name: str
    kind: Literal["counter", "gauge"]
    help: str
    values: dict[str, int]
    """By the value of its label; a metric without a label has the one value ''."""
    label: str = ""


def exposition(metrics: Iterable[Metric]) -> str:
    """All of them, as a page."""
    return "".join(line + "\n" for metric in metrics for line in _lines(metric))


def _lines(metric: Metric) -> list[str]:
    head = [f"# HELP {metric.name} {_escaped(metric.help)}", f"# TYPE {metric.name} {metric.kind}"]
    return head + [f"{metric.name}{_labelled(metric.label, value)} {figure}" for value, figure in metric.values.items()]


def _labelled(label: str, value: str) -> str:
    quoted = _escaped(value).replace('"', '\\"')
    return f'{{{label}="{quoted}"}}' if label else ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")
