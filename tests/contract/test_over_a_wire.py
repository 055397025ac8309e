"""The bundled service over OUCH is judged like any engine: right, it has no finding; killed, it is an engine that died, and nothing of it is left."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from engines.adapters.service import Service
from harness.base.bits import joined
from harness.base.clock import MonotonicClock
from harness.base.errors import EngineDiedError, EngineStartError
from harness.base.reasons import Reason
from harness.base.records import COMMAND, EVENT, Channel, CommandKind, EventKind, commands_of, event_rows
from harness.base.seeds import Seed
from harness.compose import plugs
from harness.compose.tapes import Tape, drive
from harness.evidence.archive import Archive
from harness.evidence.as_said import are_unsaid
from harness.evidence.conversation import Conversation
from harness.evidence.journal import Journal
from harness.flows.standing_book import StandingBookFlow
from harness.instruments import Context
from harness.instruments.drive import Drive
from harness.pacing import Constant
from harness.port import EngineSetup
from tests.fakes import never_ready
from tests.fakes.journaled import run_folder
from tests.fakes.lines import commands
from tests.fakes.mixed_flow import INSTRUMENTS
from tests.fakes.relay import Relay

SERVICE = plugs.engine("service")
ROOT = Path(__file__).parents[2]
FAR_BEYOND_S = 40.0
"""How long a service may take to be ready; one that cannot be is told before."""
STEP_NS = 150_000_000
"""Between two things that befall a drive's connections."""
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
    assert not facts.unknown, "each of the others is judged to its end"
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


def test_a_mass_cancel_is_of_one_account():
    adapter = Service(EngineSetup(INSTRUMENTS))
    adapter.start()
    flow = commands_of(
        commands("B 90x5 #1; B 91x4 #2; B 92x3 #3 a2; mass_cancel a1; mass_cancel a2 i2; mass_cancel a0; cancel #3 a2")
    )
    talk = Conversation(adapter.capabilities)
    talk.say(flow)
    adapter.session(1).send(flow)
    events = [
        event for event in heard(adapter, talk, talk.has_all) if event.kind in {EventKind.CANCELED, EventKind.DONE}
    ]
    canceled = [(event.command, event.order, Reason(event.reason).name) for event in events if event.order]
    assert sorted(canceled) == [(4, 1, "MASS_CANCEL"), (4, 2, "MASS_CANCEL"), (7, 3, "USER")]
    assert [(event.command, event.qty) for event in events if event.kind == EventKind.DONE] == [(4, 2), (5, 0)]
    assert adapter.counters()["commands_unsaid"] == 1
    adapter.stop(graceful=True)


OWNER = """
import sys
from engines.adapters.service import Service
from harness.port import EngineSetup
from tests.fakes.mixed_flow import INSTRUMENTS
service = Service(EngineSetup(INSTRUMENTS))
service.start()
print("up", flush=True)
sys.stdin.read()
"""


def test_nothing_on_disk_outlives_a_gonogo_that_is_killed(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", OWNER], env=environment, text=True, **pipes) as owner:
        assert owner.stdout.readline() == "up\n"
        assert list(tmp_path.glob("gonogo-service-*"))
        owner.kill()
        owner.wait()
        give_up = time.monotonic() + FAR_BEYOND_S
        while list(tmp_path.glob("gonogo-service-*")) and time.monotonic() < give_up:
            os.sched_yield()
    assert not list(tmp_path.glob("gonogo-service-*"))


def relayed_service(instruments):
    adapter = Service(EngineSetup(instruments))
    relay = Relay(adapter._program.connect)
    adapter._program.connect = relay.connect
    adapter.start()
    return adapter, relay


@pytest.fixture
def relayed():
    """A service whose connections of accounts go through a relay, and how it is talked to."""
    adapter, relay = relayed_service(INSTRUMENTS)
    yield adapter, relay
    adapter.stop(graceful=False)
    relay.close()


def heard(adapter, talk, wanted, give_up_s=20):
    """What comes in one order until it holds."""
    events, give_up = [], time.monotonic() + give_up_s
    while not wanted() and time.monotonic() < give_up:
        events += event_rows(talk.hear(adapter.poll(1_000_000)))
    assert wanted()
    return events


def told(events):
    return [(event.command, EventKind(event.kind).name) for event in events]


@pytest.mark.parametrize("lost", ["requests", "replies"])
def test_what_is_under_way_when_a_connection_breaks_is_carried_out_once(relayed, lost):
    adapter, relay = relayed
    flow, talk = (
        commands_of(commands("S 100x5 #1; S 101x4 #2; cancel #1; S 102x3 #3")),
        Conversation(adapter.capabilities),
    )
    session = adapter.session(1)
    talk.say(flow[:1])
    session.send(flow[:1])
    events = heard(adapter, talk, talk.has_all)
    setattr(relay, f"loses_{lost}", True)
    talk.say(flow[1:])
    session.send(flow[1:])
    events += heard(adapter, talk, lambda: relay.lost > 0)
    relay.cut()
    events += heard(adapter, talk, talk.has_all)
    assert told(events) == [
        (1, "ACCEPTED"), (1, "RESTED"), (2, "ACCEPTED"), (2, "RESTED"), (3, "CANCELED"), (4, "ACCEPTED"), (4, "RESTED"),
    ]  # fmt: skip
    counters = adapter.counters()
    assert (counters["connections_lost"] > 0, counters["commands_said_again"] > 0) == (True, lost == "requests")


def test_what_a_paced_drive_handed_over_is_carried_out_once_though_connections_break(tmp_path):
    """Some of it waits to be due, some was sent and is lost: all of it is sent again, and none is told as never sent."""
    flow = StandingBookFlow()
    adapter, relay = relayed_service(flow.instruments())
    steps, times = iter([partial(setattr, relay, "loses_requests", True), relay.cut] * 2), iter(range(1, 99))
    next_ns = [next(times) * STEP_NS]

    def break_off(progress):
        if progress.elapsed_ns > next_ns[0]:
            next_ns[0] = next(times) * STEP_NS
            next(steps, lambda: None)()

    journal = Journal(run_folder(tmp_path))
    context = Context(
        clock=MonotonicClock(), seed=Seed(1), flow=flow, pacing=Constant(2_000), probes=(), stopped=lambda: False, progress=break_off,
    )  # fmt: skip
    outcome = Drive().lasting(8 * STEP_NS).run(adapter, journal, context)
    journal.close()
    counters = adapter.counters()
    adapter.stop(graceful=False)
    relay.close()
    segments = list(Archive(tmp_path).segments("s"))
    events, sent = joined([one.events for one in segments], EVENT), joined([one.commands for one in segments], COMMAND)
    assert (outcome.status, outcome.failure) == ("finished", "")
    assert (counters["connections_lost"], counters["commands_said_again"] > 0) == (2 * 3, True), (
        "two accounts and the drop copy, twice"
    )
    assert not are_unsaid(events).any()
    accepted = events[(events["kind"] == EventKind.ACCEPTED) & (events["channel"] == Channel.ORDER)]
    assert sorted(accepted["command"].tolist()) == sent["number"][sent["kind"] == CommandKind.NEW].tolist()
    assert (sent["sent_ns"] >= sent["due_ns"]).all()


def test_a_service_that_raises_as_it_starts_is_told_at_once(monkeypatch):
    monkeypatch.setattr("engines.adapters.service.START_S", FAR_BEYOND_S)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    adapter = Service(EngineSetup(INSTRUMENTS, build=never_ready.build))
    with pytest.raises(
        EngineStartError, match=r"ended before it was ready; .* exit code(.|\n)*the gateway is out of order"
    ):
        adapter.start()
