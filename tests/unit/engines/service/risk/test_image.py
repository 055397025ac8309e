"""The state of the stage as words: all that decides anything, nothing that is over, and nothing that is not whole."""

import numpy as np
import pytest

from engines.service.risk.building import build
from engines.service.risk.image import image_of, restore
from engines.service.risk.layout import KILL_READ, PHASE, USED_ORDERS
from engines.service.risk.operators import KILLING
from harness.base.controls import Controls, InstrumentControls, Rate
from tests.fakes.guarded_session import account
from tests.fakes.risk_session import INSTRUMENTS, SMALL, held_to

CONTROLS = (
    account(messages=Rate(most=9, window_ns=50), duplicates=Rate(most=1, window_ns=50), repeats=Rate(most=5, window_ns=50)),
    InstrumentControls(instrument=1, breaker_ticks=9, volume_max=90, breaker_window_ns=50),
)  # fmt: skip
LINES = "B 100x5 #1; S 100x2 #2 a8; S 101x3 #3 a9; B 101x1 #4; B 50x5 #5 i2; B x2 #6 @120"


def used():
    """A stage in which something stands everywhere."""
    stage = held_to(*CONTROLS)
    stage.clock.time_ns = 1_000
    stage.says(LINES)
    stage.asks("halt", instrument=2)
    return stage.engine.guarded.ledger


def like(ledger):
    """An empty one of the same shape."""
    controls = held_to(*CONTROLS).engine.guarded
    assert len(controls.ledger.holders) == len(ledger.holders)
    return controls.ledger


def test_it_comes_back_whole():
    ledger = used()
    other = like(ledger)
    restore(other, image_of(ledger))
    assert (image_of(other) == image_of(ledger)).all()
    for name, one, wanted in zip(ledger._fields, other, ledger, strict=True):
        if name not in {"heads", "recent", "recent_heads", "orders", "order_amounts"}:
            assert (one == wanted).all(), name


def test_what_has_left_its_window_is_left_out():
    stage = held_to(*CONTROLS)
    empty = len(image_of(stage.engine.guarded.ledger))
    for stamp_ns in range(0, 5_000, 10):
        stage.clock.time_ns = stamp_ns
        stage.says(f"B {stamp_ns // 100}x1 #1 ioc")
    assert len(image_of(stage.engine.guarded.ledger)) < empty + 100


def test_an_image_that_is_cut_or_too_long_is_refused():
    ledger = used()
    image = image_of(ledger)
    for length in {*range(0, len(image), 97), *range(len(image) - 40, len(image))}:
        with pytest.raises(ValueError, match="ends early"):
            restore(like(ledger), image[:length])
    with pytest.raises(ValueError, match="1 words of the image are left over"):
        restore(like(ledger), np.append(image, np.uint64(0)))


def test_an_image_of_more_orders_than_there_is_room_for_is_refused():
    ledger = used()
    image = image_of(ledger)
    image[USED_ORDERS] = SMALL.orders + 3
    with pytest.raises(ValueError, match="more orders"):
        restore(like(ledger), image)


def test_it_is_taken_between_two_commands():
    ledger = build(INSTRUMENTS, Controls(), 1)
    ledger.counts[PHASE], ledger.counts[KILL_READ] = KILLING, 1
    with pytest.raises(ValueError, match="in the middle"):
        image_of(ledger)
