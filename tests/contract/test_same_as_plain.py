"""The reference engine says what the plain engine says, byte for byte, and holds the same book.

The two share no code, so a fault of either shows here, unless both misread the rules alike: for that there is the oracle.
"""

from __future__ import annotations

from itertools import islice
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.plain import offered as by_plain
from engines.plain.engine import PlainEngine
from engines.reference import offered as by_reference
from engines.reference.asked import asked_of
from engines.reference.engine import ReferenceEngine
from engines.reference.kernel import SPARE
from engines.reference.layout import Capacities
from harness.base.bits import digest, timeless
from harness.base.capabilities import Conventions, Instrument, RiskLimits, StopTrigger
from harness.base.discover import load
from harness.base.records import COMMAND, EVENT, NONE, Command, commands_of, event_rows
from harness.base.seeds import Seed
from harness.base.words import say_event
from harness.flows import first_commands
from harness.flows.cancel_heavy import CancelHeavyFlow
from harness.flows.cases import CasesFlow
from harness.flows.explored import ExploredFlow
from harness.flows.poisson import PoissonFlow
from harness.flows.replay import ReplayFlow
from tests.fakes.every_term import EVERY_CONVENTION, FREE, LIMITED, every_term
from tests.fakes.mixed_flow import INSTRUMENTS, mixed_flow
from tests.fakes.random_flow import random_flow

BATCHES = {PoissonFlow: 1, CancelHeavyFlow: 1, ExploredFlow: 18}
"""Some 4,000 commands of the flows that never end; the others are driven whole."""
EVENTS = (
    "cancel_storm", "duplicate_storm", "flash_crash", "halt_and_reopening", "price_limit_move", "quote_stuffing", "volume_spike",
)  # fmt: skip
SMALL = Capacities(orders=2**14, pages=2**11)
CONVENTIONS = EVERY_CONVENTION[::7]
"""Each value of each convention several times, and no two of them always together."""


def assert_same(instruments, conventions, commands, batch=1_000):
    """Both engines are given the commands, and their answers and books are compared."""
    plain, reference = PlainEngine(instruments, conventions), ReferenceEngine(instruments, conventions, SMALL)
    for first in range(0, len(commands), batch):
        part = commands[first : first + batch]
        wanted, told = plain.submit(part), reference.submit(part)
        assert told.dtype == EVENT
        if digest(timeless(told)) != digest(timeless(wanted)):
            both = zip(event_rows(wanted), event_rows(told), strict=False)
            at = next((at for at, (one, two) in enumerate(both) if one != two), min(len(wanted), len(told)))
            pytest.fail(f"event {at}: wanted {told_at(wanted, at)}, came {told_at(told, at)}")
    assert digest(reference.snapshot()) == digest(plain.snapshot())


def told_at(events, at):
    return [(say_event(event), event) for event in event_rows(events[at : at + 1])]


def test_both_offer_the_same():
    assert by_plain.CAPABILITIES == by_reference.CAPABILITIES
    assert by_plain.CONVENTIONS == by_reference.CONVENTIONS


@pytest.mark.parametrize(
    ("flow", "conventions", "seed"),
    [
        *((flow, conventions, seed) for flow in (PoissonFlow(), CancelHeavyFlow(), ExploredFlow()) for seed, conventions in enumerate(CONVENTIONS)),
        *((CasesFlow(), conventions, 0) for conventions in CONVENTIONS),
        *((ReplayFlow(), conventions, 0) for conventions in CONVENTIONS[::7]),
    ],
    ids=str,
)  # fmt: skip
def test_every_flow_under_every_convention(flow, conventions, seed):
    flow = flow.fitted(by_reference.CAPABILITIES, conventions)
    commands = np.concatenate(list(islice(flow.batches(Seed(seed)), BATCHES.get(type(flow)))))
    commands["number"] = np.arange(1, len(commands) + 1)
    assert_same(flow.instruments(), conventions, commands)


@pytest.mark.parametrize(("name", "conventions"), [*zip(EVENTS, CONVENTIONS, strict=False)], ids=str)
def test_every_market_event(name, conventions):
    flow = load("harness.flows", name, "FLOW")().fitted(by_reference.CAPABILITIES, conventions)
    assert_same(flow.instruments(), conventions, first_commands(flow.batches(Seed(1)), 12_000))


@pytest.mark.parametrize("instruments", [FREE, LIMITED], ids=["free", "limited"])
@pytest.mark.parametrize("seed", range(len(EVERY_CONVENTION)))
def test_every_term_and_limit_under_every_convention(seed, instruments):
    assert_same(instruments, EVERY_CONVENTION[seed], commands_of(every_term(1_000, seed)), batch=97)


@pytest.mark.parametrize("seed", range(len(CONVENTIONS)))
def test_few_prices_and_ids_with_invalid_commands_mixed_in(seed):
    instruments = tuple(Instrument(id=number, symbol=f"I{number}", price_max=2_000, qty_max=1_000) for number in (1, 2))
    assert_same(instruments, CONVENTIONS[seed], commands_of(random_flow(2_000, seed)), batch=97)


@pytest.mark.parametrize("rows", [SPARE, SPARE + 1, 7, 64])
@pytest.mark.parametrize("conventions", CONVENTIONS[::3], ids=str)
def test_events_that_fill_their_buffer_go_on_in_the_next(rows, conventions):
    """A sweep, a cascade of stops or a mass cancel is handed over in pieces, and nothing of it is lost or told twice."""
    commands = np.concatenate([mixed_flow(seed=3, count=1_500), commands_of(every_term(1_500, seed=3))], dtype=COMMAND)
    engine, asked, told, row = ReferenceEngine(INSTRUMENTS, conventions, SMALL), asked_of(commands), [], 0
    while row < len(commands):
        buffer = np.zeros((rows, 14), np.uint64)
        before, (row, count) = row, engine.step(asked, row, buffer)
        # A command that told all it had to, but not yet that no stop triggers, ends in a buffer of its own.
        assert 0 < count <= rows or (count == 0 and row > before)
        assert not buffer[count:].any()
        told.append(buffer[:count])
    plain = PlainEngine(INSTRUMENTS, conventions)
    assert digest(np.concatenate(told).reshape(-1).view(EVENT)) == digest(plain.submit(commands))
    assert digest(engine.snapshot()) == digest(plain.snapshot())


@pytest.mark.parametrize("reach", [2**20, 2**40])
def test_prices_strewn_over_the_whole_range(reach):
    """Hardly two orders share a page, and those that come in between must find their place."""
    random = np.random.default_rng(reach)
    commands = mixed_flow(seed=5, count=3_000)
    priced = commands["price"] != NONE
    commands["price"][priced] = random.integers(1, reach, priced.sum(), endpoint=True)
    instruments = tuple(Instrument(id=number, symbol=f"I{number}", price_max=reach, qty_max=50) for number in (1, 2))
    assert_same(instruments, Conventions(self_trade="cancel_oldest"), commands)


def test_prices_on_both_sides_of_zero_and_at_the_ends_of_their_type():
    random = np.random.default_rng(8)
    commands = mixed_flow(seed=8, count=3_000)
    ends = np.array([-(2**63) + 1, -(2**40), -65, -64, -63, -1, 0, 1, 63, 64, 65, 2**40, 2**63 - 1])
    commands["price"] = random.choice(ends, len(commands))
    instruments = tuple(
        Instrument(id=number, symbol=f"I{number}", price_min=-(2**63) + 1, price_max=2**63 - 1) for number in (1, 2)
    )
    assert_same(instruments, Conventions(self_trade="decrement"), commands)


@pytest.mark.parametrize("trigger", get_args(StopTrigger))
@pytest.mark.parametrize("bits", [40, 62, 63, 64, 100, 125])
def test_limits_of_any_width_over_prices_and_quantities_of_any_width(bits, trigger):
    """Values of orders go up to 126 bits, and distances between prices up to 64."""
    random = np.random.default_rng(bits)
    commands = commands_of(every_term(2_000, bits))
    for field in ("price", "stop"):
        wide = (
            random.integers(0, 2**63, len(commands), np.uint64) >> random.integers(0, 63, len(commands), np.uint64)
        ).astype(np.int64)
        commands[field] = np.where(commands[field] == NONE, NONE, wide * random.choice([-1, 1], len(commands)))
    commands["qty"] = 1 + (random.integers(0, 2**62, len(commands)) >> random.integers(0, 62, len(commands)))
    risk = RiskLimits(order_value_max=2**bits, collar_ticks=2 ** (bits // 2), reference_price=0)
    instruments = tuple(
        Instrument(
            id=number, symbol=f"I{number}", price_min=-(2**63) + 1, price_max=2**63 - 1, qty_max=2**62, risk=risk
        )
        for number in (1, 2)
    )
    assert_same(instruments, Conventions(self_trade="cancel_oldest", stop_trigger=trigger), commands)


def test_thousands_of_accounts_of_which_some_may_trade():
    random = np.random.default_rng(9)
    commands = commands_of(every_term(3_000, 9))
    commands["account"] = random.integers(0, 4_000, len(commands))
    named = [tuple(random.integers(0, 4_000, 2_000).tolist()) for _ in range(2)]
    instruments = tuple(
        Instrument(id=at, symbol=f"I{at}", price_max=200, qty_max=30, risk=RiskLimits(accounts=accounts))
        for at, accounts in enumerate(named, 1)
    )
    assert_same(instruments, Conventions(), commands)


def test_a_day_that_falls_by_three_fifths():
    commands = mixed_flow(seed=6, count=6_000)
    priced = commands["price"] != NONE
    drift = 33_504 - np.linspace(0, 0.6 * 33_504, len(commands)).astype(np.int64)
    commands["price"][priced] += drift[priced]
    instruments = tuple(Instrument(id=number, symbol=f"I{number}", qty_max=50) for number in (1, 2))
    assert_same(instruments, Conventions(self_trade="none"), commands)


tiny = st.builds(
    Command,
    number=st.just(1), order=st.integers(0, 9), target=st.integers(0, 9), price=st.integers(61, 67),
    stop=st.sampled_from([NONE] * 5 + [*range(61, 68)]), qty=st.sampled_from([NONE, 0, 1, 1, 2, 3, 5, 9]),
    min_qty=st.sampled_from([NONE] * 9 + [0, 1, 2]), display=st.sampled_from([NONE] * 29 + [1]), expiry_ns=st.just(NONE), due_ns=st.just(NONE), sent_ns=st.just(NONE),
    instrument=st.sampled_from([1, 1, 1, 2, 3]), account=st.integers(0, 2), session=st.integers(0, 1),
    kind=st.sampled_from([1] * 12 + [2] * 5 + [3] * 6 + [4, 5]), type=st.sampled_from([1] * 6 + [2, 3, 3, 4, 4, 5]),
    tif=st.sampled_from([1] * 6 + [2, 3, 4, 5]), side=st.sampled_from([0, 1] * 5 + [255, 2]), flags=st.sampled_from([0] * 8 + [1, 2]),
)  # fmt: skip


limits = st.builds(
    RiskLimits,
    order_qty_max=st.sampled_from([0, 0, 4]), order_value_max=st.sampled_from([0, 0, 190, 260]),
    collar_ticks=st.sampled_from([0, 0, 1, 2]), reference_price=st.sampled_from([NONE, 0, 64]),
    accounts=st.sampled_from([(), (), (1,), (0, 2)]),
)  # fmt: skip


def stray_stops_dropped(row):
    """A limit or market order with a stop price is refused whatever else it says, so few of them are sent."""
    return row if row.type in (3, 4) or row.order == 9 else row._replace(stop=NONE)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(tiny.map(stray_stops_dropped), min_size=10, max_size=80),
    st.sampled_from(EVERY_CONVENTION),
    st.tuples(limits, limits),
    st.sampled_from([1, 1, 1, 2]),
)
def test_whatever_is_sent(rows, conventions, risks, step):
    """A page's border runs through the middle of the prices."""
    commands = commands_of([row._replace(number=number) for number, row in enumerate(rows, 1)])
    instruments = tuple(
        Instrument(id=number, symbol=f"I{number}", price_min=62, price_max=66, qty_max=5, price_step=step, risk=risk)
        for number, risk in enumerate(risks, 1)
    )
    assert_same(instruments, conventions, commands, batch=17)
