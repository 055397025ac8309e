"""The identity changes with everything that the same commands' books and events hang on."""

import msgspec
import pytest

from engines.reference.layout import Capacities
from harness.base.capabilities import Conventions, Instrument, RiskLimits
from harness.base.controls import AccountControls, Controls, InstrumentControls
from tests.fakes.durable_service import SMALL
from tests.fakes.history import INSTRUMENTS


def test_the_same_again_has_the_same_identity():
    again = msgspec.structs.replace(SMALL, instruments=tuple(msgspec.structs.replace(one) for one in INSTRUMENTS))
    assert again.identity() == SMALL.identity()
    assert len(SMALL.identity()) == 32


@pytest.mark.parametrize(
    "changed",
    [
        {"instruments": INSTRUMENTS[:1]},
        {"instruments": INSTRUMENTS[::-1]},
        {"instruments": (*INSTRUMENTS, Instrument(id=3, symbol="C", risk=RiskLimits(collar_ticks=1)))},
        {"conventions": Conventions(self_trade="decrement")},
        {"capacities": Capacities(501, 50)},
        {"controls": Controls(accounts=(AccountControls(account=1),))},
        {"controls": Controls(instruments=(InstrumentControls(instrument=1, pause_ns=1),))},
    ],
)
def test_any_other_has_another(changed):
    assert msgspec.structs.replace(SMALL, **changed).identity() != SMALL.identity()


def test_it_builds_an_empty_engine_of_its_size():
    engine = SMALL.build()
    assert len(engine.snapshot()) == 0
    assert len(engine.engine.state.words) == 501
