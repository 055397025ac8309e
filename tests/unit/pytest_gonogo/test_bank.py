"""The seed bank: what is written is read, also what an older plugin wrote and what a newer one may."""

from types import SimpleNamespace

import pytest

from pytest_gonogo import bank
from pytest_gonogo.bank import FlowSeed, MachineSeed

ENGINE = "my engines/adapter.py"


@pytest.fixture
def config(tmp_path):
    return SimpleNamespace(rootpath=tmp_path, getoption={"--gonogo-engine": ENGINE}.get)


def test_what_failed_comes_back_the_newest_first_and_once(config):
    assert bank.newest(config) == []
    for kept in (FlowSeed(1, 2000), MachineSeed(1, 50, 30), FlowSeed(3, 100), MachineSeed(1, 50, 30)):
        bank.remember(config, kept)
    assert bank.newest(config) == [FlowSeed(3, 100), MachineSeed(1, 50, 30), FlowSeed(1, 2000)]
    assert (config.rootpath / ".gonogo" / "seeds").read_text().count("\n") == 3


def test_lines_of_other_engines_and_of_other_versions_are_left_alone(config):
    lines = [
        f"7 300 {ENGINE}",
        "8 300 plain",
        f"machine 9 50 30 {ENGINE}",
        "machine 9 50 30 plain",
        f"fuzz 3 {ENGINE}",
        "",
    ]
    bank.folder(config).mkdir()
    (bank.folder(config) / "seeds").write_text("\n".join(lines))
    assert bank.newest(config) == [MachineSeed(9, 50, 30), FlowSeed(7, 300)]


def test_only_so_many_are_tried(config):
    for seed in range(bank.TRIED + 5):
        bank.remember(config, FlowSeed(seed, 10))
    assert [kept.seed for kept in bank.newest(config)] == list(range(bank.TRIED + 4, 4, -1))
