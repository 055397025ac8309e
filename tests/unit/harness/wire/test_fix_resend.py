"""What is sent again: kept messages as they were, the rest filled over."""

from harness.wire.fix_resend import AT_ONCE, again
from harness.wire.fix_store import MemoryStore


def store_of(*numbers):
    store = MemoryStore()
    for number in numbers:
        store.next_out = number
        store.keep("8", "then", ())
    return store


def numbers(batch):
    return [(one.number, one.kind, dict(one.body).get(36)) for one in batch.messages]


def test_gaps_are_filled_over():
    store = store_of(2, 3, 6)
    assert numbers(again(store, 1, 8)) == [
        (1, "4", "2"),
        (2, "8", None),
        (3, "8", None),
        (4, "4", "6"),
        (6, "8", None),
        (7, "4", "9"),
    ]
    assert numbers(again(store, 2, 3)) == [(2, "8", None), (3, "8", None)]
    assert numbers(again(store, 4, 5)) == [(4, "4", "6")]
    assert again(store, 1, 8).next == 9


def test_much_is_sent_in_parts():
    store = store_of(*range(1, AT_ONCE + 11))
    first = again(store, 1, AT_ONCE + 10)
    assert (len(first.messages), first.next) == (AT_ONCE, AT_ONCE + 1)
    assert numbers(again(store, first.next, AT_ONCE + 10)) == [
        (number, "8", None) for number in range(AT_ONCE + 1, AT_ONCE + 11)
    ]
