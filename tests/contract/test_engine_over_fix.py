"""The bundled service over FIX 4.4 is judged like any engine: a right one has no finding, on the sessions as on the drop copy."""

import re
from pathlib import Path

import pytest

from engines.adapters.fix import Fix
from harness.base.records import Channel, EventKind, commands_of
from harness.compose.tapes import Tape, drive
from harness.engine_file import read_engine_file
from harness.evidence.conversation import Conversation
from harness.port import EngineSetup
from tests.fakes.command import GONOGO
from tests.fakes.fix_served import SEED, behind_fix
from tests.fakes.lines import commands
from tests.fakes.mixed_flow import INSTRUMENTS

PAGE = (Path(__file__).parents[2] / "docs" / "adapters.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"## Over FIX 4.4\n.*?```toml\n(.*?)```", PAGE, re.DOTALL)[0]
SERVICE = Path(__file__).parents[1] / "fakes" / "fix_service.toml"


@pytest.mark.parametrize(
    ("scenario", "least"), [("edge_cases", 300), ("poisson", 400), ("cancel_heavy", 400), ("explore", 300)]
)
def test_a_right_engine_has_no_finding(tmp_path, scenario, least):
    done = drive(behind_fix(tmp_path, scenario), Tape(scenario, 600), SEED)
    assert (done.failure, done.findings()) == ("", ())
    seen = {name: facts.seen for name, facts in done.facts.items() if not facts.unknown}
    assert min(seen[name] for name in ("model", "legal", "answered_once", "channels_agree", "conservation")) > least
    assert (done.events["channel"] == Channel.DROP_COPY).all()


def test_the_engine_file_of_the_page_puts_the_service_under_test(tmp_path):
    (tmp_path / "service.toml").write_text(SERVICE.read_text())
    (tmp_path / "engine.toml").write_text(EXAMPLE.replace("gonogo serve", f"{GONOGO} serve"))
    engine = Fix(EngineSetup(INSTRUMENTS, file=read_engine_file(tmp_path / "engine.toml")[0]))
    try:
        engine.start()
        flow = commands_of(commands("B 100x5 #1; S 100x2 #2 a2; cancel #1"))
        talk, session, taken, kinds = Conversation(engine.capabilities), engine.session(1), 0, []
        talk.say(flow)
        while not talk.has_all():
            taken += session.send(flow[taken:])
            kinds += talk.hear(engine.poll(10_000_000))["kind"].tolist()
    finally:
        engine.stop(graceful=True)
    assert {EventKind.ACCEPTED, EventKind.TRADE, EventKind.CANCELED} <= set(kinds)
