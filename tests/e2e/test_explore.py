"""`gonogo explore`: the quick way to a first finding."""

import json
import re

from tests.fakes.command import gonogo


def test_of_a_healthy_engine_it_tells_how_much_was_tried(tmp_path):
    done = gonogo("explore", "--engine", "plain", "--seeds", "2", "--commands", "200", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "0 of 2 seeds with findings, 400 commands" in done.stdout
    assert list(tmp_path.iterdir()) == [], "it leaves nothing"


def test_what_was_found_is_told_with_its_seed(tmp_path):
    done = gonogo(
        "explore", "--engine", "taker_price", "--seeds", "12", "--commands", "300", "--no-cases", cwd=tmp_path
    )
    assert done.returncode == 1
    assert "FAIL  seed 1, flow of" in done.stdout
    assert "trade_price: a trade was not at the price of the resting order" in done.stdout
    assert re.search(
        r"and \d more seeds with findings; --json tells all\ntaker_price: \d+ of 12 seeds with findings", done.stdout
    )


def test_as_json_it_tells_each_case_and_each_seed(tmp_path):
    done = gonogo("explore", "--engine", "collar_one_sided", "--seeds", "1", "--commands", "50", "--json", cwd=tmp_path)
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["schema"] == 1
    assert {case["outcome"] for case in told["cases"]} == {"pass", "fail", "left out"}
    assert told["seeds"][0]["commands"] == 50
