"""Hand-made edge cases, each with the events that it must give, written down by a person from the rules.

A model and an engine can share a misunderstanding; a case that was worked out by hand cannot. The cases are TOML files, read by
`_case_files` in the language of `_case_lines`. Where a line leaves it out, the instrument is 1, buyers are account 1 and sellers
account 2, so that nobody meets himself; a cancel or replace is its order's owner's. Each case has order ids, accounts and two
instruments of its own, by its place among all, so that what one leaves in the book by mistake cannot meet another; and it ends
by canceling exactly what it says is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Self

from harness.base.capabilities import CONTROLS, Capabilities, Conventions, Instrument, RiskLimits
from harness.base.discover import folder_of
from harness.base.notes import Case, ExpectedEvent, FlowNotes
from harness.base.records import NONE, Command, CommandKind, Commands, Flag, OrderType, Side, TimeInForce, commands_of
from harness.base.seeds import Seed
from harness.flows._case_files import CaseFile, LimitsFile, StepFile, WhenFile, read_cases
from harness.flows._case_lines import HOMES, IDS, CommandLine, command_of, expected_of, nth, times, unrolled

BUYER, SELLER = 1, 2
TRADED = (1, 2)
"""The instruments of a case; the other numbers below HOMES name none."""
WIDEST = 2**40
QTY_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class CasesFlow:
    """Ends with its last case. Without a `folder` it takes the cases that come along."""

    folder: Path | None = None
    left_out: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Cases that do not fit the engine, each with the reason."""
    mass_cancel: bool = True
    """Whether a case ends with one mass cancel; else with a cancel an order."""

    def fitted(self, capabilities: Capabilities, conventions: Conventions) -> Self:
        """Without the cases whose terms the engine does not offer or whose conventions are not its own."""
        unfit = {case.name: _unfit(case, capabilities, conventions) for case in self._cases()}
        left_out = tuple((name, why) for name, why in unfit.items() if why)
        return replace(self, left_out=left_out, mass_cancel=capabilities.cancels_all())

    def instruments(self) -> tuple[Instrument, ...]:
        """Two a case, whose prices may be 2**40 ticks apart; the case's limits are those of the first."""
        return tuple(
            _instrument(place, number, case.limits if number == TRADED[0] else LimitsFile())
            for place, case in enumerate(self._cases(), 1)
            for number in TRADED
        )

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """One batch a case; no randomness."""
        del seed
        for played in self._played():
            yield commands_of([*played.before, *(turn.command for turn in played.turns)])

    def notes(self) -> FlowNotes:
        """The cases provoke rejects; still two in three of their new orders are good ones, and 0.5 leaves room."""
        first, cases = 1, []
        for case, before, turns in self._played():
            first += len(before)
            expect = tuple(turn.expect for turn in turns)
            cases.append(Case(name=case.name, about=f"{case.about} {case.why}", first=first, expect=expect))
            first += len(turns)
        return FlowNotes(
            least_accepted=0.5,
            cases=tuple(cases),
            told={"cases": f"{len(cases)} hand-made ones, {first - 1} commands"},
            not_tested={f"case {name}": why for name, why in self.left_out},
        )

    def _played(self) -> Iterator[Played]:
        """The cases that fit, shifted to numbers of their own by their place among all."""
        without = dict(self.left_out)
        for place, case in enumerate(self._cases(), 1):
            if case.name not in without:
                steps = [*_steps(case.step)]
                turns = _placed([*steps, *_ending(case.left, steps, mass_cancel=self.mass_cancel)])
                before = (_SWEEP,) if any(_takes_all(turn.command) for turn in turns) else ()
                yield Played(case, before, tuple(_shifted(turn, place) for turn in turns))

    def _cases(self) -> tuple[CaseFile, ...]:
        return _read(self.folder or folder_of("scenarios") / "cases")


class Turn(NamedTuple):
    """A command and the events that must answer it."""

    command: Command
    expect: tuple[ExpectedEvent, ...]


class Played(NamedTuple):
    """A case as it goes out."""

    case: CaseFile
    before: tuple[Command, ...]
    """What clears away for it and is no part of it: a mass cancel of the orders of all would take other cases' leftovers."""
    turns: tuple[Turn, ...]


Written = tuple[CommandLine, tuple[ExpectedEvent, ...]]
_read = lru_cache(maxsize=4)(read_cases)
_MADE = ("accepted", "replaced")
"""After these an order lives under the command's id."""
_SWEEP = command_of("mass cancel of all orders").command._replace(session=1)


def _steps(steps: list[StepFile]) -> Iterator[Written]:
    """The steps as they are written, a repeated one as often as it says."""
    for step in steps:
        for n in range(1, times(step.do) + 1):
            # A `times:` of an event counts for itself; elsewhere {n} is the step's.
            lines = [line if times(line) > 1 else nth(line, n) for line in step.expect]
            yield command_of(nth(step.do, n)), tuple(expected_of(each) for line in lines for each in unrolled(line))


def _ending(left: list[str], steps: list[Written], *, mass_cancel: bool) -> Iterator[Written]:
    """The cancel of all that is left, which also tells whether that is what is left."""
    orders = [expected_of(f"canceled {text} (mass cancel), 0 left") for text in left]
    if not mass_cancel:
        for text, order in zip(left, orders, strict=True):
            yield command_of(f"cancel #{order.order}"), (expected_of(f"canceled {text} (user), 0 left"),)
        return
    turns = _placed(steps)
    homes = {turn.command.order: turn.command.instrument for turn in turns if turn.expect[0].kind in _MADE}
    for instrument in sorted({turn.command.instrument for turn in turns} & {*TRADED}):
        mine = [order for order in orders if homes.get(order.order or 0) == instrument]
        line = f"mass cancel of all orders (instrument {instrument})"
        yield command_of(line), (*mine, expected_of(f"done, {len(mine)} orders"))


def _placed(written: list[Written]) -> list[Turn]:
    """Fill in accounts and instruments that the lines leave out."""
    homes: dict[int, tuple[int, int]] = {}
    turns: list[Turn] = []
    for (command, account, instrument), expect in written:
        home = homes.get(command.target, (BUYER, 1))
        if command.kind == CommandKind.NEW:
            home = (BUYER if command.side == Side.BUY else SELLER, 1)
        elif command.kind == CommandKind.MASS_CANCEL:
            home = (0, 0)
        named = (home[0] if account is None else account, home[1] if instrument is None else instrument)
        # An id that is free again may be taken by another account: its home is that of the last order that lived under it.
        if expect[0].kind in _MADE:
            homes[command.order] = named
        elif command.kind == CommandKind.NEW:
            homes.setdefault(command.order, named)
        turns.append(Turn(command._replace(account=named[0], instrument=named[1], session=1), expect))
    return turns


def _instrument(place: int, number: int, limits: LimitsFile) -> Instrument:
    """An instrument of the case at this place, whose accounts are raised like the numbers in its lines."""
    declared = limits.model_dump(exclude_none=True)
    step = declared.pop("price_step", 1)
    if limits.accounts:
        declared["accounts"] = tuple(account and account + place * HOMES for account in limits.accounts)
    raised = place * HOMES + number
    return Instrument(
        id=raised, symbol=f"CASE{raised}", price_max=WIDEST + 1, price_step=step, qty_max=QTY_MAX,
        risk=RiskLimits(**declared),
    )  # fmt: skip


def _takes_all(command: Command) -> bool:
    """Whether it is a mass cancel of the orders of all accounts on all instruments."""
    return command.kind == CommandKind.MASS_CANCEL and not command.account and not command.instrument


def _shifted(turn: Turn, place: int) -> Turn:
    """The turn with every number raised that its case has for itself; 0 stays, for it names none or any."""
    widths = {"order": IDS, "target": IDS, "account": HOMES, "instrument": HOMES}
    raised = {
        name: getattr(turn.command, name) + place * width
        for name, width in widths.items()
        if getattr(turn.command, name)
    }
    return Turn(turn.command._replace(**raised), tuple(_shifted_event(event, place * IDS) for event in turn.expect))


def _shifted_event(event: ExpectedEvent, by: int) -> ExpectedEvent:
    return ExpectedEvent(
        kind=event.kind, price=event.price, qty=event.qty, remaining=event.remaining, reason=event.reason,
        order=event.order and event.order + by, maker=event.maker and event.maker + by,
        new_order=event.new_order and event.new_order + by,
    )  # fmt: skip


def _unfit(case: CaseFile, capabilities: Capabilities, conventions: Conventions) -> str:
    """Why the case does not fit the engine, or nothing."""
    lacks = sorted(_terms(case).difference(capabilities.offered(), capabilities.controls))
    if lacks:
        return f"the engine does not offer {', '.join(lacks)}"
    for name in WhenFile.model_fields:
        wanted, declared = getattr(case.when, name), getattr(conventions, name)
        if wanted and declared not in wanted:
            return f"it is for {name} {' or '.join(wanted)}, the engine declares {declared}"
    return ""


def _terms(case: CaseFile) -> set[str]:
    """The names of all that the case asks of an engine."""
    terms = {*case.limits.model_fields_set} & {*CONTROLS}
    for command, *_ in (command_of(nth(step.do, 1)) for step in case.step):
        terms.add(CommandKind(command.kind).name.lower())
        if command.kind == CommandKind.NEW:
            terms |= {OrderType(command.type).name.lower(), TimeInForce(command.tif).name.lower()}
            terms |= {"post_only"} if command.flags & Flag.POST_ONLY else set()
            terms |= {"min_qty"} if command.min_qty != NONE else set()
    return terms


FLOW = CasesFlow
