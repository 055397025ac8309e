"""The bundled service over FIX 4.4 is judged like any engine: a right one has no finding, on the sessions as on the drop copy."""

import pytest

from harness.base.records import Channel
from harness.compose.tapes import Tape, drive
from tests.fakes.fix_served import SEED, behind_fix


@pytest.mark.parametrize(
    ("scenario", "least"), [("edge_cases", 300), ("poisson", 400), ("cancel_heavy", 400), ("explore", 300)]
)
def test_a_right_engine_has_no_finding(tmp_path, scenario, least):
    done = drive(behind_fix(tmp_path, scenario), Tape(scenario, 600), SEED)
    assert (done.failure, done.findings()) == ("", ())
    seen = {name: facts.seen for name, facts in done.facts.items() if not facts.unknown}
    assert min(seen[name] for name in ("model", "legal", "answered_once", "channels_agree", "conservation")) > least
    assert (done.events["channel"] == Channel.DROP_COPY).all()
