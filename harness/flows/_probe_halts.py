"""Probes of what stops trading, and of what people may ask: kills, breakers, halts, changes of limits, and each refusal of an operator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.base.controls import AccountControls, FirmControls, InstrumentControls, LimitCode
from harness.base.records import Command, CommandKind
from harness.flows._probe_desk import FREE, LONG_NS, PRICE, Declared, Desk, Probe

TICKS = 5
LOTS = 20
MOST = 10
PAUSE_NS = 100_000
KILL, ENABLE, HALT, RESUME = CommandKind.KILL_ACCOUNT, CommandKind.ENABLE, CommandKind.HALT, CommandKind.RESUME


def _two_accounts(desk: Desk) -> Declared:
    return Declared(accounts=tuple(AccountControls(account=desk.account(at), firm=desk.first) for at in (0, 1)))


def _kill(desk: Desk, at: int, scope: dict[str, Any]) -> Iterator[Command]:
    """Orders of both accounts on both instruments, a stop too; who is killed stays so, whatever is tried and by whichever session."""
    kept = [desk.new(1, desk.better(9)), desk.new(1, desk.better(9), at=1), desk.stop(1, PRICE + 700, at=at)]
    kept += [desk.new(1, desk.better(9), at=side, instrument=desk.instrument(1)) for side in (0, 1)]
    yield from kept
    yield desk.asks(KILL, **scope)
    for _ in range(4):
        yield desk.new(1, at=at)
    yield desk.replace(kept[at], 2)
    yield desk.new(1, at=1 - at, instrument=desk.instrument(1))
    yield desk.cancel(kept[at])
    yield desk.sweep(desk.account(at))
    yield desk.asks(CommandKind.TICK, order=0)
    yield desk.asks(KILL, **scope)
    yield desk.new(1, at=at)
    yield desk.asks(ENABLE, **scope)
    yield desk.new(1, at=at)
    yield desk.sweep(desk.account())
    yield desk.sweep(desk.account(1))


def _kill_account(desk: Desk) -> Iterator[Command]:
    yield from _kill(desk, 0, {"account": desk.account()})


def _kill_instrument(desk: Desk) -> Iterator[Command]:
    yield from _kill(desk, 0, {"instrument": desk.instrument()})


def _one_account(desk: Desk) -> Declared:
    return Declared(accounts=(AccountControls(account=desk.account(), firm=desk.first),))


def _kill_firm(desk: Desk) -> Iterator[Command]:
    """A kill of another scope is another kill: each must be taken back."""
    yield desk.new(1)
    yield desk.asks(KILL, target=desk.first)
    yield desk.new(1)
    yield desk.asks(ENABLE, account=desk.account())
    yield desk.new(1)
    yield desk.asks(KILL, account=desk.account())
    yield desk.asks(ENABLE, target=desk.first)
    for _ in range(3):
        yield desk.new(1)
    yield desk.asks(ENABLE, account=desk.account())
    yield desk.new(1)
    yield desk.sweep(desk.account())


def _price_breaker(desk: Desk) -> Declared:
    held = InstrumentControls(
        instrument=desk.instrument(), breaker_ticks=TICKS, breaker_window_ns=LONG_NS, pause_ns=LONG_NS
    )
    return Declared(accounts=(AccountControls(account=desk.account(), firm=desk.first),), instruments=(held,))


def _breaker_by_price(desk: Desk) -> Iterator[Command]:
    """Prints as far apart as may be, then one tick more; nothing comes in until somebody resumes it, and then it begins anew."""
    for _ in range(2):
        kept = desk.new(1, desk.better(50))
        yield kept
        yield from desk.prints(1, PRICE)
        yield from desk.prints(1, PRICE + TICKS)
        yield desk.new(1, desk.better(60))
        yield from desk.prints(1, PRICE - 1)
        yield desk.new(1)
        yield desk.market(1)
        yield desk.replace(kept, 2)
        yield desk.cancel(kept)
        yield desk.asks(RESUME, instrument=desk.instrument())
        yield from desk.prints(1, PRICE + TICKS + 1)
        yield desk.asks(RESUME, instrument=desk.instrument())
        yield desk.sweep(desk.account())


def _short_pause(desk: Desk) -> Declared:
    held = InstrumentControls(
        instrument=desk.instrument(), volume_max=LOTS, breaker_window_ns=LONG_NS, pause_ns=PAUSE_NS
    )
    return Declared(accounts=(AccountControls(account=desk.account(), firm=desk.first),), instruments=(held,))


def _breaker_by_volume(desk: Desk) -> Iterator[Command]:
    """As many lots as may trade, then one more; it goes on by itself after a short pause, and halts again."""
    for _ in range(3):
        yield from desk.prints(LOTS - 1, PRICE)
        yield from desk.prints(1, PRICE)
        yield desk.new(1, desk.better(50))
        yield from desk.prints(1, PRICE)
        for _ in range(6):
            yield desk.new(1, desk.better(50))
            yield desk.asks(CommandKind.TICK, order=0)
        yield desk.sweep(desk.account())


def _halts(desk: Desk) -> Iterator[Command]:
    """An operator's halt has no end of its own, and takes over a breaker's."""
    kept = desk.new(1, desk.better(50))
    yield kept
    yield desk.asks(HALT, instrument=desk.instrument())
    yield desk.new(1)
    yield desk.replace(kept, 2)
    yield desk.asks(HALT, instrument=desk.instrument())
    yield desk.cancel(kept)
    yield desk.asks(RESUME, instrument=desk.instrument())
    yield from desk.prints(LOTS + 1, PRICE)
    yield desk.asks(HALT, instrument=desk.instrument())
    for _ in range(4):
        yield desk.asks(CommandKind.TICK, order=0)
    yield desk.new(1)
    yield desk.asks(RESUME, instrument=desk.instrument())
    yield desk.new(1, desk.better(50))
    yield desk.asks(RESUME, instrument=desk.instrument())
    yield desk.sweep(desk.account())


def _changing(desk: Desk) -> Declared:
    account = AccountControls(account=desk.account(), firm=desk.first, long_max=MOST, short_max=MOST)
    return Declared(accounts=(account,), firm=FirmControls(firm=desk.first))


def _limit_change(desk: Desk) -> Iterator[Command]:
    """Lower, below what is there, higher, none; of the account and of the firm."""
    code = LimitCode.LONG_MAX if desk.side == 0 else LimitCode.SHORT_MAX
    for scope in ({"account": desk.account()}, {"target": desk.first}):
        yield desk.asks(CommandKind.LIMIT, **scope, type=int(code), qty=MOST - 4)
        yield desk.new(MOST - 3)
        kept = desk.new(MOST - 4)
        yield kept
        yield desk.asks(CommandKind.LIMIT, **scope, type=int(code), qty=2)
        yield desk.new(1)
        yield desk.replace(kept, 3)
        yield desk.asks(CommandKind.LIMIT, **scope, type=int(code), qty=MOST + 2)
        yield desk.new(7)
        yield desk.new(6)
        yield desk.asks(CommandKind.LIMIT, **scope, type=int(code), qty=0)
        yield desk.new(3 * MOST)
        yield desk.sweep(desk.account())
    yield desk.asks(CommandKind.LIMIT, account=desk.account(), type=int(LimitCode.EXPOSURE_MAX), qty=PRICE)
    yield desk.new(2)
    yield desk.new(1)
    yield desk.sweep(desk.account())


def _odd_requests(desk: Desk) -> Iterator[Command]:
    """Each reason by which an operator is refused; and a stranger's order."""
    yield desk.asks(KILL, account=desk.account(), session=1)
    yield desk.asks(KILL, account=desk.account(), order=0)
    yield desk.asks(KILL)
    yield desk.asks(KILL, account=desk.account(), instrument=desk.instrument())
    yield desk.asks(KILL, account=desk.account(9))
    yield desk.asks(KILL, target=desk.first + 9)
    yield desk.asks(HALT, instrument=desk.first + 9)
    yield desk.asks(CommandKind.LIMIT, account=desk.account(), type=int(LimitCode.BREAKER_TICKS), qty=1)
    yield desk.asks(CommandKind.LIMIT, target=desk.first, type=int(LimitCode.LOSS_MAX), qty=1)
    yield desk.asks(CommandKind.LIMIT, account=desk.account(), type=int(LimitCode.LONG_MAX), qty=-1)
    yield desk.new(1, account=desk.account(9))
    yield desk.new(1)
    yield desk.sweep(desk.account())
    yield desk.sweep(FREE[0], desk.instrument())


PROBES = (
    Probe("kill", _two_accounts, _kill_account),
    Probe("kill", _two_accounts, _kill_instrument),
    Probe("kill", _one_account, _kill_firm),
    Probe("breaker", _price_breaker, _breaker_by_price),
    Probe("breaker", _short_pause, _breaker_by_volume),
    Probe("breaker", _short_pause, _halts),
    Probe("limit_change", _changing, _limit_change),
    Probe("kill", _one_account, _odd_requests),
)
