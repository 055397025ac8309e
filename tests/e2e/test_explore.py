"""`gonogo explore`: the quick way to a first finding."""

import json
import re

from tests.fakes.command import gonogo

SEARCHED = ("--engine", "replace_loses_neighbour", "--seeds", "0", "--no-cases")


def test_of_a_healthy_engine_it_tells_how_much_was_tried(tmp_path):
    few = ("--commands", "200", "--machines", "2", "--examples", "10")
    done = gonogo("explore", "--engine", "plain", "--seeds", "2", *few, cwd=tmp_path, fresh=True)
    assert done.returncode == 0, done.stderr
    told = re.search(r"0 of 2 searches with findings; 0 of 2 seeds with findings, ([\d,]+) commands", done.stdout)
    assert int(told[1].replace(",", "")) > 400, "those of the searches too"
    assert list(tmp_path.iterdir()) == [], "it leaves nothing"


def test_what_was_found_is_told_with_its_seed(tmp_path):
    done = gonogo(
        "explore",
        "--engine",
        "taker_price",
        "--seeds",
        "12",
        "--commands",
        "300",
        "--no-cases",
        "--machines",
        "0",
        cwd=tmp_path,
    )
    assert done.returncode == 1
    assert "FAIL  seed 1, flow of" in done.stdout
    assert "trade_price: a trade was not at the price of the resting order" in done.stdout
    assert re.search(
        r"and \d more seeds with findings; --json tells all\ntaker_price: \d+ of 12 seeds with findings", done.stdout
    )


def test_as_json_it_tells_each_case_each_search_and_each_seed(tmp_path):
    few = ("--seeds", "1", "--commands", "50", "--machines", "1", "--examples", "2")
    done = gonogo("explore", "--engine", "collar_one_sided", *few, "--json", cwd=tmp_path)
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["schema"] == 2
    assert [one["seed"] for one in told["machines"]] == [1]
    assert {case["outcome"] for case in told["cases"]} == {"pass", "fail", "left out"}
    assert told["seeds"][0]["commands"] == 50


def test_what_a_search_finds_is_a_few_commands_in_words_with_the_command_that_finds_them_again(tmp_path):
    done = gonogo(
        "explore", *SEARCHED, "--machines", "4", "--seed", "4", "--examples", "200", "--save", "kept", cwd=tmp_path
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.count("FAIL  search of seed") == 4
    last = done.stdout.split("FAIL  search of seed ")[-1]
    assert last.startswith("7, after ")
    assert re.search(r"\d  replace #\d: ", last)
    again = re.search(r"again gonogo (.*)", last)[1].split()
    assert " ".join(again[3:]) == "--machines 1 --seed 7 --seeds 0 --no-cases --examples 200 --steps 30"
    alone = gonogo(*again, cwd=tmp_path)
    assert "--save DIR" in alone.stdout
    assert _search(alone.stdout) == _search(last), "a search behind others draws as the only one of a process"
    tape = re.search(r"tape  (kept/failures/[0-9a-f]{8})/tape.json", last)[1]
    assert gonogo("replay", tape, cwd=tmp_path).stdout.startswith("STILL FAILING")
    assert gonogo("replay", tape, "--engine", "plain", cwd=tmp_path).stdout.startswith("FIXED")


def test_what_a_search_finds_cannot_be_kept_in_a_file(tmp_path):
    (tmp_path / "taken").write_text("")
    few = ("--seeds", "0", "--no-cases", "--machines", "1", "--examples", "200")
    done = gonogo("explore", "--engine", "ioc_rests", *few, "--save", "taken", cwd=tmp_path)
    assert (done.returncode, "cannot be kept in taken" in done.stderr) == (64, True), done.stderr


def _search(told):
    """How many commands it took, and what was found."""
    return re.search(r"7, after .* commands\n(?s:.*?)\n +tape  ", told)[0]
