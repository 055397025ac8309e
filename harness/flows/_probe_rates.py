"""Probes of what is counted within windows, and of lists, lots and the static price: at the limit, one below and one above.

A burst lies surely within a window that no run outlasts. One account has a window of a fraction of a millisecond: where its edges fall is the
service's own time, which its stamps tell.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.base.controls import AccountControls, FirmControls, InstrumentControls, Rate
from harness.base.records import Command, CommandKind, Flag, TimeInForce
from harness.flows._probe_desk import FREE, PRICE, Declared, Desk, Probe, rate

MESSAGES = 7
DUPLICATES = 2
REPEATS = 3
STEP = 5
TICKS = 10
SHORT_NS = 300_000


def _messages_limits(desk: Desk) -> Declared:
    return Declared(accounts=(AccountControls(account=desk.account(), firm=desk.first, messages=rate(MESSAGES)),))


def _messages_new(desk: Desk) -> Iterator[Command]:
    """New orders alone, over four sessions."""
    orders = [desk.new(1, desk.better(at)) for at in range(MESSAGES)]
    yield from orders
    yield desk.new(1)
    yield desk.replace(orders[0], 2)
    yield desk.cancel(orders[1])
    yield desk.new(1)
    yield desk.sweep(desk.account())


def _messages_mixed(desk: Desk) -> Iterator[Command]:
    """Each kind of message counts, also one that the book refuses."""
    order = desk.new(1)
    yield order
    again = desk.replace(order, 2)
    yield again
    yield desk.cancel(again, 1)
    yield desk.cancel(order)
    yield desk.new(0)
    yield desk.sweep(desk.account())
    last = desk.new(2)
    yield last
    yield desk.new(1)
    yield desk.replace(last, 3)
    yield desk.cancel(last)
    yield desk.new(1)
    yield desk.sweep(desk.account())


def _firm_messages_limits(desk: Desk) -> Declared:
    accounts = tuple(AccountControls(account=desk.account(at), firm=desk.first) for at in (0, 1))
    return Declared(accounts=accounts, firm=FirmControls(firm=desk.first, messages=rate(MESSAGES)))


def _firm_messages(desk: Desk) -> Iterator[Command]:
    """Two accounts of a firm in turn."""
    for at in range(MESSAGES):
        yield desk.new(1, desk.better(at), at=at % 2)
    yield desk.new(1)
    yield desk.new(1, at=1)
    yield desk.sweep(desk.account())
    yield desk.sweep(desk.account(1))
    yield desk.new(1, at=1)


def _short_window(desk: Desk) -> Declared:
    short = Rate(most=3, window_ns=SHORT_NS)
    return Declared(accounts=(AccountControls(account=desk.account(), firm=desk.first, messages=short),))


def _messages_edges(desk: Desk) -> Iterator[Command]:
    """In and out of a short window."""
    for at in range(24):
        yield desk.new(1, desk.better(at))
    yield desk.sweep(desk.account())


def _duplicates_limits(desk: Desk) -> Declared:
    return Declared(accounts=(AccountControls(account=desk.account(), firm=desk.first, duplicates=rate(DUPLICATES)),))


def _duplicates(desk: Desk) -> Iterator[Command]:
    """The same content, whatever became of it before; anything else of it is another."""
    first = desk.new(3)
    yield first
    yield desk.cancel(first)
    yield desk.new(3)
    yield desk.new(3)
    yield desk.new(4)
    yield desk.new(3, desk.better(1))
    yield desk.new(3, tif=TimeInForce.IOC)
    yield desk.new(3, instrument=desk.instrument(1))
    yield desk.sweep(desk.account())
    # What the book refuses was let through, and counts.
    yield desk.meets(1)
    for _ in range(DUPLICATES + 1):
        yield desk.new(1, flags=Flag.POST_ONLY)
    yield desk.sweep(FREE[0], desk.instrument())


def _repeats_limits(desk: Desk) -> Declared:
    return Declared(accounts=(AccountControls(account=desk.account(), firm=desk.first, repeats=rate(REPEATS)),))


def _repeats(desk: Desk) -> Iterator[Command]:
    """As taker on one side; as maker or on the other side nothing counts. Enabled by name, the count begins anew."""
    for trades in (REPEATS, REPEATS):
        yield desk.new(1)
        yield desk.meets(1)
        yield desk.meets(1, side=desk.side)
        yield desk.new(1, side=desk.other)
        for _ in range(trades - 1):
            yield desk.meets(1)
        yield desk.new(trades - 1)
        kept = desk.new(1, desk.better(50))
        yield kept
        yield desk.meets(1)
        yield desk.market(1)
        yield desk.new(1)
        yield desk.replace(kept, 2)
        yield desk.cancel(kept)
        yield desk.market(1, side=desk.other)
        yield desk.asks(CommandKind.ENABLE, account=desk.account())
    yield desk.new(1, desk.better(50))
    yield desk.sweep(desk.account())


def _lists(desk: Desk) -> Declared:
    listed = AccountControls(account=desk.account(), firm=desk.first, restricted=(desk.instrument(),))
    free = AccountControls(account=desk.account(1), firm=desk.first)
    return Declared(
        accounts=(listed, free), instruments=(InstrumentControls(instrument=desk.instrument(1), restricted=True),)
    )


def _restricted(desk: Desk) -> Iterator[Command]:
    """One instrument that one account may not trade, and one that nobody may."""
    yield desk.new(1)
    yield desk.market(1)
    yield desk.new(1, at=1)
    yield desk.new(1, instrument=desk.instrument(1))
    yield desk.new(1, at=1, instrument=desk.instrument(1))
    yield desk.stop(1, PRICE, at=1, instrument=desk.instrument(1))
    yield desk.sweep(desk.account(1))


def _lots(desk: Desk) -> Declared:
    stepped = InstrumentControls(instrument=desk.instrument(), qty_step=STEP)
    return Declared(accounts=(AccountControls(account=desk.account(), firm=desk.first),), instruments=(stepped,))


def _qty_step(desk: Desk) -> Iterator[Command]:
    """Multiples, and one lot beside them."""
    order = desk.new(STEP)
    yield order
    for qty in (STEP - 1, STEP + 1, 2 * STEP):
        yield desk.new(qty)
    yield desk.replace(order, STEP + 1)
    yield desk.replace(order, 3 * STEP)
    yield desk.market(STEP - 1)
    yield desk.stop(STEP + 1, PRICE)
    yield desk.sweep(desk.account())


def _static(desk: Desk) -> Declared:
    held = InstrumentControls(instrument=desk.instrument(), static_price=PRICE, static_ticks=TICKS)
    return Declared(accounts=(AccountControls(account=desk.account(), firm=desk.first),), instruments=(held,))


def _static_price(desk: Desk) -> Iterator[Command]:
    """On either side of the static price; orders without a limit price pass."""
    order = desk.new(1, desk.better(TICKS))
    yield order
    for ticks in (TICKS - 1, TICKS + 1, -TICKS - 1):
        yield desk.new(1, desk.better(ticks))
    yield desk.replace(order, 1, desk.better(TICKS + 1))
    yield desk.replace(order, 1, desk.better(TICKS - 1))
    yield desk.market(1)
    yield desk.stop(1, PRICE + 50 * TICKS)
    yield desk.sweep(desk.account())
    yield desk.new(1, desk.better(-TICKS))
    yield desk.sweep(desk.account())


PROBES = (
    Probe("messages", _messages_limits, _messages_new),
    Probe("messages", _messages_limits, _messages_mixed),
    Probe("messages", _firm_messages_limits, _firm_messages),
    Probe("messages", _short_window, _messages_edges),
    Probe("duplicates", _duplicates_limits, _duplicates),
    Probe("repeats", _repeats_limits, _repeats),
    Probe("restricted", _lists, _restricted),
    Probe("qty_step", _lots, _qty_step),
    Probe("static_price", _static, _static_price),
)
