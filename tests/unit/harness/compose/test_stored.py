"""Runs that were made before: what of them can be compared, and what is refused in words."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from harness.base.errors import SetupError
from harness.base.findings import Facts
from harness.base.histogram import Histogram
from harness.base.judgement import EngineIdentity
from harness.compose.stored import compare_stored, is_stored
from harness.evidence import manifest
from harness.evidence.run import RunRecord, ScenarioRecord
from harness.evidence.store import read_json, write_json
from tests.fakes.run_folder import GO, write

BUDGETS_PCT = {"response.p50": 5.0, "throughput": 5.0}
HEAD = EngineIdentity(name="velox", version="0.9.3", commit="ad0be" * 8, dirty=False)
RUNS = 12


def changed(folder, kind, name, **fields):
    """A stored struct with some fields changed, sealed again."""
    path = folder / name
    write_json(path, msgspec.structs.replace(read_json(path, kind), **fields))
    manifest.write(folder)


def run(folder, *, took=1.0, engine=None, lag_ns=0):
    """A run of `poisson` alone whose answers took so many times as long as usual."""
    write(folder, replace(GO, scenarios=("poisson",), **({"engine": engine} if engine else {})))
    changed(folder, RunRecord, "run.json", id=folder.name)
    place = folder / "scenarios" / "poisson"
    response, service, lag = Histogram(), Histogram(), Histogram()
    values = np.random.default_rng(7).lognormal(13, 0.7, 20_000) * took
    response.record(values.astype(np.int64))
    service.record((values * 0.7).astype(np.int64))
    lag.record(np.full(1_000, lag_ns))
    told = {"latency.response": response.distribution(), "latency.service": service.distribution()}
    write_json(place / "facts" / "latency.json", Facts(seen=20_000, distributions=told))
    write_json(
        place / "facts" / "generator_lag.json", Facts(seen=1_000, distributions={"generator.lag": lag.distribution()})
    )
    manifest.write(folder)
    return folder


def runs(folder, *, took=1.0, **more):
    """A dozen runs that lie a little apart."""
    for number in range(RUNS):
        run(folder / f"run-{number:02}", took=took * (1 + number / 2_000), **more)
    return folder


def compared(base, head, scenarios=()):
    return compare_stored(base, head, scenarios, BUDGETS_PCT)


def words(found):
    return {one.metric: one.word for one in found.differences}


def test_runs_are_told_from_engines(tmp_path):
    runs(tmp_path / "many")
    assert is_stored(str(tmp_path / "many"))
    assert is_stored(str(tmp_path / "many" / "run-00"))
    assert not is_stored("reference")
    assert not is_stored(str(tmp_path))


def test_many_runs_of_a_slower_build_are_slower_by_mann_whitney(tmp_path):
    found = compared(runs(tmp_path / "base"), runs(tmp_path / "head", took=1.2, engine=HEAD))
    assert (found.word, found.exit) == ("slower", 1)
    told = {one.metric: one for one in found.differences}["response.p50"]
    assert told.p == told.p_mann_whitney
    assert told.change_pct == pytest.approx(20, abs=1)
    assert (found.base.version, found.head.version) == ("0.9.2", "0.9.3")
    assert (found.pairs, found.pairs_asked) == (0, 0)
    assert len(found.turns) == 2 * RUNS
    assert found.turns[0].run == "run-00"


def test_many_runs_of_one_build_are_no_change(tmp_path):
    found = compared(runs(tmp_path / "base"), runs(tmp_path / "head"))
    assert (found.word, found.exit) == ("no change", 0)


def test_one_run_a_side_cannot_be_told_apart(tmp_path):
    found = compared(run(tmp_path / "base"), run(tmp_path / "head", took=2.0))
    assert (found.word, found.exit) == ("cannot tell", 2)
    assert "so few runs" in found.differences[0].why


def test_a_generator_that_was_late_says_nothing_of_the_engine(tmp_path):
    found = compared(runs(tmp_path / "base"), runs(tmp_path / "head", took=1.2, lag_ns=5_000_000))
    assert set(words(found).values()) == {"cannot tell"}
    assert "the generator was late itself: 5.0 ms" in found.differences[0].why


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("cpu", "Epyc", "cpu '2 x Xeon 2.5 GHz' and 'Epyc'"), ("cores", 64, "cores 2 and 64"), ("kernel", "6.6", "kernel '6.1.0' and '6.6'"), ("governor", "powersave", "governor 'performance' and 'powersave'")],
)  # fmt: skip
def test_unlike_hosts_are_refused_with_what_differs(tmp_path, name, value, said):
    base, head = run(tmp_path / "base"), run(tmp_path / "head")
    host = read_json(head / "run.json", RunRecord).host
    changed(head, RunRecord, "run.json", host=msgspec.structs.replace(host, **{name: value}))
    with pytest.raises(SetupError, match="unlike hosts") as refused:
        compared(base, head)
    assert said in str(refused.value)


def test_a_busier_moment_of_the_same_host_is_no_other_host(tmp_path):
    base, head = run(tmp_path / "base"), run(tmp_path / "head")
    host = read_json(head / "run.json", RunRecord).host
    changed(head, RunRecord, "run.json", host=msgspec.structs.replace(host, load_1min=7.0))
    assert compared(base, head).word == "cannot tell"


def test_other_commands_are_refused(tmp_path):
    base, head = run(tmp_path / "base"), run(tmp_path / "head")
    changed(head, ScenarioRecord, "scenarios/poisson/scenario.json", pacing="Constant(1)", commands=7)
    with pytest.raises(SetupError, match=r"poisson was driven in two ways, .*: pacing, commands differ"):
        compared(base, head)
    changed(head, RunRecord, "run.json", seed=24)
    with pytest.raises(SetupError, match="unlike seeds cannot be compared: 23 and 24"):
        compared(base, head)


def test_several_builds_on_one_side_are_refused(tmp_path):
    base = runs(tmp_path / "base")
    run(base / "run-99", engine=HEAD)
    with pytest.raises(SetupError, match=r"the base are of several builds: velox 0\.9\.2 .* and velox 0\.9\.3"):
        compared(base, runs(tmp_path / "head"))


def test_what_is_not_there_or_not_finished_is_told(tmp_path):
    base, head = run(tmp_path / "base"), run(tmp_path / "head")
    with pytest.raises(SetupError, match="there is no run in reference; runs are compared with runs"):
        compared(base, Path("reference"))
    with pytest.raises(SetupError, match="hold no scenario that both finished"):
        compared(base, head, ("imagined",))
    changed(head, ScenarioRecord, "scenarios/poisson/scenario.json", status="engine failed")
    with pytest.raises(SetupError, match="hold no scenario that both finished"):
        compared(base, head)


def test_a_run_that_was_changed_since_is_refused(tmp_path):
    base, head = run(tmp_path / "base"), run(tmp_path / "head")
    path = head / "scenarios" / "poisson" / "facts" / "latency.json"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(SetupError, match=r"was changed since it was judged: scenarios/poisson/facts/latency\.json"):
        compared(base, head)


def test_without_a_pace_it_is_the_rate_that_is_compared(tmp_path):
    for side, factor in (("base", 1.0), ("head", 1.3)):
        for number in range(RUNS):
            folder = run(tmp_path / side / f"run-{number:02}")
            took_ns = round(1e9 * factor * (1 + number / 2_000))
            changed(
                folder,
                ScenarioRecord,
                "scenarios/poisson/scenario.json",
                rate_per_s=0,
                commands=100_000,
                duration_ns=took_ns,
            )
    found = compared(tmp_path / "base", tmp_path / "head")
    assert words(found) == {"throughput": "slower"}
    assert found.differences[0].base == pytest.approx(100_000, rel=0.01)
