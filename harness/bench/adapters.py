"""What each way to an engine costs, side by side: the same commands to engines without a book, which accept every order and refuse every cancel.

A way has three figures. Its own name: commands a second, as many at once as it takes. `own`: the CPU time that gonogo's process, threads and kernel
included, spent a command in those very rounds; what the engine's own process spent is not in it, but inside gonogo the engine is. `alone`: a command
until it is answered, one after another. The engines of libraries, JSON lines and OUCH are C, so that they are never what is waited for; that
of FIX is Python, of gonogo's codec, so its rate is the pair's. Without a C compiler those in C are left out, which the first line then says.

Where time went, on two busy cores: JSON lines 3.3 us a command object by object, 0.8 by kernels; OUCH 5 us, 1.7 in batches of 256 and 0.6 in batches of
1,024, which wake the venue less often; FIX 200 us, half of which is taking messages apart and putting them together.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence

import numpy as np

from harness.base.capabilities import Instrument
from harness.base.errors import EngineDiedError
from harness.base.records import CommandKind, Commands, EventKind, OrderType, Side, TimeInForce, empty_commands
from harness.bench import NO_GOAL, Case, Goal, Round, Site
from harness.bench._acknowledging import WITHOUT, Way, ways
from harness.bench._feeding import BATCH, up
from harness.port import Engine

EACH = 4
"""Of so many commands the last cancels the first."""
ALONE_SHARE = 40
"""Of so many commands one is sent alone."""
WAIT_NS = 10_000_000
SILENCE_S = 30.0
INSTRUMENTS = (Instrument(id=1, symbol="ONE"),)
GOALS = {
    "c_abi.batch": Goal(least=2_000_000), "python": Goal(least=200_000), "jsonl": Goal(least=200_000), "ouch": Goal(least=300_000),
}  # fmt: skip
BASELINE = "in_process"


def _adapters(site: Site) -> Iterator[Sequence[Case]]:
    compiler = shutil.which("cc")
    found = ways(site.folder, compiler)
    turns = {way.name: _Turns(site.engine(way.engine, INSTRUMENTS), site.part(way.commands)) for way in found}
    with up(turn.engine for turn in turns.values()):
        yield [case for way in found for case in _cases(way, turns[way.name], "" if compiler else WITHOUT)]


def _cases(way: Way, turns: _Turns, note: str) -> list[Case]:
    name = f"adapters.{way.name}"
    is_baseline = way.name == BASELINE
    base = "" if is_baseline else f"adapters.{BASELINE}"
    return [
        Case(
            name=name, about=f"commands {way.about}, {BATCH:,} a call{note if is_baseline else ''}", amount=turns.many, run=turns.together,
            category="adapter", baseline=base, goal=GOALS.get(way.name, NO_GOAL),
        ),
        Case(
            name=f"{name}.own", about="what of that gonogo's own process works a command", amount=turns.many, run=turns.own, category="adapter",
            unit="ns", baseline=base and f"{base}.own",
        ),
        Case(
            name=f"{name}.alone", about="a command until it is answered, one after another", amount=turns.few, run=turns.alone,
            category="adapter", unit="ns", baseline=base and f"{base}.alone",
        ),
    ]  # fmt: skip


class _Turns:
    """All that is measured of one way, its engine up. A round is `together`, and `own` and `alone` go on with it."""

    def __init__(self, engine: Engine, count: int) -> None:
        self.engine = engine
        self.many, self.few = count, max(count // ALONE_SHARE, 1)
        # The first of them opens what a way opens with its first command, and is not timed.
        self._commands = _commands(1 + self.many + self.few)
        self._talk: _Talk
        self._spent_ns = 0

    def together(self) -> Round:
        """As many at once as the engine takes, which is empty before."""
        self.engine.reset()
        self._talk = _Talk(self.engine, self._commands)
        self._talk.go_on(1, 1)
        spent_ns, begun_ns = time.process_time_ns(), time.perf_counter_ns()
        self._talk.go_on(self.many, BATCH)
        elapsed_ns = time.perf_counter_ns() - begun_ns
        self._spent_ns = time.process_time_ns() - spent_ns
        return Round(elapsed_ns, self._talk.is_right())

    def own(self) -> Round:
        """What gonogo's process worked for those."""
        return Round(self._spent_ns, self._talk.is_right())

    def alone(self) -> Round:
        """One by one."""
        begun_ns = time.perf_counter_ns()
        self._talk.go_on(self.few, 1)
        return Round(time.perf_counter_ns() - begun_ns, self._talk.is_right())


class _Talk:
    """Commands through an empty engine, and what it answered."""

    def __init__(self, engine: Engine, commands: Commands) -> None:
        self._engine, self._session, self._commands = engine, engine.session(1), commands
        self._sent = self._answered = self._heard = 0
        # An engine may tell of each order that it rests.
        self._kinds, self._orders = np.zeros(2 * len(commands), np.uint8), np.zeros(2 * len(commands), np.uint64)

    def go_on(self, count: int, at_once: int) -> None:
        """Until so many more are answered.

        Raises:
            EngineDiedError: nothing came for long.
        """
        upto, give_up_s = self._answered + count, time.monotonic() + SILENCE_S
        while self._answered < upto:
            taken = 0
            # Alone means that the one before is answered.
            if self._sent < upto and (at_once > 1 or self._sent == self._answered):
                taken = self._session.send(self._commands[self._sent : min(self._sent + at_once, upto)])
                self._sent += taken
            if self._hear(0 if taken == at_once > 1 else WAIT_NS):
                give_up_s = time.monotonic() + SILENCE_S
            elif time.monotonic() > give_up_s:
                raise EngineDiedError(f"the engine said nothing for {SILENCE_S:g} s")

    def is_right(self) -> bool:
        """Whether each command so far got its answer, in order."""
        commands = self._commands[: self._sent]
        answers = self._kinds[: self._heard] != EventKind.RESTED
        told = self._kinds[: self._heard][answers], self._orders[: self._heard][answers]
        is_new = commands["kind"] == CommandKind.NEW
        kinds = np.where(is_new, EventKind.ACCEPTED, EventKind.CANCEL_REJECTED)
        orders = np.where(is_new, commands["order"], commands["target"])
        return all(map(np.array_equal, told, (kinds, orders)))

    def _hear(self, wait_ns: int) -> bool:
        events = self._engine.poll(wait_ns)
        upto = self._heard + len(events)
        self._kinds[self._heard : upto], self._orders[self._heard : upto] = events["kind"], events["order"]
        self._answered += int(np.count_nonzero(events["kind"] != EventKind.RESTED))
        self._heard = upto
        return bool(len(events))


def _commands(count: int) -> Commands:
    """Orders of one account that differ in all that orders differ in, and cancels between."""
    number = np.arange(1, count + 1)
    commands = empty_commands(count)
    commands["number"], commands["instrument"], commands["account"], commands["session"] = number, 1, 1, 1
    commands["kind"], commands["order"], commands["type"] = CommandKind.NEW, number, OrderType.LIMIT
    commands["qty"], commands["price"] = 1 + number % 900, 18_000 + number % 1_000
    commands["side"] = np.where(number % 2, Side.BUY, Side.SELL)
    commands["tif"] = np.where(number % 5, TimeInForce.DAY, TimeInForce.IOC)
    cancels = empty_commands(count)
    for name in ("number", "instrument", "account", "session"):
        cancels[name] = commands[name]
    cancels["kind"], cancels["target"] = CommandKind.CANCEL, number - (EACH - 1)
    every = number % EACH == 0
    commands[every] = cancels[every]
    return commands


BENCH = _adapters
