"""A folder that goes with its process: at its end, at an error, and where the process is killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from harness.load.own_folder import own_folder
from tests.fakes.command import until

HOLDS = """
import sys
from harness.load.own_folder import own_folder
with own_folder("gonogo-test-") as folder:
    (folder / "left").mkdir()
    (folder / "left" / "a").write_text("a")
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_it_is_gone_at_the_end_and_after_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with own_folder("it-") as folder:
        assert folder.parent == tmp_path
        (folder / "a").write_text("a")
    assert not folder.exists()

    def broken():
        with own_folder("it-") as other:
            (other / "a").write_text("a")
            raise RuntimeError("broken off")

    with pytest.raises(RuntimeError, match="broken off"):
        broken()
    assert not list(tmp_path.iterdir())


def test_it_goes_with_a_process_that_is_killed(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-P", "-c", HOLDS], env={"TMPDIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)}, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        folder = Path(process.stdout.readline().strip())
        assert (folder / "left" / "a").is_file()
        process.kill()
    until(lambda: not folder.exists())
    assert process.returncode == -9
