"""A service that starts again goes on from its marks: what its clients read is the same, and what was asked and never told is asked again."""

import shutil

import pytest

from engines.service.gateway import marks
from tests.fakes.ouch_client import buy, sell, sent
from tests.fakes.served import served
from tests.fakes.soup_client import Client


def heard(service, name, count):
    with Client(service.address).log_in(name) as client:
        return client.hear(count)


def trade(service, number):
    """Four events."""
    with Client(service.address).log_in("one") as one, Client(service.address).log_in("two") as two:
        one.send(sent(sell(number))).hear(2 * number - 1)
        two.send(sent(buy(number))).hear(2 * number)


def made_again(service):
    """Of how many events the streams were made again."""
    (line,) = [line for line in service.log() if line["event"] == "streams made again"]
    return line["events"]


@pytest.mark.parametrize("dies", [False, True])
def test_only_what_is_behind_the_marks_is_told_again(tmp_path, monkeypatch, dies):
    monkeypatch.setattr(marks, "EVERY_EVENTS", 8)
    folder, killed = tmp_path / "one", tmp_path / "killed"
    with served(folder) as service:
        for number in (1, 2, 3):
            trade(service, number)
        before = heard(service, "one", 6), heard(service, "two", 6), heard(service, "watch", 12)
        # What lies there when it is killed.
        shutil.copytree(folder, killed)
    with served(killed if dies else folder) as service:
        assert made_again(service) == (4 if dies else 0)
        assert (heard(service, "one", 6), heard(service, "two", 6), heard(service, "watch", 12)) == before
        trade(service, 4)
        assert heard(service, "one", 8)[: len(before[0])] == before[0]


def test_without_marks_all_is_told_again(tmp_path):
    with served(tmp_path) as service:
        trade(service, 1)
        before = heard(service, "one", 2)
    (tmp_path / "ports" / marks.FILE).unlink()
    with served(tmp_path) as service:
        assert made_again(service) == 4
        assert heard(service, "one", 2) == before
