"""The example nodejs-order-book of npm, installed as docs/examples.md says, with the engine.toml files that stand there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.command import gonogo

ROOT = Path(__file__).parents[2]
WRAPPER = ROOT / "engines" / "examples" / "nodejs_order_book.mjs"
_SECTION = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8").split("\n## nodejs-order-book", 1)[1]
OWN, _WITHOUT_POST_ONLY, _IN_TENTHS, _PREVENTION = re.findall(r"```toml\n(.*?)```", _SECTION, re.DOTALL)
LOOK_PAST = f"{OWN}\n{_WITHOUT_POST_ONLY}"
TENTHS = LOOK_PAST.replace(OWN.splitlines()[-1] + "\n", _IN_TENTHS)
PREVENTING = f"{OWN}\n{_PREVENTION}"
_INSTALL = re.search(r"^    npm (install .*)$", _SECTION, re.MULTILINE)


def installed(folder: Path) -> Path:
    """The folder with the engine and its wrapper; skips where there is no Node, no npm or no registry."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            pytest.skip(f"there is no {tool} here")
    words = ["npm", *_INSTALL[1].split(), "--no-audit", "--no-fund"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"{' '.join(words)} failed: {done.stderr.strip().splitlines()[-1:]}")
    shutil.copy(WRAPPER, folder)
    return folder


def explored(folder: Path, engine: str, *words: str) -> dict[str, Any]:
    """What `gonogo explore` tells as JSON, but of cases, searches and seeds only those with findings."""
    (folder / "engine.toml").write_text(engine)
    given = words if "--seeds" in words else (*words, "--seeds", "0")
    done = gonogo("explore", "--engine", "engine.toml", *given, "--json", cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    told = json.loads(done.stdout)
    cases = [one for one in told["cases"] if one["outcome"] == "fail"]
    machines = [one for one in told["machines"] if one["findings"] or one["failure"]]
    seeds = [one for one in told["seeds"] if one["findings"]]
    return told | {"cases": cases, "machines": machines, "seeds": seeds, "found": [*cases, *machines, *seeds]}


def steps(script: str) -> list[str]:
    """The commands of a script in words, without their numbers."""
    return re.findall(r"^ *>? *\d+  (.*)$", script, re.MULTILINE)
