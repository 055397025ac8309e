"""Probes of what adds up: positions, exposure and loss, of accounts and of firms, at the limit, one below and one above, by every way in."""

from __future__ import annotations

from collections.abc import Iterator

from harness.base.controls import AccountControls, FirmControls
from harness.base.records import Command, TimeInForce
from harness.flows._probe_desk import FREE, PRICE, Declared, Desk, Probe

MOST = 10
"""The lots that may be held."""
VALUE = MOST * PRICE
LOSS = 50


def _position_limits(desk: Desk) -> Declared:
    first = AccountControls(account=desk.account(), firm=desk.first, long_max=MOST, short_max=MOST)
    return Declared(accounts=(first,))


def _position_open(desk: Desk) -> Iterator[Command]:
    """Open orders alone: what waits counts, what went does not, and a replace counts instead of its target."""
    yield desk.new(MOST + 1)
    whole = desk.new(MOST)
    yield whole
    yield desk.new(1)
    yield desk.cancel(whole)
    most = desk.new(MOST - 1)
    yield most
    last = desk.new(1)
    yield last
    yield desk.new(1)
    yield desk.replace(last, 2)
    cheaper = desk.replace(most, MOST - 1, desk.better(1))
    yield cheaper
    lower = desk.replace(cheaper, MOST - 2, desk.better(1))
    yield lower
    yield desk.new(2)
    yield desk.cancel(lower, 1)
    yield desk.new(1)
    yield desk.replace(lower, MOST)
    higher = desk.replace(lower, MOST - 2)
    yield higher
    yield desk.new(1)
    yield desk.sweep(desk.account())
    for _ in range(3):
        yield desk.new(MOST, MOST * 10 * PRICE)
    yield desk.new(MOST)
    yield desk.sweep(desk.account())


def _position_stops(desk: Desk) -> Iterator[Command]:
    """A waiting stop counts like any open order."""
    far = PRICE + 500 if desk.side == 0 else PRICE - 500
    stop = desk.stop(MOST, far)
    yield stop
    yield desk.new(1)
    yield desk.stop(1, far)
    yield desk.cancel(stop, 1)
    yield desk.new(1)
    yield desk.new(1)
    yield desk.sweep(desk.account())
    yield desk.stop(MOST + 1, far)


def _position_traded(desk: Desk) -> Iterator[Command]:
    """What traded counts, by whatever order, and what is left of it."""
    yield desk.meets(MOST - 1)
    yield desk.market(MOST + 1)
    yield desk.market(MOST - 1)
    yield desk.meets(3)
    yield desk.new(2, tif=TimeInForce.IOC)
    yield desk.market(2)
    yield desk.new(1, tif=TimeInForce.IOC)
    yield desk.new(1, tif=TimeInForce.FOK)
    yield desk.market(1)
    yield desk.sweep(FREE[0], desk.instrument())
    # It turns to the other side: what may be sold there is what is held and the limit of that side.
    back = desk.new(2 * MOST + 1, side=desk.other)
    yield back
    turned = desk.new(2 * MOST, side=desk.other)
    yield turned
    yield desk.new(1, side=desk.other)
    yield desk.meets(2 * MOST, account=FREE[1], side=desk.side)
    yield desk.new(1, side=desk.other)
    yield desk.new(2 * MOST + 1)
    yield desk.sweep(desk.account())


def _position_partial(desk: Desk) -> Iterator[Command]:
    """Fills in part: what left the open side joined the position, and is counted once."""
    rests = desk.new(MOST)
    yield rests
    yield desk.meets(MOST - 3)
    yield desk.new(1)
    yield desk.replace(rests, 4)
    renamed = desk.replace(rests, 3, desk.better(1))
    yield renamed
    yield desk.new(1)
    yield desk.cancel(renamed, 1)
    yield desk.new(2)
    one = desk.new(1)
    yield one
    yield desk.new(1)
    yield desk.meets(1)
    yield desk.new(1)
    yield desk.sweep(desk.account())
    yield desk.new(3)
    yield desk.new(2)
    yield desk.new(1)


def _firm_position_limits(desk: Desk) -> Declared:
    accounts = tuple(AccountControls(account=desk.account(at), firm=desk.first) for at in (0, 1))
    return Declared(accounts=accounts, firm=FirmControls(firm=desk.first, long_max=MOST, short_max=MOST))


def _firm_position(desk: Desk) -> Iterator[Command]:
    """Two accounts of a firm, of which none goes beyond the limit alone."""
    first = desk.new(MOST - 2)
    yield first
    yield desk.new(3, at=1)
    second = desk.new(2, at=1)
    yield second
    yield desk.new(1)
    yield desk.new(1, at=1)
    yield desk.meets(MOST - 2)
    yield desk.replace(second, 3)
    yield desk.cancel(second)
    yield desk.new(2)
    yield desk.new(1, at=1)
    yield desk.sweep(desk.account())
    yield desk.sweep(desk.account(1))


def _exposure_limits(desk: Desk) -> Declared:
    return Declared(accounts=(AccountControls(account=desk.account(), firm=desk.first, exposure_max=VALUE),))


def _exposure(desk: Desk) -> Iterator[Command]:
    """Value of what is open, by the limit, the stop price or the reference price; a replace counts instead of its target."""
    most = desk.new(MOST - 1)
    yield most
    yield desk.new(1, PRICE + 1)
    yield desk.new(1, PRICE - 1)
    yield desk.new(1, 2)
    small = desk.new(1, 1)
    yield small
    yield desk.new(1, 1, side=desk.other, instrument=desk.instrument(1))
    yield desk.sweep(desk.account())
    order = desk.new(MOST)
    yield order
    yield desk.replace(order, MOST + 1)
    yield desk.replace(order, MOST, PRICE + 1)
    cheaper = desk.replace(order, MOST, PRICE - 1)
    yield cheaper
    yield desk.new(1, MOST)
    yield desk.replace(cheaper, MOST)
    yield desk.sweep(desk.account())
    yield desk.stop(MOST, PRICE + 1)
    yield desk.stop(MOST, PRICE)
    yield desk.sweep(desk.account())
    yield desk.new(MOST, PRICE + 1)


def _exposure_traded(desk: Desk) -> Iterator[Command]:
    """What traded stays, at the price of the trade, on either side."""
    yield from desk.prints(1, PRICE)
    yield desk.market(MOST + 1)
    yield desk.meets(MOST - 2)
    yield desk.market(MOST - 2)
    yield desk.new(2, PRICE + 1)
    rests = desk.new(2)
    yield rests
    yield desk.new(1, 1)
    yield desk.cancel(rests)
    yield desk.new(1, side=desk.other)
    yield desk.meets(1, side=desk.side)
    yield desk.new(1, PRICE + 1)
    yield desk.new(1)
    yield desk.sweep(desk.account())
    yield desk.new(2)
    yield desk.new(2, PRICE, side=desk.other)
    yield desk.sweep(FREE[0], desk.instrument())


def _firm_exposure_limits(desk: Desk) -> Declared:
    accounts = tuple(AccountControls(account=desk.account(at), firm=desk.first) for at in (0, 1))
    return Declared(accounts=accounts, firm=FirmControls(firm=desk.first, exposure_max=VALUE))


def _firm_exposure(desk: Desk) -> Iterator[Command]:
    """Over two accounts and two instruments."""
    yield desk.new(MOST - 1)
    yield desk.new(1, PRICE + 1, at=1, instrument=desk.instrument(1))
    last = desk.new(1, PRICE, at=1, instrument=desk.instrument(1))
    yield last
    yield desk.new(1, 1)
    yield desk.replace(last, 1, PRICE + 1)
    yield desk.cancel(last)
    yield desk.new(1)
    yield desk.new(1, 1, at=1)
    yield desk.sweep(desk.account())


def _loss_limits(desk: Desk) -> Declared:
    return Declared(accounts=(AccountControls(account=desk.account(), firm=desk.first, loss_max=LOSS),))


def _loss(desk: Desk) -> Iterator[Command]:
    """What is held loses with each print; below the limit, at it, above, and back again."""
    yield desk.meets(MOST)
    yield desk.new(MOST)
    step = LOSS // MOST
    for ticks in (step - 1, step, step + 1, step - 1):
        order = desk.new(1, desk.better(100))
        yield from desk.prints(1, desk.better(ticks))
        yield order
        yield desk.replace(order, 2, desk.better(100))
        yield desk.new(1, desk.better(-100), side=desk.other)
        yield desk.sweep(desk.account())
    # Closed at a loss of the limit less one, then one tick more.
    yield desk.meets(MOST - 1, desk.better(step), side=desk.side, account=FREE[1])
    yield desk.new(MOST - 1, desk.better(step), side=desk.other)
    yield desk.new(1, desk.better(100))
    yield from desk.prints(1, desk.better(step + 1))
    yield desk.new(1, desk.better(100))
    yield desk.sweep(desk.account())


PROBES = (
    Probe("position", _position_limits, _position_open),
    Probe("position", _position_limits, _position_stops),
    Probe("position", _position_limits, _position_traded),
    Probe("position", _position_limits, _position_partial),
    Probe("position", _firm_position_limits, _firm_position),
    Probe("exposure", _exposure_limits, _exposure),
    Probe("exposure", _exposure_limits, _exposure_traded),
    Probe("exposure", _firm_exposure_limits, _firm_exposure),
    Probe("loss", _loss_limits, _loss),
)
