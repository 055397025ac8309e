"""The bundled service over OUCH is judged like any engine: right, it has no finding; killed, it is an engine that died, and nothing of it is left."""

import os
import signal
from pathlib import Path

import pytest

from engines.adapters.service import Service
from harness.base.errors import EngineDiedError, EngineError, EngineStartError
from harness.base.records import Channel, commands_of
from harness.compose import plugs
from harness.compose.tapes import Tape, drive
from harness.port import EngineSetup
from tests.fakes import never_ready
from tests.fakes.lines import commands
from tests.fakes.mixed_flow import INSTRUMENTS

SERVICE = plugs.engine("service")
ROOT = Path(__file__).parents[2]
FAR_BEYOND_S = 40.0
"""How long a service may take to be ready; one that cannot be is told before."""
ORDER = commands_of(commands("S 100x5 #1"))


def ask_for_ever(engine):
    """What comes until the engine fails."""
    while True:
        engine.poll(1_000_000)


def gone(pid):
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("scenario", ["edge_cases", "poisson"])
def test_a_right_service_has_no_finding(scenario):
    done = drive(SERVICE, Tape(scenario, 600), seed=1)
    assert (done.failure, done.findings()) == ("", ())
    seen = {name: facts.seen for name, facts in done.facts.items() if not facts.unknown}
    assert min(seen[name] for name in ("model", "legal", "answered_once", "channels_agree", "conservation")) > 200
    assert (done.events["channel"] == Channel.DROP_COPY).all()


def test_hand_made_cases_are_judged_but_for_those_that_ouch_cannot_say():
    facts = drive(SERVICE, Tape("edge_cases", 600), seed=1).facts["edge_cases"]
    assert facts.seen > 30
    assert "partial_cancel_of_more" in facts.told["cases that the engine's wire cannot say"]


def test_a_service_that_is_killed_died():
    engine = SERVICE.engine(INSTRUMENTS, None)
    engine.start()
    pid = engine._engine._program.process.pid
    session = engine.session(1)
    session.send(ORDER)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(EngineDiedError, match="SIGKILL"):
        ask_for_ever(engine)
    with pytest.raises(EngineDiedError, match="SIGKILL"):
        session.send(ORDER)
    assert gone(pid)
    engine.stop(graceful=True)


def test_a_service_that_raises_as_it_starts_is_told_at_once(monkeypatch):
    monkeypatch.setattr("engines.adapters.service.START_S", FAR_BEYOND_S)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    adapter = Service(EngineSetup(INSTRUMENTS, build=never_ready.build))
    with pytest.raises(
        EngineStartError, match=r"ended before it was ready; .* exit code(.|\n)*the gateway is out of order"
    ):
        adapter.start()


def test_an_end_that_was_no_good_one_is_told():
    adapter = Service(EngineSetup(INSTRUMENTS))
    adapter.start()
    pid = adapter._program.process.pid
    adapter._file = adapter._program._file = adapter._file.model_copy(
        update={"stop": adapter._file.stop.model_copy(update={"signal": "SIGQUIT"})}
    )
    with pytest.raises(EngineError, match="told to stop: it was killed by SIGQUIT"):
        adapter.stop(graceful=True)
    assert gone(pid)
