"""The wheel, outside the repository: templates, policy, cases and the made-up day are inside."""

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from harness.compose import plugs
from tests.fakes.command import policy_file, scenario_file

ROOT = Path(__file__).parents[2]
CASES = plugs.cases()


def run(*words, cwd, **env):
    """A program as in an environment of a user's. Kernels are run as the Python that they are: compiled are all of them elsewhere, one here."""
    kept = {"NUMBA_DISABLE_JIT": "1"} | {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GONOGO"))
    }
    return subprocess.run(
        [str(word) for word in words], cwd=cwd, env=kept | env, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    (made,) = folder.glob("gonogo-*.whl")
    return made


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The interpreter of an environment that holds the wheel, with the command beside it."""
    home = tmp_path_factory.mktemp("env")
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=home)
    own = home / "bin" / "python"
    site = Path(run(own, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).stdout.strip())
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    # The packages that gonogo depends on come from here; a path file does not run those of the folder that it names, so this
    # repository itself stays out of reach.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    command = home / "bin" / "gonogo"
    # Guarded as an installer's own is: the processes that gonogo starts read it again.
    command.write_text(f"#!{own}\nfrom harness.cli import entry\n\nif __name__ == '__main__':\n    entry()\n")
    command.chmod(0o755)
    where = run(own, "-c", "import harness, engines, scenarios, reports; print(harness.__file__)", cwd=home)
    assert where.stdout.startswith(str(site)), where.stdout + where.stderr
    return own


def test_the_wheel_gives_a_verdict_in_an_environment_of_its_own(python, tmp_path):
    gonogo = python.with_name("gonogo")
    words = ("run", scenario_file(tmp_path), "edge_cases", "made_up_day", "--policy", policy_file(tmp_path))
    done = run(gonogo, *words, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().startswith("GO")
    (report,) = tmp_path.glob("runs/*/2*/report.html")
    assert "<svg" in report.read_text()
    assert not (tmp_path / "runs").joinpath("latest").exists()
    refused = run(gonogo, "run", "--policy", "gone.toml", cwd=tmp_path)
    assert refused.returncode == 64


KERNEL = """
import numpy as np
from harness.base import histogram_kernel
counts = np.zeros(10_000, np.int64)
histogram_kernel.count(counts, np.array([7]))
print(counts[7], type(histogram_kernel.count).__name__)
"""


def test_its_kernels_are_compiled_and_kept(python, tmp_path):
    done = run(python, "-c", KERNEL, cwd=tmp_path, NUMBA_DISABLE_JIT="0", NUMBA_CACHE_DIR=str(tmp_path / "kept"))
    assert done.stdout.split() == ["1", "CPUDispatcher"], done.stdout + done.stderr
    assert [path.name.split(".")[0] for path in tmp_path.glob("kept/harness.base.histogram_kernel/*/*/*.nbi")] == [
        "histogram_kernel"
    ]


@pytest.fixture
def project(tmp_path):
    """A project of a user, whose packages have the names of gonogo's."""
    for name in ("harness", "engines", "scenarios", "reports"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('a package of the user')\n")
    (tmp_path / "test_own.py").write_text("def test_own():\n    assert True\n")
    return tmp_path


def pytest_with(python, project, *words):
    return run(
        python, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "--gonogo-seeds", "4", "--gonogo-seeds-a-test", "2", "--gonogo-commands", "200",
        "--gonogo-machines", "1", *words, cwd=project, PYTHONPATH=str(project),
    )  # fmt: skip


def test_the_pytest_plugin_tries_a_healthy_engine_beside_the_projects_own_tests(python, project):
    done = pytest_with(python, project, "--gonogo-engine", "plain")
    assert done.returncode == 0, done.stdout + done.stderr
    passed, skipped = (int(number) for number in re.search(r"(\d+) passed, (\d+) skipped", done.stdout).groups())
    assert passed + skipped == 1 + 1 + 2 + len(CASES), (
        "the project's own, one of the state machine, two of seeds, and one a case"
    )
    assert not (project / ".gonogo").exists()


def test_a_seed_that_fails_is_printed_kept_and_tried_first_next_time(python, project):
    done = pytest_with(python, project, "--gonogo-engine", "taker_price", "-k", "seeds or machine")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "FAILED gonogo::machine::1-to-1" in done.stdout
    assert "FAILED gonogo::seeds::1-to-2" in done.stdout
    for searched in ("--seed 1 --machines 1", "--seed 1 --seeds 1"):
        again = re.search(rf"again: \S*gonogo (explore --engine taker_price {searched} .*)", done.stdout)
        assert run(python.with_name("gonogo"), *again[1].split(), cwd=project).returncode == 1
    kept = (project / ".gonogo" / "seeds").read_text().splitlines()
    assert {"1 200 taker_price", "machine 1 50 30 taker_price"} <= set(kept)
    (tape,) = project.glob(".gonogo/failures/*/tape.json")
    assert f"kept with a test of it: {tape}" in done.stdout
    words = ("--collect-only", "-q", "--gonogo-engine", "taker_price", "--gonogo-seeds", "0", "--gonogo-machines", "0")
    listed = run(python, "-m", "pytest", *words, cwd=project)
    tests = [line for line in listed.stdout.splitlines() if line.startswith("gonogo::")]
    assert {line.split("::")[1] for line in tests[: len(kept)]} == {"bank"}
    assert len(tests) == len(CASES) + len(kept)


def test_without_an_engine_the_plugin_adds_nothing(python, project):
    done = run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=project)
    assert done.stdout.splitlines()[-1].startswith("1 passed")


def test_an_engine_that_is_not_there_is_told_in_gonogos_own_words(python, project):
    done = pytest_with(python, project, "--gonogo-engine", "nobody", "-k", "seeds")
    assert done.returncode == 1
    assert "there is no engine 'nobody'" in done.stdout


def test_the_wheel_holds_nothing_that_is_not_gonogos(wheel):
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
    assert {name.split("/")[0] for name in names} <= {
        "harness",
        "engines",
        "scenarios",
        "reports",
        "pytest_gonogo",
        "gonogo-0.1.0.dist-info",
    }
    assert {
        "harness/policy.toml",
        "harness/compose/stubs/engine.py.stub",
        "engines/examples/nodejs_order_book.mjs",
        "scenarios/profiles/quick.toml",
        "scenarios/data/made_up_day.csv.gz",
    } <= set(names)
    assert any(name.endswith("LICENSE") for name in names)
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
