"""The wheel, outside the repository: templates, policy, cases and the made-up day are inside."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

from tests.fakes.command import policy_file, scenario_file

ROOT = Path(__file__).parents[2]


def run(*words, cwd, **env):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GONOGO"))}
    return subprocess.run(
        [str(word) for word in words], cwd=cwd, env=kept | env, capture_output=True, text=True, check=False, timeout=300
    )


def test_the_wheel_gives_a_verdict_in_an_environment_of_its_own(tmp_path):
    built = run(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "dist", ROOT, cwd=tmp_path
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = (tmp_path / "dist").glob("gonogo-*.whl")
    home = tmp_path / "env"
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=tmp_path)
    site = Path(
        run(
            home / "bin" / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path
        ).stdout.strip()
    )
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    # The packages that gonogo depends on come from here; a path file does not run those of the folder that it names, so this
    # repository itself stays out of reach.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = home / "bin" / "python"
    where = run(python, "-c", "import harness, engines, scenarios, reports; print(harness.__file__)", cwd=tmp_path)
    assert where.stdout.startswith(str(site)), where.stdout + where.stderr
    gonogo = (python, "-c", "from harness.cli import entry; entry()")
    words = ("run", scenario_file(tmp_path), "edge_cases", "made_up_day", "--policy", policy_file(tmp_path))
    done = run(*gonogo, *words, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().startswith("GO")
    (report,) = tmp_path.glob("runs/*/2*/report.html")
    assert "<svg" in report.read_text()
    assert not (tmp_path / "runs").joinpath("latest").exists()
    refused = run(*gonogo, "run", "--policy", "gone.toml", cwd=tmp_path)
    assert refused.returncode == 64


def test_the_wheel_holds_nothing_that_is_not_gonogos(tmp_path):
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT, cwd=tmp_path)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = tmp_path.glob("gonogo-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
    assert {name.split("/")[0] for name in names} <= {
        "harness",
        "engines",
        "scenarios",
        "reports",
        "gonogo-0.1.0.dist-info",
    }
    assert {"harness/policy.toml", "scenarios/profiles/quick.toml", "scenarios/data/made_up_day.csv.gz"} <= set(names)
    assert any(name.endswith("LICENSE") for name in names)
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
