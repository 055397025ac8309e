"""A `gonogo` command that tells what a test wants it to tell, and a project whose pytest calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.fakes.command import environment

SCRIPT = """#!{python}
import json, sys, time
from pathlib import Path

here = Path(__file__).parent
with (here / "asked").open("a") as asked:
    print(*sys.argv[1:], file=asked)
if sys.argv[1] == "list":
    print("NAME  ABOUT\\nfirst  a case\\nsecond  another")
else:
    time.sleep({sleep_s})
    told = json.loads((here / "told.json").read_text())
    print(json.dumps(told["out"]))
    print("no such engine", file=sys.stderr)
    sys.exit(told["code"])
"""
FINDING = {"check": "model", "title": "it is wrong", "first_command": 3, "expected": "a\nb", "got": "c"}
NOTHING: dict[str, Any] = {"cases": [], "machines": [], "seeds": []}


class Project:
    """A project of a user, with the command beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bank = folder / ".gonogo" / "seeds"
        (folder / "pytest.ini").write_text("[pytest]\n")
        self.tell(NOTHING)
        self.sleeps(0)

    def tell(self, out: dict[str, Any], code: int = 0) -> None:
        """What `gonogo explore` prints from now on."""
        (self.folder / "told.json").write_text(json.dumps({"out": NOTHING | out, "code": code}))

    def sleeps(self, seconds: float) -> None:
        """How long it takes for it."""
        command = self.folder / "gonogo"
        command.write_text(SCRIPT.format(python=sys.executable, sleep_s=seconds))
        command.chmod(0o755)

    def pytest(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the tests of one case, one search and one seed on engine X, or what the words say."""
        few = ("--gonogo-seeds", "1", "--gonogo-machines", "1")
        return subprocess.run(
            [
                sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--gonogo-engine", "X",
                "--gonogo-command", str(self.folder / "gonogo"), *few, *words,
            ],
            cwd=self.folder, env=environment(), capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    def asked(self) -> list[str]:
        """What `gonogo explore` was asked."""
        return [line for line in (self.folder / "asked").read_text().splitlines() if line.startswith("explore")]
