"""`gonogo specimens`: the table, the page, the JSON, and the exit code."""

import json

from tests.fakes.command import gonogo


def test_the_matrix_is_printed_stored_and_drawn(tmp_path):
    done = gonogo("specimens", "taker_price", "--seeds", "1", "--shrink", cwd=tmp_path, fresh=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1 caught" in done.stdout
    head, row = done.stdout.splitlines()[:2]
    assert head.split() == ["specimen", "commands", "s", "shrunk", "seen", "by"]
    assert row[head.index("seen by") :].startswith("trade_price")
    page = (tmp_path / "runs" / "specimens" / "specimens.html").read_text()
    assert "1 of 1 caught" in page
    assert "<script" not in page
    again = gonogo("specimens", "taker_price", "--seeds", "0", "--json", "--out", "x", cwd=tmp_path)
    told = json.loads(again.stdout)
    assert told["totals"] == {"caught": 1, "misnamed": 0, "missed": 0, "not_run": 0, "false_alarms": 0}
    assert told["specimens"][0]["caught_by"]
    assert (
        json.loads((tmp_path / "x" / "specimens" / "specimens.json").read_text())["specimens"][0]["name"]
        == "taker_price"
    )


def test_a_strange_name_is_a_usage_error(tmp_path):
    done = gonogo("specimens", "nobody", cwd=tmp_path)
    assert done.returncode == 64
    assert "there is no specimen 'nobody'; there are: " in done.stderr
