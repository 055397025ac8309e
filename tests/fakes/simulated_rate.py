"""The engine of a fixed rate in simulated time: serving takes nothing but of the clock that whoever drives it goes by too. An adapter file."""

from tests.fakes.fixed_rate import FixedRate
from tests.fakes.simulated import CLOCK

SERVES_PER_S = 1_200


class Simulated(FixedRate):
    """Serves by the clock."""

    serves_per_s = SERVES_PER_S
    now_ns = staticmethod(CLOCK.now_ns)
    sleep_ns = staticmethod(CLOCK.pass_ns)


ENGINE = Simulated
