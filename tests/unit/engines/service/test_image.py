"""An image holds all that an engine's next answers hang on, bit for bit, and nothing else goes in."""

import numpy as np
import pytest

from engines.reference.layout import ID_SHIFT, LOGGED, STAGE, USED_SLOTS, Capacities, State
from engines.service.configuration import Configuration
from engines.service.image import copy_of, image_of, parts_of, restore
from harness.base.capabilities import Conventions
from harness.base.records import commands_of
from tests.fakes.durable_service import SMALL, flow
from tests.fakes.every_term import LIMITED, every_term
from tests.fakes.lines import command

STATIC = {"limits", "accounts", "instrument_ids", "instruments"}
"""What follows from the configuration alone."""
DYNAMIC = {
    "words", "amounts", "parts", "ids", "log", "levels", "ticks", "page_numbers", "page_links", "page_table",
    "best_price", "best_level", "hot_number", "hot_page", "bounds", "counts",
}  # fmt: skip
"""What an image must hold; `amounts` and `parts` are other views of `words`."""
STOPS = Configuration(
    instruments=LIMITED,
    conventions=Conventions(self_trade="decrement", stop_order="time", stop_evaluation="fill"),
    capacities=Capacities(500, 50),
)


def differing(one, other):
    """The arrays of two engines that are not the same; of the log only what may be read again counts."""
    logged = one.state.counts[LOGGED]
    unlike = {
        name for name in State._fields if not np.array_equal(getattr(one.state, name), getattr(other.state, name))
    }
    if np.array_equal(one.state.log[:logged], other.state.log[:logged]):
        unlike.discard("log")
    return unlike


def restored(engine, configuration):
    again = configuration.build().engine
    restore(again, image_of(parts_of(engine)))
    return again


@pytest.mark.parametrize(
    ("configuration", "commands"),
    [(SMALL, flow(600)), (STOPS, commands_of(every_term(600, 1))), (STOPS, commands_of(every_term(600, 2)))],
    ids=["orders", "every term", "every term again"],
)
def test_a_restored_engine_is_the_same_and_goes_on_the_same(configuration, commands):
    engine, again = configuration.build().engine, configuration.build().engine
    for at in range(0, 600, 60):
        events = engine.submit(commands[at : at + 60])
        assert np.array_equal(events.view(np.uint64), again.submit(commands[at : at + 60]).view(np.uint64))
        again = restored(engine, configuration)
        assert not differing(engine, again)
    assert engine.counters() == again.counters()


def test_an_empty_engine_has_an_image_too():
    assert not differing(SMALL.build().engine, restored(SMALL.build().engine, SMALL))


def test_a_table_of_ids_that_grew():
    roomy = Configuration(instruments=SMALL.instruments, capacities=Capacities(2_000, 50))
    engine = roomy.build().engine
    engine.submit(commands_of([command(f"S 5x1 #{number}") for number in range(1, 1_500)]))
    engine.submit(commands_of([command(f"cancel #{number}") for number in range(1, 1_500, 2)]))
    assert engine.state.counts[ID_SHIFT] < 22
    assert not differing(engine, restored(engine, roomy))


def test_every_array_of_the_engine_is_known_here():
    """Who adds one says whether it follows from the configuration; else an engine would come back without it."""
    assert set(State._fields) == STATIC | DYNAMIC


def test_the_empty_parts_take_no_room():
    engine = Configuration(instruments=SMALL.instruments).build().engine
    engine.submit(flow(2_000))
    assert image_of(parts_of(engine)).nbytes < 64 * 1024


def test_no_image_in_the_middle_of_a_command():
    engine = SMALL.build().engine
    engine.state.counts[STAGE] = 1
    with pytest.raises(ValueError, match="in the middle of a command"):
        image_of(parts_of(engine))


def test_what_is_no_image_of_this_engine_is_refused():
    engine = SMALL.build().engine
    engine.submit(flow(100))
    image = image_of(parts_of(engine))
    with pytest.raises(ValueError, match="ends early"):
        restore(SMALL.build().engine, image[:-1])
    with pytest.raises(ValueError, match="1 words of the image are left over"):
        restore(SMALL.build().engine, np.append(image, np.uint64(0)))
    for count, value in ((USED_SLOTS, 10_000), (ID_SHIFT, 3)):
        wrong = image.copy()
        wrong[count] = value
        with pytest.raises(ValueError, match=r"more orders|larger table"):
            restore(SMALL.build().engine, wrong)


def test_a_copy_is_of_what_was_then():
    engine = SMALL.build().engine
    engine.submit(flow(40))
    then, parts = image_of(parts_of(engine)), copy_of(parts_of(engine))
    engine.submit(flow(40, seed=2))
    assert np.array_equal(image_of(parts), then)
    assert not np.array_equal(image_of(parts_of(engine)), then)
