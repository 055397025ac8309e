"""The open engine lightmatchingengine 2019.1.4 from PyPI: exploring alone finds each of its known faults, and makes it a few commands."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.command import gonogo

RELEASE = "lightmatchingengine==2019.1.4"
ADAPTER = Path(__file__).parents[2] / "engines" / "examples" / "light_matching_engine.py"
FILE = """
schema = 1
name = "lightmatchingengine"
adapter = "python"
[python]
object = "engines.examples.light_matching_engine:{kind}"
path = ["{site}"]
"""
LIMIT_ORDERS = """
[capabilities]
carries = ["maker", "price", "qty"]
untold = ["canceled_qty"]
says_all = false
"""
"""Who knows that its market orders are wrong looks at the others alone."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Where the engine is installed: beside gonogo, and not in its environment."""
    folder = tmp_path_factory.mktemp("site")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), RELEASE]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"{RELEASE} cannot be installed: {done.stderr.strip().splitlines()[-1:]}")
    return folder


def searched(folder, engine, *words):
    """Each search of `gonogo explore` that found something."""
    (folder / "engine.toml").write_text(engine)
    done = gonogo("explore", "--engine", "engine.toml", "--seeds", "0", "--no-cases", *words, "--json", cwd=folder)
    assert done.returncode == 1, done.stderr
    return [one for one in json.loads(done.stdout)["machines"] if one["findings"]]


def steps(script):
    """The commands of a script in words, without their numbers."""
    return re.findall(r"^ *>? *\d+  (.*)$", script, re.MULTILINE)


def test_the_adapter_is_read_at_a_glance():
    assert len(ADAPTER.read_text().splitlines()) < 60


def test_the_rest_of_a_market_order_rests_at_price_0(site, tmp_path):
    (found,) = searched(tmp_path, FILE.format(kind="Light", site=site), "--machines", "1")
    (step,) = steps(found["script"])
    assert re.fullmatch(r"new (buy|sell) market x \d+ #1 .*", step)
    assert "-> rested #1 at 0" in found["script"]
    assert found["findings"][0]["check"] == "legal"
    assert "canceled #1 (market remainder)" in found["findings"][0]["expected"]


def test_a_cancel_of_an_order_that_is_wholly_traded_raises(site, tmp_path):
    limits = FILE.format(kind="Light", site=site) + LIMIT_ORDERS
    # Of seeds 1 to 8, two find it.
    words = ("--seed", "3", "--machines", "1", "--examples", "200")
    (found,) = searched(tmp_path, limits, *words)
    first = found["findings"][0]
    assert first["check"] == "alive"
    assert [step.split()[0] for step in steps(found["script"])] == ["new", "new", "cancel"]
    assert "it raised AssertionError: Order price" in first["got"]
    assert "lightmatchingengine.py, line" in first["got"]


def test_fractional_sizes_give_trades_of_nothing(site, tmp_path):
    tenths = FILE.format(kind="InTenths", site=site) + LIMIT_ORDERS
    (found,) = searched(tmp_path, tenths, "--seed", "7", "--machines", "1", "--examples", "200")
    assert re.search(r"-> trade #\d+ with #\d+ at \d+ x 0$", found["script"], re.MULTILINE)
    assert found["findings"][0]["check"] == "legal"
    assert len(steps(found["script"])) <= 5
