"""The guarded engine and the judge's own writing of the risk rules agree: no check of the controls accuses it, whatever the seed and conventions.

The two share no code, so that what both say of the page is likely what it says. That the checks see what is wrong, the specimens prove.
"""

import pytest

from engines.guarded.engine import GuardedEngine
from harness.base.reasons import Reason
from harness.compose.plugs import EngineChoice
from harness.compose.trial import Trial
from tests.fakes import controlled
from tests.fakes.every_term import EVERY_CONVENTION

CHECKS = (
    "risk_limits", "kill_switch", "breaker", "reject_cause", "answered_once", "lifecycle", "conservation", "numbering",
    "price_time", "trade_price", "never_crossed", "stop_trigger", "model", "legal",
)  # fmt: skip
CONTROLS = (
    Reason.HALTED, Reason.RISK_DISABLED, Reason.RISK_RESTRICTED, Reason.RISK_RATE, Reason.RISK_PRICE_COLLAR,
    Reason.RISK_DUPLICATE, Reason.RISK_POSITION, Reason.RISK_EXPOSURE, Reason.RISK_LOSS,
)  # fmt: skip


def timed(instruments, conventions, controls):
    """A healthy engine whose windows are counted in commands."""
    return GuardedEngine(instruments, conventions, controls, controlled.clock().now_ns)


@pytest.mark.parametrize(
    ("conventions", "seed"), [(one, seed) for seed, one in enumerate(EVERY_CONVENTION[::6])], ids=str
)
def test_no_check_accuses_it(conventions, seed):
    choice = EngineChoice("guarded", "guarded", timed)
    with Trial(choice, controlled.INSTRUMENTS, conventions, controlled.CONTROLS) as trial:
        done = trial.run(controlled.controlled_flow(2_000, seed), CHECKS)
    assert [(finding.check, finding.title, finding.expected, finding.got) for finding in done.findings()] == []
    assert {name: facts.unknown for name, facts in done.facts.items() if facts.unknown} == {}
    assert set(done.facts) == set(CHECKS)


def test_the_flow_presses_against_every_control():
    """Else there would be nothing to agree about."""
    events = timed(controlled.INSTRUMENTS, EVERY_CONVENTION[0], controlled.CONTROLS).submit(
        controlled.controlled_flow(8_000, seed=1)
    )
    assert set(CONTROLS) <= set(events["reason"].tolist())
