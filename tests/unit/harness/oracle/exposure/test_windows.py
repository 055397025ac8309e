"""A window of W ns at the time t holds what has a stamp above t - W."""

from harness.oracle.exposure.windows import Recent


def test_it_holds_what_is_younger_than_the_window():
    recent = Recent(10)
    recent.add("a", 5)
    recent.add("a", 6, 3)
    recent.add("b", 6)
    assert [recent.total("a", at) for at in (6, 14, 15, 16)] == [4, 4, 3, 0]
    assert recent.total("b", 16) == 0


def test_its_keys_are_those_that_stand():
    recent = Recent(10)
    recent.add(100, 1)
    recent.add(90, 2)
    assert sorted(recent.keys(10)) == [90, 100]
    assert sorted(recent.keys(11)) == [90]
    assert sorted(recent.keys(12)) == []


def test_it_can_begin_anew():
    recent = Recent(10)
    recent.add("a", 1)
    recent.forget()
    assert recent.total("a", 1) == 0
    recent.add("a", 2)
    assert recent.total("a", 11) == 1
