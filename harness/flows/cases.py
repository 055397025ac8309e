"""Hand-made edge cases, each with the events that it must give, written down by a person from the rules.

A model and an engine can share a misunderstanding; a case that was worked out by hand cannot. The cases are TOML files, read by
`_case_files` in the language of `_case_lines`. Where a line leaves it out, the instrument is 1, buyers are account 1 and sellers
account 2, so that nobody meets himself; a cancel or replace is its order's owner's. Each case has ids of its own, and ends by
canceling exactly what it says is left, so that the next starts on an empty book.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Self

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.discover import folder_of
from harness.base.notes import Case, ExpectedEvent, FlowNotes
from harness.base.records import Command, CommandKind, Commands, Flag, OrderType, Side, TimeInForce, commands_of
from harness.base.seeds import Seed
from harness.flows._case_files import CaseFile, StepFile, WhenFile, read_cases
from harness.flows._case_lines import IDS, CommandLine, command_of, expected_of, nth, times, unrolled

BUYER, SELLER = 1, 2
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
        return replace(self, left_out=left_out, mass_cancel="mass_cancel" in capabilities.commands)

    def instruments(self) -> tuple[Instrument, ...]:
        """Two instruments whose prices may be 2**40 ticks apart."""
        return tuple(
            Instrument(id=number, symbol=symbol, price_max=WIDEST + 1, qty_max=QTY_MAX)
            for number, symbol in enumerate(("ONE", "TWO"), 1)
        )

    def batches(self, seed: Seed) -> Iterator[Commands]:
        """One batch a case; no randomness."""
        del seed
        for played in self._played():
            yield commands_of([turn.command for turn in played.turns])

    def notes(self) -> FlowNotes:
        """The cases provoke rejects; still two in three of their new orders are good ones, and 0.5 leaves room."""
        first, cases = 1, []
        for case, turns in self._played():
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
        """The cases that fit, shifted to ids of their own by their place among all."""
        without = dict(self.left_out)
        for place, case in enumerate(self._cases(), 1):
            if case.name not in without:
                turns = [*_steps(case.step), *_ending(case.left, mass_cancel=self.mass_cancel)]
                yield Played(case, tuple(_shifted(turn, place * IDS) for turn in _placed(turns)))

    def _cases(self) -> tuple[CaseFile, ...]:
        return _read(self.folder or folder_of("scenarios") / "cases")


class Turn(NamedTuple):
    """A command and the events that must answer it."""

    command: Command
    expect: tuple[ExpectedEvent, ...]


class Played(NamedTuple):
    """A case as it goes out."""

    case: CaseFile
    turns: tuple[Turn, ...]


Written = tuple[CommandLine, tuple[ExpectedEvent, ...]]
_read = lru_cache(maxsize=4)(read_cases)


def _steps(steps: list[StepFile]) -> Iterator[Written]:
    """The steps as they are written, a repeated one as often as it says."""
    for step in steps:
        for n in range(1, times(step.do) + 1):
            # A `times:` of an event counts for itself; elsewhere {n} is the step's.
            lines = [line if times(line) > 1 else nth(line, n) for line in step.expect]
            yield command_of(nth(step.do, n)), tuple(expected_of(each) for line in lines for each in unrolled(line))


def _ending(left: list[str], *, mass_cancel: bool) -> Iterator[Written]:
    """The cancel of all that is left, which also tells whether that is what is left."""
    canceled = [expected_of(f"canceled {text} (mass cancel), 0 left") for text in left]
    if mass_cancel:
        yield command_of("mass cancel of all orders"), (*canceled, expected_of(f"done, {len(left)} orders"))
        return
    for text, order in zip(left, canceled, strict=True):
        yield command_of(f"cancel #{order.order}"), (expected_of(f"canceled {text} (user), 0 left"),)


def _placed(written: list[Written]) -> Iterator[Turn]:
    """Fill in accounts and instruments that the lines leave out."""
    homes: dict[int, tuple[int, int]] = {}
    for (command, account, instrument), expect in written:
        home = homes.get(command.target, (BUYER, 1))
        if command.kind == CommandKind.NEW:
            home = (BUYER if command.side == Side.BUY else SELLER, 1)
        elif command.kind == CommandKind.MASS_CANCEL:
            home = (0, 0)
        named = (home[0] if account is None else account, home[1] if instrument is None else instrument)
        if command.kind == CommandKind.NEW:
            homes.setdefault(command.order, named)
        elif command.kind == CommandKind.REPLACE:
            homes.setdefault(command.order, home)
        yield Turn(command._replace(account=named[0], instrument=named[1], session=1), expect)


def _shifted(turn: Turn, by: int) -> Turn:
    """The turn with every order id but 0 raised."""
    command = turn.command._replace(
        order=turn.command.order and turn.command.order + by, target=turn.command.target and turn.command.target + by
    )
    return Turn(command, tuple(_shifted_event(event, by) for event in turn.expect))


def _shifted_event(event: ExpectedEvent, by: int) -> ExpectedEvent:
    return ExpectedEvent(
        kind=event.kind, price=event.price, qty=event.qty, remaining=event.remaining, reason=event.reason,
        order=event.order and event.order + by, maker=event.maker and event.maker + by,
        new_order=event.new_order and event.new_order + by,
    )  # fmt: skip


def _unfit(case: CaseFile, capabilities: Capabilities, conventions: Conventions) -> str:
    """Why the case does not fit the engine, or nothing."""
    lacks = sorted(
        _terms(case) - {*capabilities.commands, *capabilities.types, *capabilities.tifs, *capabilities.flags}
    )
    if lacks:
        return f"the engine does not offer {', '.join(lacks)}"
    for name in WhenFile.model_fields:
        wanted, declared = getattr(case.when, name), getattr(conventions, name)
        if wanted and declared not in wanted:
            return f"it is for {name} {' or '.join(wanted)}, the engine declares {declared}"
    return ""


def _terms(case: CaseFile) -> set[str]:
    """The names of all that the case asks of an engine."""
    terms = set()
    for command, *_ in (command_of(nth(step.do, 1)) for step in case.step):
        terms.add(CommandKind(command.kind).name.lower())
        if command.kind == CommandKind.NEW:
            terms |= {OrderType(command.type).name.lower(), TimeInForce(command.tif).name.lower()}
            terms |= {"post_only"} if command.flags & Flag.POST_ONLY else set()
    return terms


FLOW = CasesFlow
