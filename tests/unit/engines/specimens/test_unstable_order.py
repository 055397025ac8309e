"""Two engines give the same cancels of a mass cancel in another order."""

from engines.specimens.unstable_order import UnstableOrder
from tests.fakes.plain_session import INSTRUMENTS, says


def test_two_engines_differ_in_order_alone():
    """Sixteen orders have so many permutations that two salts never give the same one."""
    lines = "; ".join(f"B 100x1 #{number}" for number in range(1, 17))
    first, second = UnstableOrder(INSTRUMENTS), UnstableOrder(INSTRUMENTS)
    said = []
    for engine in (first, second):
        says(engine, lines)
        said.append(says(engine, "mass_cancel"))
    assert said[0] != said[1]
    assert sorted(said[0].split("; ")) == sorted(said[1].split("; "))
