"""What is kept of a session: numbers, and what was sent under them."""

from harness.wire.fix_store import MemoryStore


def test_what_was_kept_is_found_by_its_number():
    store = MemoryStore()
    store.next_out = 4
    assert [store.keep("8", "now", ((37, str(place)),)) for place in range(3)] == [4, 5, 6]
    store.next_out = 9
    assert store.keep("9", "later", ()) == 9
    assert [one.number for one in store.kept(1, 99, 99)] == [4, 5, 6, 9]
    assert [one.number for one in store.kept(5, 6, 99)] == [5, 6]
    assert [one.number for one in store.kept(5, 99, 2)] == [5, 6]
    assert store.kept(7, 8, 99) == []
    assert store.kept(9, 9, 1)[0].kind == "9"


def test_a_reset_forgets():
    store = MemoryStore()
    store.keep("8", "now", ())
    store.next_in = 7
    store.reset()
    assert (store.next_in, store.next_out, store.kept(1, 99, 99)) == (1, 1, [])
