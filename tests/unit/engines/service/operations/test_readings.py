"""Every figure that a scrape reads is told in docs/service.md, and follows what happens."""

from pathlib import Path

from engines.service.operations.metrics import exposition
from tests.fakes.json_client import JsonClient
from tests.fakes.ouch_client import buy, cancel, sent
from tests.fakes.prometheus import Labels, samples
from tests.fakes.served import served
from tests.fakes.soup_client import Client

PAGE = Path(__file__).parents[5] / "docs" / "service.md"


def figures(service):
    return samples(exposition(service.service.metrics()))


def test_every_figure_is_documented(tmp_path):
    with served(tmp_path) as service:
        lines = exposition(service.service.metrics()).splitlines()
    names = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    told = PAGE.read_text()
    assert {name for name in names if f"`{name}" not in told} == set()


def test_commands_that_are_answered_have_their_times_and_refusals_their_reasons(tmp_path):
    with served(tmp_path) as service, Client(service.address).log_in() as one:
        one.send(sent(buy(1), buy(2, 20_000), cancel(1, 2))).hear(3)
        with Client(service.address) as stranger:
            stranger.send(b"\0\0").until_closed()
        assert service.end()
        found = figures(service)
    assert found["gonogo_response_seconds_count", Labels()] == 3
    assert 0 < found["gonogo_response_seconds_sum", Labels()] < 60
    assert found["gonogo_rejects_total", Labels([("reason", "invalid_price")])] == 1
    assert found["gonogo_disconnects_total", Labels([("cause", "wire")])] == 1
    assert found["gonogo_ready", Labels()] == 0


def test_what_is_kept_and_what_is_shut_is_told(tmp_path):
    with served(tmp_path) as service:
        with Client(service.address).log_in() as one:
            one.send(sent(buy(1))).hear(1)
        with JsonClient(service.json_address).log_in("staff") as staff:
            staff.say({"type": "halt", "order": 1, "instrument": 4})
            staff.hear()
        assert figures(service)["gonogo_shut", Labels()] == 1
        assert service.end()
        found = figures(service)
    assert found["gonogo_snapshots_total", Labels([("outcome", "stored")])] == 1
    assert found["gonogo_snapshot_command", Labels()] == 2
    assert 0 < found["gonogo_snapshot_copy_seconds", Labels()] < 60
