"""The scribe: a page copies what it is given, and the pile of stretches is what bounds memory."""

import threading

import numpy as np
import pytest

from harness.base.records import EVENT
from harness.evidence.scribe import ROOM, STRETCHES, Page, Scribe
from tests.fakes.journaled import answers, commands


def test_a_page_takes_what_there_is_room_for():
    page = Page(EVENT)
    assert page.take(answers(1, ROOM - 1)) == ROOM - 1
    assert page.take(answers(ROOM, 5)) == 1
    assert page.take(answers(1, 5)) == 0
    assert (page.records == answers(1, ROOM)).all()


@pytest.mark.parametrize(
    "part",
    [lambda rows: rows, lambda rows: rows[::2], lambda rows: np.concatenate([rows, rows])],
    ids=["whole", "every other", "joined"],
)
def test_a_page_copies_every_field_whatever_lies_between_the_records(part):
    rows = part(answers(1, 6))
    wanted = rows.tolist()
    page = Page(EVENT)
    page.take(rows)
    rows["order"] = 0
    assert page.records.tolist() == wanted


def test_the_pile_runs_empty_and_is_filled_again_by_what_was_written(tmp_path):
    """The wait at the bound holds the thread up, so that the pile can be seen to run empty."""
    go_on = threading.Event()
    scribe = Scribe(tmp_path, 1, lambda: not go_on.is_set())
    for number in range(STRETCHES):
        stretch = scribe.blank()
        stretch.commands.take(commands(number + 1, 1))
        stretch.ends = True
        scribe.write(stretch)
    assert scribe._blank.empty()
    go_on.set()
    assert scribe.blank().commands.count == 0
    scribe.close()
    assert len(list(tmp_path.glob("*.commands"))) == STRETCHES
