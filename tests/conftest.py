"""What goes before all tests."""

import gc
from collections.abc import Iterator

import pytest

from harness.base import discover
from harness.compose import plugs
from harness.compose.spreading import cores
from harness.compose.warming import warm
from tests.dealing import dealt


def pytest_sessionstart(session: pytest.Session) -> None:
    """Where several processes test, kernels are compiled before they begin: else each of them would compile the same at the same time."""
    config = session.config
    is_first = not hasattr(config, "workerinput")
    if is_first and config.getoption("numprocesses", default=None):
        warm(("reference", "service"), discover.names(plugs.KINDS["scenario"]), config.get_terminal_writer().line)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is collected stays to the end: to look through it for garbage, again and again, took a quarter of the time of collecting."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each process puts them into the same order, of which it is then given a stretch."""
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    if processes > 1:
        items[:] = dealt(items, processes)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait for other processes."""
    return cores() + 1
