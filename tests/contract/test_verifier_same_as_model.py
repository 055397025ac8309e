"""The fast verifier and the plain model hold an engine to the same rules, though they share no code.

Both see right histories of every flow under every convention, and such with one event changed: then both must find the same command
wrong first, or both none.
"""

from __future__ import annotations

import random
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.plain.engine import PlainEngine
from engines.reference.engine import ReferenceEngine
from engines.reference.layout import Capacities
from engines.reference.offered import CAPABILITIES
from harness.base.capabilities import Conventions
from harness.base.discover import load, names
from harness.base.reasons import Reason
from harness.base.records import COMMAND, NONE, Event, EventKind, Side, commands_of, event_rows
from harness.base.seeds import Seed
from harness.checks import legal, model
from harness.evidence.fold import Segment
from harness.flows.cancel_heavy import CancelHeavyFlow
from harness.flows.cases import CasesFlow
from harness.flows.explored import ExploredFlow
from harness.flows.poisson import PoissonFlow
from harness.oracle.verifier.verifier import Verifier
from tests.fakes.every_term import EVERY_CONVENTION, FREE, LIMITED, every_term
from tests.fakes.history import INSTRUMENTS, folded, info, segments
from tests.fakes.mixed_flow import INSTRUMENTS as MIXED
from tests.fakes.mixed_flow import mixed_flow
from tests.fakes.random_flow import random_flow
from tests.fakes.verified import answers, follow

CUTS = [(2**31, 0), (1, 0), (7, 1), (50, 3)]
"""Commands a segment, and by how many segments the answers are late."""
SERVED = {name for name in names("engines.specimens") if load("engines.specimens", name, "SPECIMEN").base == "service"}
"""These are engines in processes of their own: tests/contract/test_specimens.py."""
DYING = ("dies_of_a_stale_cancel",)
"""The specimen that gives no history."""
some_conventions = st.sampled_from(EVERY_CONVENTION)
some_instruments = st.sampled_from([FREE, LIMITED])


@pytest.mark.parametrize("seed", range(0, len(EVERY_CONVENTION), 3))
def test_the_models_own_history_is_legal(seed):
    conventions, instruments = EVERY_CONVENTION[seed], (FREE, LIMITED)[seed % 2]
    asked = every_term(500, seed)
    verifier, codes = follow(asked, answers(asked, conventions, instruments), conventions, instruments)
    assert (verifier.breaches, verifier.unfinished(), set(codes)) == ([], None, {0})


@pytest.mark.parametrize("conventions", EVERY_CONVENTION[::7], ids=str)
@pytest.mark.parametrize(
    ("instruments", "commands"),
    [(MIXED, mixed_flow(seed=2, count=4_000)), (INSTRUMENTS, commands_of(random_flow(4_000, seed=2)))],
    ids=["mixed", "random"],
)
def test_the_plain_engines_history_is_legal(conventions, instruments, commands):
    assert_legal(PlainEngine(instruments, conventions), instruments, conventions, commands)


@pytest.mark.parametrize("seed", range(0, len(EVERY_CONVENTION), 9))
@pytest.mark.parametrize(
    "flow", [PoissonFlow(), CancelHeavyFlow(), ExploredFlow(), CasesFlow()], ids=lambda flow: type(flow).__name__
)
def test_the_history_of_a_flow_is_legal(flow, seed):
    conventions = EVERY_CONVENTION[seed]
    flow = flow.fitted(CAPABILITIES, conventions)
    commands = np.concatenate([batch.copy() for batch in islice(flow.batches(Seed(seed)), 4)], dtype=COMMAND)
    commands["number"] = np.arange(1, len(commands) + 1)
    engine = ReferenceEngine(flow.instruments(), conventions, Capacities(orders=2**15, pages=2**12))
    assert_legal(engine, flow.instruments(), conventions, commands)


def assert_legal(engine, instruments, conventions, commands, batch=1_000):
    verifier = Verifier(instruments, conventions, CAPABILITIES)
    for first in range(0, len(commands), batch):
        part = commands[first : first + batch]
        assert not verifier.follow(Segment(part, engine.submit(part))).any(), verifier.breaches
    assert (verifier.breaches, verifier.unfinished()) == ([], None)


@pytest.mark.parametrize(
    "name", [name for name in names("engines.specimens") if name not in DYING and name not in SERVED]
)
def test_an_engine_broken_on_purpose_is_judged_alike(name):
    conventions = Conventions(self_trade="cancel_newest")
    asked = every_term(3_000, 20)
    events = load("engines.specimens", name, "SPECIMEN").build(LIMITED, conventions).submit(commands_of(asked))
    assert_judged_alike(asked, event_rows(events), conventions, LIMITED, (500, 1))


CHANGES = (
    "kind", "order", "maker", "new_order", "price", "qty", "remaining", "reason", "account", "side", "role", "instrument",
    "command", "drop", "swap", "double",
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(
    st.integers(0, 10**6),
    some_conventions,
    some_instruments,
    st.sampled_from(CHANGES),
    st.sampled_from(CUTS),
    st.randoms(),
)
def test_one_changed_event_is_judged_alike(seed, conventions, instruments, how, cut, chance):
    asked = every_term(120, seed)
    events = broken(answers(asked, conventions, instruments), how, chance)
    assert_judged_alike(asked, events, conventions, instruments, cut)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 10**6), some_conventions, some_instruments, st.sampled_from(CUTS), st.randoms())
def test_many_changed_events_are_judged_alike_up_to_the_first(seed, conventions, instruments, cut, chance):
    asked = every_term(120, seed)
    events = answers(asked, conventions, instruments)
    for _ in range(6):
        events = broken(events, chance.choice(CHANGES), chance)
    assert_judged_alike(asked, events, conventions, instruments, cut)


def assert_judged_alike(asked, events, conventions, instruments, cut):
    """The two checks name the same command first, and stop judging the same instruments there."""
    run = info(instruments=instruments, conventions=conventions)
    by_model, by_verifier = (folded(check.CHECK.start(run), segments(asked, events, *cut)) for check in (model, legal))
    assert (by_model.unknown, by_verifier.unknown) == ("", "")
    first = [min((finding.first_command for finding in facts.findings), default=0) for facts in (by_model, by_verifier)]
    if first[0] != first[1]:
        # The model judges an answer once it is whole, so a stray event in the middle of a wrong answer is what it tells first.
        assert by_model.findings[0].kind == "out_of_place", (by_model.findings, by_verifier.findings)
        assert 0 < first[0] < first[1], (by_model.findings, by_verifier.findings)


def broken(events: list[Event], how: str, chance: random.Random) -> list[Event]:
    """The events with one of them changed."""
    place = chance.randrange(len(events))
    event, before, behind = events[place], events[:place], events[place + 1 :]
    if how == "drop":
        return [*before, *behind]
    if how == "double":
        return [*before, event, event, *behind]
    if how == "swap":
        return [*before, *behind[:1], event, *behind[1:]]
    value = getattr(event, how)
    others = {
        "kind": [int(kind) for kind in EventKind],
        "reason": [int(reason) for reason in Reason],
        "account": range(5),
        "side": [int(side) for side in Side],
        "role": range(4),
        "instrument": range(4),
        "command": [max(value + by, 1) for by in (-3, -1, 1, 2, 7, 1_000)],
        **dict.fromkeys(("order", "maker", "new_order"), (*range(1, 61), 999)),
    }
    amounts = [value + by for by in (-1, 1, 5)] if value != NONE else [0, 1, 100]
    return [*before, event._replace(**{how: chance.choice(list(others.get(how, amounts)))}), *behind]
