"""The verbs that help: list, doctor, help, version. And that help is cheap, by what it imports."""

import json
import subprocess
import sys

from harness.base import discover
from harness.compose import plugs
from tests.fakes.command import gonogo


def test_everything_that_is_plugged_in_is_listed_with_its_words(tmp_path):
    done = gonogo("list", cwd=tmp_path, fresh=True)
    assert done.returncode == 0
    for kind, package in plugs.KINDS.items():
        for name in discover.names(package):
            assert f"  {name} " in done.stdout, kind
            assert discover.about(package, name) in done.stdout


def test_one_kind_is_listed_alone(tmp_path):
    done = gonogo("list", "checks", cwd=tmp_path)
    assert done.stdout.startswith("checks\n")
    assert "poisson" not in done.stdout


def test_listing_imports_nothing_heavy():
    program = "import sys; from harness.cli import main; code = main(['list', 'flow']); heavy = {'numba', 'locust', 'scipy'} & set(sys.modules); sys.exit(code or len(heavy))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_help_imports_nothing_heavy():
    program = "import sys; from harness.cli import main; main(['--help']); print({'numpy', 'rich', 'pydantic', 'msgspec', 'jinja2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.rstrip().endswith("set()"), done.stdout


def test_every_verb_has_help(tmp_path):
    for verb in ("run", "judge", "report", "replay", "list", "doctor", "init"):
        done = gonogo(verb, "--help", cwd=tmp_path)
        assert (done.returncode, "Usage" in done.stdout) == (0, True)


def test_the_doctor_tells_what_it_saw(tmp_path):
    done = gonogo("doctor", "--json", cwd=tmp_path, fresh=True)
    told = {one["what"]: one for one in json.loads(done.stdout)}
    assert done.returncode == 0
    assert told["python"]["state"] == "ok"
    machine = {"processor", "cores", "governor", "turbo", "below", "quota", "pinned", "timer", "sleep", "load"}
    assert machine | {"others", "steal", "throttled", "disk"} | {"system", "run folder", "git"} <= set(told)
    assert "ok" in gonogo("doctor", cwd=tmp_path).stdout


def test_the_doctor_says_when_nothing_can_be_written(tmp_path):
    done = gonogo("doctor", "--out", "/proc/nowhere", cwd=tmp_path)
    assert (done.returncode, "cannot be written" in done.stdout) == (2, True)


def test_the_version_is_told(tmp_path):
    import harness

    assert gonogo("--version", cwd=tmp_path).stdout == f"gonogo {harness.__version__}\n"
