"""A window of W ns at t holds what has a stamp above t - W."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from engines.guarded.windows import Window


def test_what_is_a_window_old_is_forgotten_and_not_a_nanosecond_before():
    window = Window(10)
    window.add(5, "a")
    assert (window.amount(14, "a"), window.amount(15, "a")) == (1, 0)


def test_amounts_add_up_by_key():
    window = Window(10)
    window.add(1, "a", 3)
    window.add(2, "a", 4)
    window.add(2, "b")
    assert (window.amount(2, "a"), window.amount(2, "b"), window.amount(2, "c")) == (7, 1, 0)
    assert set(window.keys(11)) == {"a", "b"}
    assert window.amount(11, "a") == 4
    assert set(window.keys(12)) == set()


def test_clear_begins_anew():
    window = Window(10)
    window.add(1, "a")
    window.clear()
    window.add(2, "a")
    assert window.amount(2, "a") == 1


@given(st.lists(st.tuples(st.integers(0, 7), st.sampled_from("ab"), st.integers(1, 3))), st.integers(1, 20))
def test_it_holds_what_a_list_of_everything_would(steps, window_ns):
    window, everything, now_ns = Window(window_ns), [], 0
    for later_ns, key, amount in steps:
        now_ns += later_ns
        window.add(now_ns, key, amount)
        everything.append((now_ns, key, amount))
        held = Counter()
        for stamp_ns, what, much in everything:
            held[what] += much * (stamp_ns > now_ns - window_ns)
        assert {key: window.amount(now_ns, key) for key in window.keys(now_ns)} == dict(+held)


def test_what_is_never_asked_for_takes_no_room_for_ever():
    """Such as the cancels of an account that enters nothing."""
    window = Window(10)
    for stamp_ns in range(0, 1_000, 5):
        window.add(stamp_ns, "a")
    assert len(window._added) == 2
