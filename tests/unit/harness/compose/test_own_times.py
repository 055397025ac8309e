"""What is planned for recordings: maps by path, and their own times as the pace where they have some."""

from dataclasses import replace

import pytest

from harness.base.errors import SetupError
from harness.compose import plugs, running
from harness.flows.replay import ReplayFlow
from harness.instruments.drive import Drive
from harness.pacing.as_recorded import AsRecorded
from tests.fakes.days import mbo_text

MAP = """
schema = 1
file = "day.csv"
time = { column = "ts_recv", unit = "s" }
action = { column = "action", add = ["A"], cancel = ["C"], trade = ["T"] }
side = { column = "side", buy = ["B"], sell = ["A"] }
price = { column = "price_1e9", implied_decimals = 9 }
size = { column = "size" }
id = { column = "order_id" }
"""
RAW_BOOK = (
    '[{"event":"subscribed","channel":"book","prec":"R0","chanId":7,"symbol":"tX"},[7,[[1,5,1],[2,6,-1]]],[7,[1,5,2]]]'
)
OWN = """
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing.as_recorded import AsRecorded
from harness.scenario import Scenario

SCENARIO = Scenario(about="no recording", flow=PoissonFlow(), instrument=Drive(), pacing=AsRecorded(2))
"""
IMPORTS = "from pathlib import Path\nfrom harness.flows.replay import ReplayFlow\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "day.csv").write_text(mbo_text("A B 10 1 #1\nT B 11 1 #0\nA A 12 1 #2\nC B 10 1 #1"))
    (tmp_path / "day.toml").write_text(MAP)
    (tmp_path / "bitfinex_btcusd_l3.json.gz").write_text(RAW_BOOK)
    (tmp_path / "own.py").write_text(OWN)
    return tmp_path


def planned(folder, *names, **settings):
    policy = plugs.policy(None)
    order = running.Order(
        name="x",
        scenarios=names,
        engine=plugs.engine("plain"),
        policy=policy,
        use=policy.policy.default_use,
        data=folder,
    )
    return running.plan(replace(order, **settings))


def test_the_path_of_a_map_is_a_scenario(folder):
    path = str(folder / "day.toml")
    assert plugs.scenario_names((path, "poisson")) == (path, "poisson")
    (one,), _ = planned(folder, path)
    assert (one.name, one.source, one.scenario.about) == ("day", path, "replay of the recording day.csv")
    assert one.pacing.rate_per_s == 0, "by itself it goes as fast as the engine takes it"
    assert one.engine.instruments[0].symbol == "day"


def test_a_recording_is_sent_at_its_own_times(folder):
    (one,), _ = planned(folder, str(folder / "day.toml"), speed=100.0)
    assert one.pacing.due_ns(1, 3).tolist() == [0, 1_000_000, 11_000_000], "the opening order, then a second apart"


def test_a_scenario_may_ask_for_them_and_a_rate_stretches_them(folder):
    recording = f'ReplayFlow(Path("{folder / "day.toml"}"), "map")'
    (folder / "own.py").write_text(f"{IMPORTS}{OWN.replace('PoissonFlow()', recording)}")
    (one,), _ = planned(folder, str(folder / "own.py"))
    assert one.pacing.due_ns(1, 3).tolist() == [0, 1_000_000, 501_000_000]
    (slower,), _ = planned(folder, str(folder / "own.py"), rate_per_s=one.pacing.rate_per_s / 2)
    assert slower.pacing.rate_per_s == pytest.approx(one.pacing.rate_per_s / 2)


def test_a_run_of_a_given_time_begins_the_recording_again(folder):
    (once,), _ = planned(folder, str(folder / "day.toml"))
    (looped,), _ = planned(folder, str(folder / "day.toml"), duration_ns=10**9)
    assert (once.flow.loops, looped.flow.loops) == (False, True)


def test_others_keep_their_pace(folder):
    (day, poisson), _ = planned(folder, str(folder / "day.toml"), "poisson", speed=2.0)
    assert day.pacing.rate_per_s > 0
    assert poisson.pacing == plugs.scenario("poisson").pacing


def test_a_recording_without_times_is_left_out_by_name(folder):
    _, left_out = planned(folder, str(folder / "day.toml"), "bitfinex", speed=2.0)
    assert left_out == {"bitfinex": "its recording tells no times, so it cannot be sent at them"}


def test_what_is_no_recording_has_no_times(folder):
    with pytest.raises(SetupError, match="own: its pacing is that of a recording, and its flow is none"):
        planned(folder, str(folder / "own.py"))


@pytest.mark.parametrize(
    ("names", "settings", "said"),
    [
        (("day.toml",), {"speed": 0.0}, "wanted a speed from 0.001 to 1,000"),
        (("day.toml",), {"speed": float("nan")}, "wanted a speed from 0.001 to 1,000"),
        (("day.toml",), {"speed": 2.0, "rate_per_s": 50.0}, "--speed and --rate say two different paces"),
        (("poisson",), {"speed": 2.0}, "none of poisson replays a recording"),
        (("gone.toml",), {}, "cannot read the recording's map"),
    ],
)
def test_what_cannot_be(folder, monkeypatch, names, settings, said):
    monkeypatch.chdir(folder)
    with pytest.raises(SetupError, match=said):
        planned(folder, *names, **settings)


@pytest.mark.parametrize("name", ["esh4", "replayed_day", "bitfinex", "made_up_day"])
def test_the_scenarios_of_recordings(name):
    scenario = plugs.scenario(name)
    assert isinstance(scenario.flow, ReplayFlow)
    assert isinstance(scenario.instrument, Drive)
    assert isinstance(scenario.pacing, AsRecorded) == (name == "replayed_day")
