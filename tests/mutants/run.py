"""Breaks kernels on purpose, one place at a time, and tells which breaks no test sees.

    python -m tests.mutants.run engines/reference harness/oracle/verifier --each 2 --tests tests/contract/test_same_as_plain.py

Every function of every file that compiles kernels is broken `--each` times, in ways drawn by the seed. The tests run in a copy of the
tree with NUMBA_DISABLE_JIT=1, so that nothing is compiled; first the unbroken tree must pass. A break that makes them hang is seen too.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import NamedTuple

from tests.mutants.changes import Change, changes_of

ROOT = Path(__file__).parents[2]
MARK = "from harness.base.kernels import compiled"
HANGS = 5
"""A broken tree may take so many times as long as the unbroken one."""


class Mutant(NamedTuple):
    """One break of one function."""

    path: str
    function: str
    change: Change


def mutants(paths: list[str], each: int, seed: int) -> Iterator[Mutant]:
    """`each` breaks of every function of the files that compile kernels."""
    for path in sorted(file for name in paths for file in _files(ROOT / name)):
        source = path.read_text(encoding="utf-8")
        if MARK not in source:
            continue
        name = str(path.relative_to(ROOT))
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef):
                found = list(changes_of(node, source))
                # Drawn by name: an edit of one function leaves the breaks of the others as they were.
                chosen = random.Random(f"{seed}|{name}|{node.name}").sample(found, min(each, len(found)))
                yield from (Mutant(name, node.name, change) for change in chosen)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--tests", nargs="+", required=True)
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    chosen = list(mutants(asked.paths, asked.each, asked.seed))
    with tempfile.TemporaryDirectory(prefix="gonogo-mutants-") as folder:
        trees: Queue[Path] = Queue()
        for number in range(asked.workers):
            trees.put(_copy(Path(folder) / str(number)))
        limit_s = HANGS * _unbroken(trees, asked.tests)
        with ThreadPoolExecutor(asked.workers) as pool:
            survivors = list(filter(None, pool.map(lambda one: _survives(one, trees, asked.tests, limit_s), chosen)))
    functions = {(one.path, one.function) for one in chosen}
    silent = functions - {(one.path, one.function) for one in chosen if one not in survivors}
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} breaks of {len(functions)} functions were seen")
    print(f"functions of which no break was seen: {sorted(silent) or 'none'}")
    return 1 if survivors else 0


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else list(path.rglob("*.py"))


def _copy(place: Path) -> Path:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in names:
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
    return place


def _tests_pass(tree: Path, tests: list[str], limit_s: float) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, check=False, timeout=limit_s)
    except subprocess.TimeoutExpired:
        return False
    if done.returncode not in (0, 1):
        # Neither passed nor failed: a tree that cannot be tested would count as one whose break was seen.
        print(done.stdout.decode()[-2000:], file=sys.stderr)
    return done.returncode == 0


def _unbroken(trees: Queue[Path], tests: list[str]) -> float:
    tree = trees.get()
    begun_s = time.monotonic()
    if not _tests_pass(tree, tests, 3600):
        raise SystemExit("the tests fail on the unbroken tree")
    trees.put(tree)
    return time.monotonic() - begun_s + 5


def _survives(one: Mutant, trees: Queue[Path], tests: list[str], limit_s: float) -> Mutant | None:
    tree = trees.get()
    path = tree / one.path
    whole = path.read_text(encoding="utf-8")
    try:
        path.write_text(one.change.applied(whole), encoding="utf-8")
        survives = _tests_pass(tree, tests, limit_s)
    finally:
        path.write_text(whole, encoding="utf-8")
        trees.put(tree)
    print(
        f"{'SURVIVED' if survives else 'seen    '} {one.path}:{one.change.line} {one.function}: {one.change.said}",
        flush=True,
    )
    return one if survives else None


if __name__ == "__main__":
    sys.exit(main())
