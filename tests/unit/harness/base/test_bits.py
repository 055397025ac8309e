"""Digests: the same book and the same events give the same hex, however they were made."""

import numpy as np

from harness.base.bits import BOOK_ROW, book_rows, digest, joined, packed, picked, timeless
from harness.base.records import EVENT, Event, empty_commands, events_of


def test_a_book_row_is_33_packed_bytes():
    assert BOOK_ROW.itemsize == 33


def test_rows_are_sorted_so_that_the_order_of_asking_does_not_matter():
    rows = [(1, 0, 100, 1, 7, 5), (1, 0, 100, 0, 9, 5), (1, 1, 101, 0, 3, 2), (1, 0, 99, 0, 4, 1)]
    assert digest(book_rows(rows)) == digest(book_rows(rows[::-1]))
    assert [int(row["order"]) for row in book_rows(rows)] == [4, 9, 7, 3]


def test_any_changed_field_changes_the_digest():
    row = (1, 0, 100, 0, 7, 5)
    seen = {digest(book_rows([row]))}
    for place in range(6):
        seen.add(digest(book_rows([tuple(value + (index == place) for index, value in enumerate(row))])))
    assert len(seen) == 7


def test_only_the_two_times_are_left_out():
    events = events_of([Event(command=1, price=5)])
    later = events.copy()
    later["engine_ns"], later["received_ns"] = 77, 88
    assert digest(timeless(events)) == digest(timeless(later))
    for name in set(events.dtype.names) - {"engine_ns", "received_ns"}:
        other = events.copy()
        other[name] = np.array(9).astype(other[name].dtype)
        assert digest(timeless(other)) != digest(timeless(events)), name
    assert int(later["engine_ns"][0]) == 77, "the input stays as it was"


def test_commands_that_differ_in_due_and_sent_times_only_have_one_digest():
    earlier, later = empty_commands(2), empty_commands(2)
    later["due_ns"], later["sent_ns"] = 7, 8
    assert digest(earlier) != digest(later)
    assert digest(timeless(earlier)) == digest(timeless(later))
    later["number"][1] = 1
    assert digest(timeless(earlier)) != digest(timeless(later))


def test_an_empty_book_has_a_digest():
    assert digest(book_rows([])) == digest(book_rows([]))


def test_the_padding_of_a_record_does_not_count():
    raw = np.full(2 * EVENT.itemsize, 255, np.uint8)
    dirty = raw.view(EVENT)
    clean = np.zeros(2, EVENT)
    for name in EVENT.names or ():
        clean[name] = dirty[name]
    assert dirty.tobytes() != clean.tobytes()
    assert digest(dirty) == digest(clean)


def test_chance_bytes_in_the_padding_change_no_digest():
    events = events_of([Event(command=1, price=5), Event(command=2)])
    soiled = events.copy()
    soiled.view(np.uint8).reshape(2, -1)[:, -3:] = 7
    assert digest(soiled) == digest(events)
    assert digest(soiled[::-1]) == digest(events[::-1]) != digest(events)


def test_records_with_padding_between_their_fields_are_packed_too():
    dtype = np.dtype({"names": ["a", "b"], "formats": ["u1", "<u4"], "offsets": [0, 4], "itemsize": 8})
    records = np.frombuffer(bytes(range(16)), dtype)
    assert packed(records).tobytes() == bytes([0, 4, 5, 6, 7, 8, 12, 13, 14, 15])


def test_records_are_joined_with_their_padding_whatever_padding_they_came_with():
    one, two = events_of([Event(command=1, price=5)]), events_of([Event(command=2), Event(command=3)])
    whole = joined((one, packed(two), one[:0]), EVENT)
    assert (whole.dtype, whole["command"].tolist(), whole["price"][0]) == (EVENT, [1, 2, 3], 5)
    assert (joined((), EVENT).dtype, len(joined([], EVENT))) == (EVENT, 0)


def test_records_are_picked_whole_and_in_the_order_that_was_asked_for():
    records = np.frombuffer(np.arange(3 * EVENT.itemsize, dtype=np.uint8).tobytes(), EVENT)
    assert picked(records, np.array([2, 0, 2])).tobytes() == b"".join(records[row].tobytes() for row in (2, 0, 2))
    assert picked(records, np.array([False, True, False])).tobytes() == records[1].tobytes()
    assert picked(records[:0], np.zeros(0, np.int64)).dtype == EVENT
