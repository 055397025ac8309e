"""Adapters and scenarios of strangers: what they do wrong is told as theirs, and never ends gonogo with a verdict's exit code."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.fakes.command import GONOGO, environment, gonogo, policy_file, scenario_file

ADAPTER = """
from engines.adapters.plain import PlainInProcess
{head}

class ENGINE(PlainInProcess):
    name = "mine"
    version = "0.0.1"
{body}
"""


def adapter(folder, body="    pass", head=""):
    path = folder / "mine.py"
    path.write_text(ADAPTER.format(body=body, head=head))
    return path


def run(folder, *words):
    return gonogo("run", *words, "--policy", policy_file(folder), cwd=folder)


def verdict(folder, name="short"):
    return json.loads((folder / "runs" / name / "latest" / "verdict.json").read_text())


FAILURES = {
    "exits": ("    def take(self, commands):\n        import sys; sys.exit(0)", "alive"),
    "raises": ("    def take(self, commands):\n        raise ValueError('no')", "alive"),
    "takes nothing sensible": ("    def take(self, commands):\n        return None", "alive"),
    "gives a list": ("    def poll(self, wait_ns):\n        return []", "alive"),
    "fails to start": ("    def start(self):\n        raise OSError('no port')", "gate_0"),
    "exits at start": ("    def start(self):\n        raise SystemExit(0)", "gate_0"),
    "shows half a book": ("    def snapshot(self):\n        return 5", "alive"),
}


@pytest.mark.parametrize(("body", "check"), FAILURES.values(), ids=FAILURES.keys())
def test_a_failing_adapter_is_no_go_by_name(tmp_path, body, check):
    done = run(tmp_path, scenario_file(tmp_path), "--engine", adapter(tmp_path, body))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert check in {finding["check"] for finding in verdict(tmp_path)["findings"]}


REFUSED = {
    "syntax": ("    def :", "", "mine.py"),
    "import": ("    pass", "import not_there", "line"),
    "exits while it is loaded": ("    pass", "import sys; sys.exit(0)", "SystemExit"),
    "cannot be built": ("    def __init__(self, setup):\n        raise KeyError('x')", "", "cannot be built"),
    "says nothing of itself": ("    capabilities = None", "", "capabilities = None"),
    "misspells": ("    import msgspec\n    capabilities = msgspec.structs.replace(PlainInProcess.capabilities, commands=('new', 'cancle'))", "", "'cancle'"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "head", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_an_adapter_file_that_cannot_be_used_is_refused_with_its_place(tmp_path, body, head, said):
    done = run(tmp_path, scenario_file(tmp_path), "--engine", adapter(tmp_path, body, head))
    assert done.returncode == 64, done.stdout + done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import sys; sys.exit(0)", "SystemExit"),
        ("SCENARIO = 5", "wanted a harness.scenario.Scenario"),
        ("from harness.scenario import Scenario\nSCENARIO = Scenario(abut='x')", "abut"),
        (
            "from harness.scenario import Scenario\nSCENARIO = Scenario(about='', flow='poisson', instrument=None)",
            "flow",
        ),
        ("SCENARIO = (", "mine_scenario.py"),
    ],
)
def test_a_scenario_file_that_cannot_be_used_is_refused(tmp_path, text, said):
    (tmp_path / "mine_scenario.py").write_text(text)
    done = run(tmp_path, "mine_scenario.py")
    assert done.returncode == 64, done.stdout + done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_adapter_may_import_what_lies_beside_it(tmp_path):
    (tmp_path / "my_engine.py").write_text("NAME = 'mine'\n")
    done = run(tmp_path, scenario_file(tmp_path), "--engine", adapter(tmp_path, head="import my_engine"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_report_names_the_build_that_was_driven_and_how_to_drive_it_again(tmp_path):
    git = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    path = adapter(
        tmp_path,
        "    def __init__(self, setup):\n        from engines.specimens.taker_price import TakerPrice\n        super().__init__(setup._replace(build=TakerPrice))",
    )
    scenario = scenario_file(tmp_path)
    subprocess.run([*git, "init", "-q"], check=True, timeout=60)
    subprocess.run([*git, "add", "mine.py"], check=True, timeout=60)
    subprocess.run([*git, "commit", "-q", "-m", "mine"], check=True, timeout=60)
    commit = subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True, timeout=60
    ).stdout.strip()
    done = run(tmp_path, scenario, "--engine", path, "--seed", "5")
    told = verdict(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert told["engine"] == {"name": "mine", "version": "0.0.1", "commit": commit, "dirty": False}
    finding = next(one for one in told["findings"] if one["check"] == "trade_price")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    again = gonogo("replay", finding["id"], "--out", tmp_path / "runs", cwd=elsewhere)
    assert (again.returncode, again.stdout.split("  ")[0]) == (1, "STILL FAILING"), again.stdout + again.stderr


def test_what_is_not_a_finding_is_driven_again_by_the_command_that_the_report_tells(tmp_path):
    path = adapter(tmp_path)
    done = run(tmp_path, scenario_file(tmp_path), "--engine", path, "--seed", "5", "--use", "fast")
    words = {check["reproduce"] for check in verdict(tmp_path)["checks"] if check["verdict"] == "unknown"} or {""}
    assert done.returncode == 2
    for line in words - {""}:
        assert str(path) in line
        assert "--seed 5" in line
        assert "--policy" in line


def test_a_scenario_about_other_conventions_than_the_engines_own_is_not_tested(tmp_path):
    body = "    def __init__(self, setup):\n        super().__init__(setup._replace(conventions=None))"
    done = run(tmp_path, scenario_file(tmp_path), "edge_cases_decrement", "--engine", adapter(tmp_path, body))
    told = {one["what"]: one["why"] for one in verdict(tmp_path, "short+edge_cases_decrement")["not_tested"]}
    assert done.returncode == 0, done.stdout + done.stderr
    assert told["scenario edge_cases_decrement"] == "it is about other conventions than the engine's own"


def test_a_verdict_that_was_changed_is_not_rendered(tmp_path):
    run(tmp_path, scenario_file(tmp_path), "--engine", "taker_price")
    path = tmp_path / "runs" / "short" / "latest" / "verdict.json"
    path.write_text(path.read_text().replace("NO-GO", "GO"))
    done = gonogo("report", "runs/short", cwd=tmp_path)
    assert (done.returncode, "was changed since it was judged" in done.stderr) == (64, True)
    path.unlink()
    done = gonogo("report", "runs/short", cwd=tmp_path)
    assert (done.returncode, "was not judged yet" in done.stderr) == (64, True)


def test_reports_that_cannot_be_written_and_a_full_disk_are_no_fault_of_gonogo(tmp_path):
    run(tmp_path, scenario_file(tmp_path))
    (tmp_path / "file").write_text("")
    done = gonogo("report", "runs/short", "--out", "file", cwd=tmp_path)
    assert (done.returncode, "names a folder" in done.stderr) == (64, True)
    with Path("/dev/full").open("w") as full:
        words = ["judge", "runs/short"]
        done = subprocess.run(
            [GONOGO, *words],
            cwd=tmp_path,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 64, done.stderr
    assert "cannot be printed" in done.stderr
