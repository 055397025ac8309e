"""The engine hands arrays around: batches of any size, events of the full width, counters by name."""

import numpy as np
import pytest

from engines.reference.asked import asked_of
from engines.reference.engine import ReferenceEngine
from engines.reference.offered import CONVENTIONS
from harness.base.records import EVENT, EventKind, commands_of, empty_commands
from tests.fakes.lines import command, commands
from tests.fakes.plain_session import INSTRUMENTS
from tests.fakes.reference_session import engine, rows, says


def test_no_commands_no_events():
    events = engine().submit(empty_commands(0))
    assert events.dtype == EVENT
    assert len(events) == 0


def test_its_own_conventions():
    reference = ReferenceEngine(INSTRUMENTS)
    assert CONVENTIONS.self_trade == "cancel_newest"
    assert says(reference, "S 100x5 #1; B 100x5 #2").endswith("canceled 5 of #2 (self trade), 0 left")


def test_a_sweep_of_more_orders_than_a_buffer_holds():
    reference = engine(orders=5_000)
    reference.submit(commands_of([command(f"S 5x1 #{number}") for number in range(1, 3_001)]))
    for sold in range(30):
        events = rows(reference, f"B 5x100 #{9_000 + sold}")
        assert [event.maker for event in events[1:]] == list(range(100 * sold + 1, 100 * sold + 101))
    assert reference.counters()["trades"] == 3_000


def test_a_mass_cancel_of_more_orders_than_a_buffer_holds():
    reference = engine(orders=5_000)
    reference.submit(commands_of([command(f"S 5x1 #{number}") for number in range(1, 3_001)]))
    events = reference.submit(commands_of(commands("mass_cancel; B 5x1 #9000")))
    assert events["order"][:3_000].tolist() == list(range(1, 3_001))
    assert [EventKind(kind).name for kind in events["kind"][3_000:]] == ["DONE", "ACCEPTED", "RESTED"]
    assert events["qty"][3_000] == 3_000


def test_events_of_one_batch_are_not_touched_by_the_next():
    reference = engine()
    first = reference.submit(commands_of(commands("S 5x1 #1")))
    copy = first.copy()
    rows(reference, "S 5x1 #2; B 5x2 #3")
    assert np.array_equal(first, copy)


def test_a_buffer_that_is_too_small_is_refused():
    with pytest.raises(ValueError, match="wanted 4 at least"):
        engine().step(asked_of(empty_commands(1)), 0, np.zeros((3, 14), np.uint64))


def test_counters():
    reference = engine()
    says(reference, "S 5x1 #1; S 6x1 #2; B 5x1 #3")
    counted = reference.counters()
    assert counted["events"] == reference.engine_seq == 6
    assert (counted["trades"], counted["live_orders"], counted["live_orders_high"]) == (1, 1, 2)
    assert (counted["price_pages"], counted["price_pages_high"]) == (1, 1)
    assert counted["id_lookups"] >= 4
