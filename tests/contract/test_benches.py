"""What every bench must give: figures of work done right, with names of their own."""

import pytest

from harness.base import discover
from harness.compose import benching, plugs

SMALL = 0.002
SLOW = ("start",)
"""Compiles every kernel anew; tests/unit/harness/bench/test_start.py looks at its parts."""


@pytest.mark.parametrize("name", [name for name in discover.names(plugs.BENCHES) if name not in SLOW])
def test_the_work_is_done_right_and_each_figure_has_its_baseline(name):
    report = benching.bench([name], 1, SMALL, lambda _: None)
    assert report.correct(), [one.name for one in report.results if not one.correct]
    names = [one.name for one in report.results]
    assert names
    assert len(set(names)) == len(names)
    assert all(one.name.split(".")[0] == name for one in report.results)
    assert any(one.baseline and one.ratio for one in report.results)
    assert all(one.about for one in report.results)
