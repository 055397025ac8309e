"""Each command is answered by the events that the rules demand: the engine against a model that reads the same commands.

The model is the strictest judge, and the first difference ends it: after that the two books differ, and every further
difference would be an echo. So it tells one difference an instrument, then judges the other instruments only. Reasons of
refusals are not compared here (several may hold: `reject_cause` says which), nor is a field that the engine's wire does not
carry or that the rules leave open.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from copy import deepcopy

from harness.base.findings import Facts, FindingLog
from harness.base.reasons import Reason
from harness.base.records import Command, CommandKind, Event, EventKind, command_rows
from harness.base.words import say_command, say_event
from harness.checks import CheckPlug
from harness.checks._behind import Behind
from harness.evidence.fold import RunInfo, Segment
from harness.oracle.agreement import COMPARED, Agreement, Row, mass_cancel_sorted, row_of
from harness.oracle.model import Model
from harness.oracle.refusals import beyond

_ORDER, _NEW_ORDER, _MAKER, _PRICE, _REASON = map(COMPARED.index, ("order", "new_order", "maker", "price", "reason"))
_LEAVES = (EventKind.CANCELED, EventKind.REPLACED)
_BY_REASON: dict[int, str] = {
    Reason.FOK_NOT_FILLABLE: "fok_killed",
    Reason.MIN_QTY_NOT_REACHED: "min_qty_not_reached",
    Reason.POST_ONLY_WOULD_TRADE: "post_only_refused",
    Reason.SELF_TRADE: "self_trade_prevented",
    **dict.fromkeys((Reason.RISK_ORDER_QUANTITY, Reason.RISK_ORDER_VALUE, Reason.RISK_PRICE_COLLAR), "risk_refused"),
}
_OF_TRADES = ("sweep_levels", "sweep_makers", "partial_maker")
_OF_REPLACES = ("replace_lost_place", "replace_kept_place", "replace_traded")
_OF_STOPS = ("triggered", "cascade")
_LINES = 12
"""The most events of one answer that a finding tells."""


class FollowsModel:
    """Holds each answer against the model's, once the next answer shows that it is whole."""

    def __init__(self, run: RunInfo) -> None:
        self._model = Model(run.instruments, run.conventions, run.capabilities)
        self._run = run
        self._behind = Behind(run)
        self._beyond = ", ".join(beyond(run.capabilities))
        self._instruments = [instrument.id for instrument in run.instruments]
        self._agreement = Agreement(run.capabilities)
        self._log = FindingLog("model")
        self._pending: deque[Command] = deque()
        self._open: Command | None = None
        self._wanted: list[Row] = []
        self._got: list[Row] = []
        self._stopped: dict[int, int] = {}
        """The instruments that are not judged any more, and the command at which each went wrong."""
        self._marks = _Marks()
        self._seen = self._nameless = 0

    def add(self, segment: Segment) -> None:
        """Judge the answers that this stretch of history made whole."""
        segment = self._behind.of(segment)
        self._pending.extend(command_rows(segment.commands))
        rows = zip(*(segment.events[field].tolist() for field in COMPARED), strict=True)
        for number, row in zip(segment.events["command"].tolist(), rows, strict=True):
            if self._open is not None and number == self._open.number:
                self._got.append(row)
            elif number == 0:
                self._nameless += 1
            else:
                self._turn_to(number, row)

    def facts(self) -> Facts:
        """The findings so far; where the run was cut short, the last answer counts only if it is as long as it must be."""
        log, seen = deepcopy(self._log), self._seen
        whole = not self._run.cut_short or len(self._got) >= len(self._wanted)
        if self._open and whole and self._open.instrument not in self._stopped:
            seen += 1
            wanted, got = self._comparable(self._open, self._wanted, self._got)
            first = self._agreement.first_difference(wanted, got)
            if first is not None:
                _report(log, self._open, wanted, got, first)
        stops = [f"on instrument {where} after command {number:,}" for where, number in self._stopped.items()]
        unknown = self._why_unknown()
        return Facts(
            seen=seen, findings=() if unknown else log.findings(), marks=dict(self._marks.counts),
            told=self._behind.told() | ({"not judged further": ", ".join(stops)} if stops else {}), unknown=unknown,
        )  # fmt: skip

    def _why_unknown(self) -> str:
        if self._beyond:
            return f"there are no rules here for {self._beyond}"
        if self._nameless:
            return f"the engine does not say which command {self._nameless:,} of its events answer"
        return ""

    def _turn_to(self, number: int, row: Row) -> None:
        """Begin the answer to this command: all answers before it are whole."""
        if not self._pending or not _may_come(number, self._pending):
            self._out_of_place(number, row)
            return
        if self._open is not None:
            self._judge(self._open, self._wanted, self._got)
        while (command := self._pending.popleft()).number < number:
            self._judge(command, self._expect(command), [])
        self._open, self._wanted, self._got = command, self._expect(command), [row]

    def _out_of_place(self, number: int, row: Row) -> None:
        """The event answers what was answered before, or what was never sent."""
        if row[-1] in self._stopped:
            return
        if row[-1]:
            self._stopped[row[-1]] = number
        self._log.add(
            "out_of_place", f"an event answers command {number:,}, which was not sent or was answered before",
            command=number, expected="no event", got=_say([row], 0), orders=_orders([row]),
        )  # fmt: skip

    def _expect(self, command: Command) -> list[Row]:
        return [row_of(event) for event in self._model.apply(command)]

    def _judge(self, command: Command, wanted: list[Row], got: list[Row]) -> None:
        if command.instrument in self._stopped:
            return
        self._seen += 1
        wanted, got = self._comparable(command, wanted, got)
        first = self._agreement.first_difference(wanted, got)
        if first is None:
            self._marks.count(wanted, self._model)
            return
        _report(self._log, command, wanted, got, first)
        concerned = {command.instrument, *(row[-1] for row in (*wanted, *got))} - {0}
        for instrument in sorted(concerned) or self._instruments:
            self._stopped.setdefault(instrument, command.number)

    def _comparable(self, command: Command, wanted: list[Row], got: list[Row]) -> tuple[list[Row], list[Row]]:
        """Both answers without what is not judged any more, in the order in which they are compared."""
        if self._stopped:
            wanted, got = self._still_judged(wanted), self._still_judged(got)
        if command.kind == CommandKind.MASS_CANCEL:
            wanted, got = mass_cancel_sorted(wanted), mass_cancel_sorted(got)
        return wanted, got

    def _still_judged(self, rows: list[Row]) -> list[Row]:
        """The events on instruments that are judged; `done` of a command that spans instruments counts all, so it goes."""
        return [row for row in rows if row[-1] not in self._stopped and (row[-1] or row[0] != EventKind.DONE)]


def _may_come(number: int, pending: Sequence[Command]) -> bool:
    """Whether it is the next command, or one behind it: where several sessions send, numbers need not rise."""
    return number == pending[0].number or pending[0].number <= number <= pending[-1].number


class _Marks:
    """How often the run met what only a model can tell to have been met."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys((*_BY_REASON.values(), *_OF_TRADES, *_OF_REPLACES, *_OF_STOPS), 0)
        self._in_part: set[int] = set()
        """Resting orders that traded in part."""

    def count(self, rows: list[Row], model: Model) -> None:
        """Count what one right answer shows; the model stands right behind it."""
        trades: dict[int, list[Row]] = {}
        reasons: set[str] = set()
        triggered = 0
        for row in rows:
            if row[0] == EventKind.TRADE:
                trades.setdefault(row[_ORDER], []).append(row)
            elif row[0] == EventKind.TRIGGERED:
                triggered += 1
            elif row[0] in _LEAVES:
                self._in_part.discard(row[_ORDER])
            if row[_REASON] in _BY_REASON:
                reasons.add(_BY_REASON[row[_REASON]])
        for name in reasons:
            self.counts[name] += 1
        self.counts["triggered"] += triggered
        self.counts["cascade"] += triggered >= 2
        for of_one in trades.values():
            self._count_trades(of_one, model)
        if rows and rows[0][0] == EventKind.REPLACED:
            self.counts["replace_kept_place" if len(rows) == 1 else "replace_lost_place"] += 1
            self.counts["replace_traded"] += rows[0][_NEW_ORDER] in trades

    def _count_trades(self, trades: list[Row], model: Model) -> None:
        """The trades of one incoming order."""
        makers = [row[_MAKER] for row in trades]
        self.counts["sweep_levels"] += len({row[_PRICE] for row in trades}) >= 2
        self.counts["sweep_makers"] += len(makers) >= 3
        self.counts["partial_maker"] += not self._in_part.isdisjoint(makers)
        self._in_part.difference_update(makers)
        self._in_part.update(maker for maker in makers if model.find(maker))


def _report(log: FindingLog, command: Command, wanted: list[Row], got: list[Row], first: int) -> None:
    differing = [*wanted[first : first + 1], *got[first : first + 1]]
    expected, told = _say(wanted, first), _say(got, first)
    if expected == told:
        # What differs is no part of the words for an event.
        expected, told = f"{expected}\n{_parties(wanted[first])}", f"{told}\n{_parties(got[first])}"
    log.add(
        "answer", "a command was answered otherwise than the rules demand", command=command.number,
        expected=f"{say_command(command)}:\n{expected}", got=f"{say_command(command)}:\n{told}",
        orders=_orders(differing, command.target, command.order),
    )  # fmt: skip


def _say(rows: list[Row], first: int) -> str:
    """The events in words; of a long answer the part around the first difference."""
    begin = max(0, first - 2) if len(rows) > _LINES else 0
    shown = rows[begin : begin + _LINES]
    lines = [say_event(Event(**dict(zip(COMPARED, row, strict=True)))) for row in shown]
    before = [f"... {begin:,} events as expected"] * bool(begin)
    after = [f"... {len(rows) - begin - len(shown):,} more events"] * (begin + len(shown) < len(rows))
    return "\n".join((*before, *lines, *after)) or "nothing"


def _parties(row: Row) -> str:
    account, side, role, instrument = row[-4:]
    return f"of account {account}, side {side}, role {role}, instrument {instrument}"


def _orders(rows: list[Row], *more: int) -> tuple[int, ...]:
    named = [*more, *(row[at] for row in rows for at in (_ORDER, _MAKER))]
    return tuple(dict.fromkeys(filter(None, named)))


CHECK = CheckPlug(
    about="each command is answered by the events that the rules demand",
    start=FollowsModel,
    needs=("one_order", "maker", "price", "qty"),
    marks=("sweep_levels", "partial_maker"),
    least=1_000,
)
