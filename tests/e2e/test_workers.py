"""A load by workers under Locust, as a user runs it: the same experiment as by one sender, invalid once a worker is lost, and shown meanwhile."""

import json
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import msgspec
import numpy as np
import psutil
import pytest

from harness.base.bits import TIMES
from harness.base.histogram import Histogram
from harness.base.records import COMMAND, EVENT, Channel
from harness.evidence.archive import Archive
from harness.evidence.load_file import LoadRecord
from tests.fakes.command import GONOGO, environment, gonogo, long_scenario_file, until

RUN = ("--engine", "service", "--rate", 2_000, "--duration", "2s", "--use", "research")
"""For a use that sets no limit on times: those of a busy machine are not what is tested here."""


def whole(folder):
    """All commands and events of the one scenario of a run."""
    archive = Archive(folder / "runs" / "constant" / "latest")
    segments = list(archive.segments("constant"))
    commands = np.concatenate([segment.commands for segment in segments], dtype=COMMAND)
    return archive, commands, np.concatenate([segment.events for segment in segments], dtype=EVENT)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    return folder, gonogo("run", "constant", *RUN, "--workers", 2, cwd=folder)


def test_workers_send_what_one_sender_would_have_sent_and_nothing_is_found(shared, tmp_path):
    folder, told = shared
    assert told.returncode == 2, told.stderr[-2000:]
    assert "violation" not in told.stdout
    assert "failed" not in told.stdout, told.stdout[:2000]
    gonogo("run", "constant", *RUN, cwd=tmp_path)
    _, by_two, events = whole(folder)
    _, by_one, _ = whole(tmp_path)
    assert len(by_two) == len(by_one) == 4_000
    assert all((by_two[name] == by_one[name]).all() for name in COMMAND.names if name not in TIMES)
    assert (by_two["due_ns"] == np.arange(4_000) * 500_000).all(), "each when it is due in the whole, whoever sends it"
    answered = np.unique(events["command"][events["channel"] == Channel.ORDER])
    assert len(answered) > 3_000
    archive, _, _ = whole(folder)
    facts = archive.facts("constant")
    assert facts["channels_agree"].seen > 4_000
    assert not [finding for one in facts.values() for finding in one.findings]


def test_the_merged_histogram_is_the_sum_of_the_parts_and_locusts_csv_shows_it(shared):
    folder, _ = shared
    scenario = folder / "runs" / "constant" / "latest" / "scenarios" / "constant"
    load = msgspec.json.decode((scenario / "load.json").read_bytes(), type=LoadRecord)
    assert len(load.senders) == 2
    assert sum(sender.sent for sender in load.senders) == 4_000
    assert not set(load.senders[0].accounts) & set(load.senders[1].accounts)
    for name in ("response", "service"):
        added = Histogram()
        for sender in load.senders:
            added.merge(Histogram.of(getattr(sender, name)))
        assert added.distribution() == getattr(load, name)
    rows = [line.split(",") for line in (scenario / "locust_stats.csv").read_text().splitlines()]
    shown = dict(zip(rows[0], next(row for row in rows if row[1] == "response"), strict=True))
    assert int(shown["Request Count"]) == Histogram.of(load.response).total
    median_ms = Histogram.of(load.response).at_rank(Histogram.of(load.response).total // 2) / 1e6
    assert float(shown["50%"]) == pytest.approx(median_ms, rel=0.06)
    assert not (scenario / "parts").exists(), "what was merged is not kept twice"


def test_what_workers_measured_is_what_the_check_finds_in_their_merged_history(shared):
    """Each answer on its own session, bucket for bucket; the drop copy's times are another figure."""
    folder, _ = shared
    archive, _, _ = whole(folder)
    load = msgspec.json.decode((archive.folder / "scenarios/constant/load.json").read_bytes(), type=LoadRecord)
    found = archive.facts("constant")["latency"].distributions
    assert (load.response, load.service) == (found["latency.response"], found["latency.service"])
    assert found["latency.drop_copy"] != load.response


def test_a_worker_that_is_killed_makes_the_run_invalid_and_nothing_the_engines_fault(tmp_path):
    long_scenario_file(tmp_path)
    words = [GONOGO, "run", "long.py", "--engine", "service", "--duration", "60s", "--workers", "2"]
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        samples = tmp_path / "runs" / "long" / "latest" / "scenarios" / "long" / "parts"
        until(
            lambda: (list(samples.glob("1/history/*.commands.part")) and _weight(samples) > 0) or run.poll() is not None
        )
        _workers(run.pid)[1].kill()
        out, err = run.communicate(timeout=120)
    assert run.returncode == 2, err[-2000:]
    assert "generator failed: worker" in out
    assert "was killed by signal 9" in out
    assert "GO " not in out.split("UNDECIDED")[0]
    verdict = json.loads((tmp_path / "runs" / "long" / "latest" / "verdict.json").read_text())
    assert (verdict["valid"], verdict["findings"]) == (False, [])


def _weight(folder):
    return sum(int.from_bytes(path.read_bytes()[:64], "little") != 0 for path in folder.glob("*/history/*.events.part"))


def _workers(pid):
    """Its workers, in the order in which they were started."""
    children = psutil.Process(pid).children(recursive=True)
    return [child for child in children if "harness.compose.load_worker" in child.cmdline()]


def test_locusts_page_shows_the_load_and_cannot_change_it(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = gonogo("run", "constant", *RUN, "--workers", 1, "--page", port, cwd=tmp_path)
    assert refused.returncode == 64
    assert f"port {port}" in refused.stderr
    long_scenario_file(tmp_path)
    words = [
        GONOGO,
        "run",
        "long.py",
        "--engine",
        "service",
        "--duration",
        "60s",
        "--workers",
        "1",
        "--page",
        str(port),
    ]
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        until(lambda: _requests(port) > 100 or run.poll() is not None)
        for path, method in (("/stop", "GET"), ("/swarm", "POST"), ("/stats/reset", "GET")):
            with pytest.raises(urllib.error.HTTPError, match="403"):
                _get(port, path, method)
        assert b"<html" in _get(port, "/", "GET")
        run.terminate()
        out, err = run.communicate(timeout=120)
    assert run.returncode == 130, err[-2000:]
    assert "interrupted" in out


def _get(port, path, method):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


def _requests(port):
    """How many Locust counts by now; 0 while its page is not there."""
    try:
        shown = json.loads(_get(port, "/stats/requests", "GET"))
    except (OSError, urllib.error.URLError):
        return 0
    return next((row["num_requests"] for row in shown["stats"] if row["name"] == "response"), 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("constant", "--engine", "reference", "--workers", 2), "driven by gonogo's own process alone"),
        (("constant", "--engine", "service", "--workers", -1), "--workers"),
        (("constant", "--engine", "service", "--workers", 2, "--rate", 0), "cannot be kept"),
        (("constant", "--engine", "service", "--page", 8089), "--workers"),
        (("volume", "--engine", "service", "--workers", 2), "no pace"),
    ],
)
def test_what_workers_cannot_do_is_said(words, said, tmp_path):
    told = gonogo("run", *words, cwd=tmp_path)
    assert told.returncode == 64
    assert said in told.stderr
    assert not (Path(tmp_path) / "runs").exists()
