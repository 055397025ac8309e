"""Every rule of docs/alerts.yml over pages of a real service: it fires for its cause, and no other does; a service that is well is left alone.

Time is the service's own clock, which a test turns on. Where promtool is on the path, Prometheus itself must say the same.
"""

import http.client
import itertools
import json
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

from engines.service.operations import readings
from engines.service.operations.memory import resident_bytes
from tests.fakes.ouch_client import buy, sent
from tests.fakes.prometheus import Scrape, firing, rules_of, samples
from tests.fakes.served import Served, raw_config, served
from tests.fakes.soup_client import TIMEOUT_S, Client

RULES = rules_of(Path(__file__).parents[2] / "docs" / "alerts.yml")
EVERY_S = 15
SYNCED = raw_config() | {"journal": {"segment_commands": 4_096, "syncs": "batch"}}
QUICK_NS, SLOW_NS, STUCK_NS = 20_000_000, 200_000_000, 2_000_000_000


class Watch:
    """What a Prometheus gets of a service, every 15 seconds by its own watch."""

    def __init__(self, folder):
        self.folder = folder
        self.scrapes = []

    def scrape(self, address, times=1):
        """The page now, as often as it would be fetched while it stays the same; None: there is nobody."""
        page = _page(address) if address else ""
        self.scrapes += [Scrape(EVERY_S * (len(self.scrapes) + number), page) for number in range(times)]

    def firing(self):
        told = firing(RULES, self.scrapes)
        if promtool := shutil.which("promtool"):
            (self.folder / "test.json").write_text(json.dumps(self._as_test_of_promtool(told)))
            asked = subprocess.run(
                [promtool, "test", "rules", "test.json"], cwd=self.folder, capture_output=True, text=True, check=False
            )
            assert asked.returncode == 0, asked.stdout + asked.stderr
        return told

    def _as_test_of_promtool(self, told):
        rules = [{"alert": rule.alert, "expr": rule.expr, "for": f"{rule.for_s}s"} for rule in RULES]
        (self.folder / "rules.json").write_text(json.dumps({"groups": [{"name": "gonogo", "rules": rules}]}))
        pages = [
            {f"{name}{{{','.join(f'{label}={json.dumps(said)}' for label, said in labels)}}}": value for (name, labels), value in samples(one.page).items()}
            for one in self.scrapes
        ]  # fmt: skip
        series = {
            name: " ".join(str(page.get(name, "stale")) for page in pages) for name in {name for page in pages for name in page}
        }  # fmt: skip
        alerts = [
            {"eval_time": f"{self.scrapes[-1].at_s}s", "alertname": rule.alert, "exp_alerts": [{"exp_labels": {}}] * (rule.alert in told)}
            for rule in RULES
        ]  # fmt: skip
        inputs = [{"series": name, "values": values} for name, values in series.items()]
        return {
            "rule_files": ["rules.json"], "evaluation_interval": f"{EVERY_S}s",
            "tests": [{"interval": f"{EVERY_S}s", "input_series": inputs, "alert_rule_test": alerts}],
        }  # fmt: skip


def _page(address):
    connection = http.client.HTTPConnection(*address, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/metrics")
        return connection.getresponse().read().decode()
    finally:
        connection.close()


class Clock:
    """A microsecond passes with each look, and what a test adds: how fast this machine is changes nothing."""

    def __init__(self):
        self.added_ns = 0
        self._looks = itertools.count(time.monotonic_ns(), 1_000)

    def __call__(self):
        return next(self._looks) + self.added_ns


class SlowFile:
    """The journal's file, whose syncs take longer by the service's clock, or wait for the test."""

    def __init__(self, file, clock, takes_ns):
        self._file, self._clock, self._takes_ns = file, clock, takes_ns
        self.began, self.free = threading.Event(), threading.Event()
        self.free.set()

    def sync(self):
        self.began.set()
        assert self.free.wait(TIMEOUT_S)
        self._clock.added_ns += self._takes_ns
        self._file.sync()

    def __getattr__(self, name):
        return getattr(self._file, name)


@pytest.fixture
def watch(tmp_path):
    return Watch(tmp_path)


def traded(service, first, count=200):
    """Orders that are all answered, and counted: who logs in after that is a further turn of the gateway's."""
    with Client(service.address).log_in() as one:
        one.send(sent(*(buy(number) for number in range(first, first + count)))).hear(first + count - 1)
        with Client(service.address).log_in("two"):
            pass


def with_slow_syncs(service, clock, takes_ns):
    journal = service.service._journal
    journal._file = SlowFile(journal._file, clock, takes_ns)
    return journal._file


def with_a_slow_engine(service, clock, takes_ns):
    engine, submit = service.service._pipeline._engine, service.service._pipeline._engine.submit

    def slowly(commands):
        clock.added_ns += takes_ns
        return submit(commands)

    engine.submit = slowly


@pytest.mark.parametrize(
    ("slowed", "takes_ns", "fires"),
    [
        (with_slow_syncs, 0, set()),
        (with_slow_syncs, QUICK_NS, set()),
        (with_slow_syncs, SLOW_NS, {"GonogoJournalSyncSlow", "GonogoResponseSlow"}),
        (with_a_slow_engine, QUICK_NS, set()),
        (with_a_slow_engine, SLOW_NS, {"GonogoResponseSlow"}),
    ],
)
def test_slowness_is_told_with_where_it_comes_from(tmp_path, watch, slowed, takes_ns, fires):
    clock = Clock()
    with served(tmp_path, SYNCED, clock) as service:
        traded(service, 1)
        watch.scrape(service.http_address)
        slowed(service, clock, takes_ns)
        traded(service, 201)
        watch.scrape(service.http_address)
        assert watch.firing() == fires
        watch.scrape(service.http_address, times=5)
        assert watch.firing() == set(), "a minute later it is over"


def test_a_sync_that_does_not_return_is_told_while_it_lasts(tmp_path, watch):
    clock = Clock()
    with served(tmp_path, SYNCED, clock) as service, Client(service.address).log_in() as one:
        file = with_slow_syncs(service, clock, 0)
        file.free.clear()
        one.send(sent(buy(1)))
        assert file.began.wait(TIMEOUT_S)
        watch.scrape(service.http_address)
        assert watch.firing() == set()
        clock.added_ns += STUCK_NS
        watch.scrape(service.http_address)
        assert watch.firing() == {"GonogoJournalSyncStuck"}
        file.free.set()
        one.hear(1)
        watch.scrape(service.http_address)
        assert "GonogoJournalSyncStuck" not in watch.firing()


@pytest.mark.parametrize(("hostile", "fires"), [(2, set()), (3, {"GonogoErrorsMany"})])
def test_more_than_one_error_in_a_hundred_commands_is_told(tmp_path, watch, hostile, fires):
    with served(tmp_path) as service:
        traded(service, 1)
        watch.scrape(service.http_address, times=4)
        traded(service, 201)
        for _ in range(hostile):
            with Client(service.address) as client:
                client.send(b"\0\0").until_closed()
        watch.scrape(service.http_address)
        assert watch.firing() == fires


def test_errors_without_any_command_are_told(tmp_path, watch):
    with served(tmp_path) as service:
        watch.scrape(service.http_address)
        with Client(service.address) as client:
            client.send(b"\0\0").until_closed()
        watch.scrape(service.http_address)
        assert watch.firing() == {"GonogoErrorsMany"}


@pytest.mark.parametrize(("percent", "fires"), [(120, set()), (105, {"GonogoMemoryShort"})])
def test_memory_that_comes_near_its_limit_is_told_after_a_minute(tmp_path, watch, monkeypatch, percent, fires):
    with served(tmp_path) as service:
        monkeypatch.setattr(readings, "limit_bytes", lambda: resident_bytes() * percent // 100)
        watch.scrape(service.http_address, times=4)
        assert watch.firing() == set()
        watch.scrape(service.http_address)
        assert watch.firing() == fires


def test_a_service_that_starts_or_died_is_not_ready_and_one_that_ended_is_gone(tmp_path, watch):
    service = Served(tmp_path, raw_config())
    watch.scrape(service.http_address, times=3)
    assert watch.firing() == {"GonogoNotReady"}
    service.service.start()
    watch.scrape(service.http_address, times=3)
    assert watch.firing() == set()
    service.service._gateway.failure = OSError("no more")
    watch.scrape(service.http_address, times=3)
    assert watch.firing() == {"GonogoNotReady"}
    service.service._gateway.failure = None
    service.end()
    watch.scrape(None, times=2)
    assert watch.firing() == set(), "it may be starting again"
    watch.scrape(None)
    assert watch.firing() == {"GonogoGone"}


def test_every_rule_asks_for_figures_that_are_there(tmp_path, watch):
    with served(tmp_path) as service:
        page = _page(service.http_address)
    names = {name for name, _ in samples(page)}
    asked = {word for rule in RULES for word in rule.expr.replace("(", " ").replace("[", " ").replace("{", " ").replace(")", " ").split() if word.startswith("gonogo_")}  # fmt: skip
    assert asked <= names
