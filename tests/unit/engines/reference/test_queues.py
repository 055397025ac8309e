"""Orders come and go: slots are used again, and the log of what became live stays short and in order."""

import numpy as np
import pytest

from engines.reference.layout import FIRST_IDS, FIRST_LOG, LIVE, LOGGED, USED_SLOTS
from harness.base.records import EventKind, commands_of
from tests.fakes.lines import command, commands
from tests.fakes.reference_session import book, engine, rows, says


def test_the_slot_that_came_free_last_is_used_first():
    reference = engine()
    says(reference, "B 1x1 #1; B 2x1 #2; B 3x1 #3; cancel #1; cancel #3; B 4x1 #4; B 5x1 #5; B 6x1 #6")
    assert reference.state.words[1:5, 0].tolist() == [5, 2, 4, 6]
    assert reference.state.counts[USED_SLOTS] == 4


@pytest.mark.parametrize(
    ("gone", "left"), [(1, "#2x1; B5 #3x1"), (2, "#1x1; B5 #3x1"), (3, "#1x1; B5 #2x1")]
)  # fmt: skip
def test_an_order_leaves_its_queue_from_any_place(gone, left):
    reference = engine()
    says(reference, f"B 5x1 #1; B 5x1 #2; B 5x1 #3; cancel #{gone}")
    assert book(reference) == f"B5 {left}"
    assert says(reference, "S 5x2 #9").count("trade") == 2


def test_the_table_of_ids_grows_with_the_orders():
    reference = engine(orders=3 * FIRST_IDS)
    lines = [command(f"B 5x1 #{number}")._replace(number=number) for number in range(1, 3 * FIRST_IDS + 1)]
    reference.submit(commands_of(lines))
    assert reference.counters()["live_orders"] == reference.counters()["live_orders_high"] == 3 * FIRST_IDS
    cancels = [command(f"cancel #{number}")._replace(number=number) for number in range(1, 3 * FIRST_IDS + 1)]
    assert set(reference.submit(commands_of(cancels))["kind"].tolist()) == {EventKind.CANCELED}
    assert not reference.state.ids.any()
    assert not reference.state.levels.any()
    assert not reference.state.ticks.any()


def test_a_mass_cancel_follows_the_order_of_entry_however_often_the_log_was_shortened():
    """Slots and log entries are used again many times over by then, and a replace enters anew."""
    reference = engine()
    says(reference, "B 5x9 #1; B 5x9 #2; B 5x9 #3; S 8x9 #4; S 8x9 #5")
    churn = [command(line) for line in ("B 6x1 #7", "cancel #7")] * FIRST_LOG
    reference.submit(commands_of(churn))
    says(reference, "replace #2 #2 5x8; replace #4 #6 9x9")
    assert reference.state.counts[LOGGED] < FIRST_LOG
    canceled = [event.order for event in rows(reference, "mass_cancel") if event.kind == EventKind.CANCELED]
    assert canceled == [1, 3, 5, 2, 6]
    assert reference.state.counts[LIVE] == 0


def test_a_full_engine_shortens_its_log_too():
    reference = engine(orders=2)
    says(reference, "B 5x1 #1")
    for _ in range(3):
        reference.submit(commands_of(commands("; ".join(["B 6x1 #2; cancel #2"] * 2_000))))
    assert [event.order for event in rows(reference, "B 7x1 #3; mass_cancel")] == [3, 3, 1, 3, 0]


def test_the_log_is_walked_but_once():
    """A mass cancel leaves a log of what is live only."""
    reference = engine()
    says(reference, "B 5x1 #1 a1; B 5x1 #2 a2; cancel #1; B 5x1 #3 a3; mass_cancel a9")
    assert reference.state.counts[LOGGED] == 2
    assert np.array_equal(reference.state.log[:2], [2, 1])
