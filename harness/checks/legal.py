"""No event comes that may not come next: the strictest judge beside `model`, for histories that are too long for plain Python.

It holds an engine to the same rules as the check `model` and finds the same command wrong first, a hundred times faster and in memory
that grows with the live orders only. It shares no code with that model: so the two hold each other to the rules as well. It tells the
one event that came and the one that had to, with the state by which it was judged; whole answers are for `model` to tell.
"""

from __future__ import annotations

from harness.base.findings import Facts, FindingLog
from harness.base.records import Event
from harness.base.words import say_command, say_event
from harness.checks import CheckPlug
from harness.checks._behind import Behind
from harness.evidence.fold import RunInfo, Segment
from harness.oracle.refusals import beyond
from harness.oracle.verifier.breach import Breach
from harness.oracle.verifier.codes import TITLES

_MARKS = ("trades", "cancels", "triggered", "refused")


class FollowsEvents:
    """Hands the segments to the verifier, and puts in words what it found."""

    def __init__(self, run: RunInfo) -> None:
        # It imports numba, and whoever lists the checks need not wait for that.
        from harness.oracle.verifier.verifier import Verifier  # noqa: PLC0415

        self._run = run
        self._behind = Behind(run)
        self._verifier = Verifier(run.instruments, run.conventions, run.capabilities)

    def add(self, segment: Segment) -> None:
        """Judge the events of this stretch of history."""
        self._verifier.follow(self._behind.of(segment))

    def facts(self) -> Facts:
        """The findings so far; where the run was cut short, the last answer may lack its end."""
        last = None if self._run.cut_short else self._verifier.unfinished()
        counts, stopped = self._verifier.counts, self._verifier.stopped
        log = FindingLog("legal")
        for breach in (*self._verifier.breaches, *filter(None, (last,))):
            _report(log, breach)
        unknown = self._why_unknown(counts["nameless"])
        stops = [f"on instrument {where} after command {number:,}" for where, number in stopped.items()]
        return Facts(
            seen=counts["judged"], findings=() if unknown else log.findings(), marks={name: counts[name] for name in _MARKS},
            told=self._behind.told() | ({"not judged further": ", ".join(stops)} if stops else {}), unknown=unknown,
        )  # fmt: skip

    def _why_unknown(self, nameless: int) -> str:
        if foreign := ", ".join(beyond(self._run.capabilities)):
            return f"there are no rules here for {foreign}"
        if nameless:
            return f"the engine does not say which command {nameless:,} of its events answer"
        return ""


def _report(log: FindingLog, breach: Breach) -> None:
    expected, got = _say(breach.wanted), _say(breach.came)
    if expected == got and breach.wanted and breach.came:
        # What differs is no part of the words for an event.
        expected, got = f"{expected}, {_party(breach.wanted)}", f"{got}, {_party(breach.came)}"
    command = breach.command
    asked = f"{say_command(command)}:\n" if command else ""
    state = f"\n({breach.state})" if breach.state else ""
    named = [command.target, command.order] if command else []
    named += [order for event in (breach.wanted, breach.came) if event for order in (event.order, event.maker)]
    log.add(
        breach.code.name.lower(), TITLES[breach.code], command=breach.number,
        expected=f"{asked}{expected}{state}", got=f"{asked}{got}", orders=tuple(dict.fromkeys(filter(None, named))),
    )  # fmt: skip


def _say(event: Event | None) -> str:
    return say_event(event) if event else "nothing"


def _party(event: Event) -> str:
    new_id = f", new id {event.new_order}" if event.new_order else ""
    return f"of account {event.account}, side {event.side}, role {event.role}, instrument {event.instrument}{new_id}"


CHECK = CheckPlug(
    about="no event comes that the rules do not let come next",
    start=FollowsEvents,
    needs=("one_order", "maker", "price", "qty"),
    marks=("trades", "cancels"),
    least=1_000,
)
