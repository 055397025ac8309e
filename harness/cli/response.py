"""Response times on the terminal: a line a scenario, with what a tester in a closed loop would have told of the same run."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from harness.base.judgement import CheckResult, RunVerdict
from harness.cli.console import table

CHECK, TAIL = "latency", "p(99.9)"
COLUMNS = {
    "p50": ("response", "p(50)"), "p99": ("response", "p(99)"), "p99.9": ("response", TAIL), "max": ("response", "max"),
    "service p99.9": ("service", TAIL), "closed loop p99.9": ("closed_loop", TAIL),
}  # fmt: skip
HEAD = "response times, ms"
CLOSED_LOOP = "closed loop: what a tester that waits for each answer before it sends its next command would have told of the same run"


def show(console: Console, verdict: RunVerdict) -> None:
    """The table on this console; nothing where no scenario was paced."""
    measured = [one for one in verdict.checks if one.name == CHECK and one.measures]
    if not measured:
        return
    made = table((HEAD, *COLUMNS), (HEAD,))
    for one in measured:
        made.add_row(Text(one.scenario), *_figures(one))
    console.print()
    console.print(made)
    if any(m.metric == f"{CHECK}.closed_loop" for one in measured for m in one.measures):
        console.print(Text(CLOSED_LOOP))


def _figures(result: CheckResult) -> tuple[str, ...]:
    told = {(m.metric, m.stat): _said(m.value / 1e6) for m in result.measures}
    return tuple(told.get((f"{CHECK}.{kind}", stat), "") for kind, stat in COLUMNS.values())


def _said(ms: float) -> str:
    return f"{ms:,.0f}" if ms >= 100 else f"{ms:.3g}"
