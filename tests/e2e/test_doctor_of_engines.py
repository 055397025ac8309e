"""`gonogo doctor --engine` as a user runs it: what fits is 0, what does not is 1, and what cannot be looked at is 64."""

import json
import re
import sys

import pytest

from tests.fakes.command import gonogo
from tests.fakes.described import ROOT
from tests.fakes.deviating import Deviating
from tests.fakes.fix_client import fix_config
from tests.fakes.serving import serving

DOCS = ROOT / "docs/adapters.md"
DEVIATING = ROOT / "tests/fakes/jsonl_deviating.py"
TOML = """
schema = 1
name = "deviating"
adapter = "jsonl"
[start]
command = {command}
env = {{ PYTHONPATH = {root}, NUMBA_DISABLE_JIT = "1" }}
timeout_s = 60
"""


@pytest.fixture
def deviating(tmp_path):
    """The engine.toml of an engine that differs in this way; lines behind it are added."""

    def written(way, more=""):
        command = json.dumps([sys.executable, str(DEVIATING), way])
        path = tmp_path / "engine.toml"
        path.write_text(TOML.format(command=command, root=json.dumps(str(ROOT))) + more)
        return path

    return written


def test_an_engine_that_fits_is_0(tmp_path):
    done = gonogo("doctor", "--engine", "plain", cwd=tmp_path)
    assert done.returncode == 0
    assert "it fits what it declares" in done.stdout
    assert done.stdout.rstrip().endswith('stop_evaluation = "command"')


def test_a_wrong_declaration_is_1_and_with_the_lines_that_are_proposed_it_fits(tmp_path, deviating):
    path = deviating("refuses fok")
    done = gonogo("doctor", "--engine", path, "--json", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert (done.returncode, told["fits"]) == (1, False)
    assert [(one["what"], one["whose"]) for one in told["told"] if one["state"] == "wrong"] == [("fok", "declaration")]
    again = gonogo("doctor", "--engine", deviating("refuses fok", told["proposal"]), cwd=tmp_path)
    assert again.returncode == 0, again.stdout


def test_what_was_sent_came_and_was_wanted_is_told(tmp_path, deviating):
    done = gonogo("doctor", "--engine", deviating("trades at another price"), cwd=tmp_path)
    assert done.returncode == 1
    shown = re.sub(r" +", " ", done.stdout)
    assert (
        "wrong a trade at the maker's price is carried out otherwise\n most likely of the engine itself\n sent: new sell 100 x 5 #1"
        in shown
    )
    assert "trade #2 with #1 at 101 x 2, 0 left\n wanted: trade #2 with #1 at 100 x 2, 0 left" in shown


def test_the_engine_of_the_documentation_fits(tmp_path):
    text = DOCS.read_text()
    for language, name in (("python", "naive.py"), ("python", "speaks.py"), ("toml", "engine.toml")):
        found = re.search(rf"```{language}\n# {name}\n(.*?)```", text, re.DOTALL)
        (tmp_path / name).write_text(found[1])
    done = gonogo("doctor", "--engine", "engine.toml", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "ok replace_keeps_place" not in re.sub(r" +", " ", done.stdout), "it offers no replace"


RUNNING = """
schema = 1
name = "running"
adapter = "{adapter}"
[endpoints]
orders = "{host}:{port}"
[[session]]
account = {accounts[0]}
username = "{names[0]}"
password = "secret"
target = "DEMO"
firm = "DEMO"
[[session]]
account = {accounts[1]}
username = "{names[1]}"
password = "secret"
target = "DEMO"
firm = "DEMO"
[[instrument]]
id = 4
symbol = "ONE"
tick_1e9 = 10000000
price_max = 10000
qty_max = 1000
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """`gonogo serve`, which runs already."""
    with serving(tmp_path_factory.mktemp("service"), fix_config()) as running:
        yield running


def by_wire(folder, adapter, address, *words):
    names, accounts = (("one", "two"), (11, 12)) if adapter == "ouch" else (("FIXA", "FIXB"), (16, 17))
    path = folder / "engine.toml"
    path.write_text(RUNNING.format(adapter=adapter, host=address[0], port=address[1], names=names, accounts=accounts))
    return gonogo("doctor", "--engine", path, *words, cwd=folder)


def test_an_engine_that_holds_the_rules_of_its_wire_is_0(tmp_path, service):
    done = by_wire(tmp_path, "fix", service.fix_address, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["fits"]) == (0, True), done.stdout
    assert len(told["by_wire"]) > 60
    assert {one["state"] for one in told["by_wire"]} == {"held"}
    assert all(one["clause"].startswith("FIX 4.4") for one in told["by_wire"])


def test_an_engine_that_breaks_a_rule_of_its_wire_is_1_and_the_rule_is_told(tmp_path, service):
    wrong = Deviating(service.address, "ouch")
    wrong.be("set C reason=Z")
    try:
        done = by_wire(tmp_path, "ouch", wrong.address)
    finally:
        wrong.close()
    assert done.returncode == 1
    shown = re.sub(r" +", " ", done.stdout)
    assert (
        "not held OUCH 5.0 a cancel takes all that is open\n OUCH 5.0, Cancel Order Message\n sent: begin\n > O #1\n < A #1\n > X #1\n"
        " came: C user_ref_num=#1 quantity=5 reason=Z\n wanted: < C #1 quantity=5 reason=U\n" in shown
    )
    assert "SoupBinTCP: of 32 rows 32 held, 0 not held, 0 not tried; rules broken: 0" in shown
    assert re.search(r"OUCH 5.0: .*rules broken: [1-9]", shown)


@pytest.mark.parametrize("words", [("--engine", "nobody"), ("--engine", "nowhere.toml")])
def test_what_cannot_be_looked_at_is_64(tmp_path, words):
    done = gonogo("doctor", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (64, "")
