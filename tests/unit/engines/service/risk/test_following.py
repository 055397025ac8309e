"""After any commands the ledger's sums are those that the events and the book give, worked out anew in Python's integers."""

from collections import Counter, defaultdict

import pytest

from engines.reference.machine import U
from engines.service.risk.engine import GuardedReference
from engines.service.risk.holders import holder_of
from engines.service.risk.layout import EXPOSURE, FIRM, HOLDER, OPEN_LOTS, PAID, POSITION
from harness.base.bits import WAITING
from harness.base.controls import AccountControls, Controls
from harness.base.records import NONE, EventKind, OrderType, commands_of, event_rows
from tests.fakes.every_term import EVERY_CONVENTION
from tests.fakes.risk_session import SMALL
from tests.fakes.risky import INSTRUMENTS, drawn_controls, risky

FREE = Controls(
    accounts=tuple(AccountControls(account=number, firm=1 + number % 2) for number in (0, 1, 2, 3, 4_000_000_000))
)


def valued_in(rows, events):
    """The price by which each order is valued that an event accepted or replaced, by the event's number."""
    sent, last, valued = {row.number: row for row in rows}, {1: 100}, {}
    for event in events:
        match event.kind:
            case EventKind.ACCEPTED:
                new = sent[event.command]
                market = last.get(event.instrument, 0)
                valued[event.engine_seq] = {OrderType.MARKET: market, OrderType.STOP: new.stop}.get(new.type, new.price)
            case EventKind.REPLACED:
                valued[event.engine_seq] = event.price
            case EventKind.TRADE:
                last[event.instrument] = event.price
    return valued


def sums_of(rows, events):
    """Position by account and instrument; open lots by account, instrument and side; exposure and cash by account."""
    valued, open_orders = valued_in(rows, events), {}
    position, exposure, paid = Counter(), Counter(), Counter()
    for event in events:
        match event.kind:
            case EventKind.ACCEPTED:
                open_orders[event.order] = [
                    event.account,
                    event.instrument,
                    event.side,
                    event.qty,
                    valued[event.engine_seq],
                ]
            case EventKind.REPLACED:
                order = open_orders.pop(event.order)
                open_orders[event.new_order] = [*order[:3], event.qty, valued[event.engine_seq]]
            case EventKind.CANCELED:
                open_orders[event.order][3] -= event.qty
            case EventKind.TRADE:
                for order in (open_orders[event.order], open_orders[event.maker]):
                    bought = event.qty if order[2] == 0 else -event.qty
                    order[3] -= event.qty
                    position[order[0], order[1]] += bought
                    exposure[order[0]] += abs(event.price) * event.qty
                    paid[order[0]] += event.price * bought
    lots = Counter()
    for account, instrument, side, qty, price in open_orders.values():
        lots[account, instrument, side] += qty
        exposure[account] += abs(price) * qty
    return position, lots, exposure, paid


def two_words(ledger, holder, column):
    total = int(ledger.holders[holder, column]) << 64 | int(ledger.holders[holder, column + 1])
    return total - (total >> 127 << 128)


@pytest.mark.parametrize("seed", range(1, 8))
def test_the_sums_of_accounts_and_firms(seed):
    rows, conventions = risky(700, seed), EVERY_CONVENTION[13 * seed]
    controls = FREE if seed % 2 else drawn_controls(seed)
    guarded = GuardedReference(INSTRUMENTS, conventions, controls, SMALL)
    position, lots, exposure, paid = sums_of(rows, event_rows(guarded.submit(commands_of(rows))))
    ledger, of_firms = guarded.ledger, defaultdict(Counter)
    assert position
    for number in (one.account for one in controls.accounts):
        holder = int(holder_of(ledger, U(number)))
        firm = int(ledger.holders[holder, FIRM])
        assert two_words(ledger, holder, EXPOSURE) == exposure[number]
        assert two_words(ledger, holder, PAID) == paid[number]
        of_firms[firm][EXPOSURE] += exposure[number]
        for index, instrument in enumerate(INSTRUMENTS):
            wanted = [position[number, instrument.id], *(lots[number, instrument.id, side] for side in (0, 1))]
            held = ledger.holdings[holder * len(INSTRUMENTS) + index]
            assert [held[HOLDER], held[POSITION], *held[OPEN_LOTS : OPEN_LOTS + 2]] == [holder, *wanted]
            of_firms[firm][index] += wanted[0]
    for firm, wanted in of_firms.items():
        assert two_words(ledger, firm, EXPOSURE) == wanted[EXPOSURE]
        for index in range(len(INSTRUMENTS)):
            assert ledger.holdings[firm * len(INSTRUMENTS) + index, POSITION] == wanted[index]


def test_what_is_open_is_what_the_book_holds():
    rows = risky(700, 3)
    guarded = GuardedReference(INSTRUMENTS, EVERY_CONVENTION[5], FREE, SMALL)
    _, lots, _, _ = sums_of(rows, event_rows(guarded.submit(commands_of(rows))))
    book = Counter()
    for instrument, side, _, _, _, remaining in guarded.snapshot().tolist():
        book[instrument, side % WAITING] += remaining
    open_lots = Counter()
    for (_, instrument, side), qty in lots.items():
        open_lots[instrument, side] += qty
    assert +open_lots == book
    assert guarded.counters()["open_orders_of_accounts"] == len(guarded.snapshot())
    assert NONE not in book
