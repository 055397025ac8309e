"""Breaks files on purpose, one place at a time, and tells which breaks no test sees.

    python -m tests.mutants.run engines/reference harness/oracle/verifier --each 2 --tests tests/contract/test_same_as_plain.py
    python -m tests.mutants.run harness/checks/model.py harness/oracle/ledger.py --each 3

Every function and every method is broken `--each` times, in ways drawn by the seed. A file is held to the tests that are named, and where
none are, to its own: those at the mirrored path. They run in a copy of the tree with NUMBA_DISABLE_JIT=1, so that kernels need no compiling;
first the unbroken tree must pass. A break that makes them hang is seen too. A file in which there is nothing to break is an error.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import NamedTuple

from tests.mutants.changes import Change, changes_of, functions_of

ROOT = Path(__file__).parents[2]
HANGS = 5
"""A broken tree may take so many times as long as the unbroken one."""


class Mutant(NamedTuple):
    """One break of one function."""

    path: str
    function: str
    change: Change


def mutants(paths: list[str], each: int, seed: int) -> list[Mutant]:
    """`each` breaks of every function of the files."""
    return [mutant for path in paths for file in _files(ROOT / path) for mutant in _mutants(file, each, seed)]


def _mutants(path: Path, each: int, seed: int) -> list[Mutant]:
    source = path.read_text(encoding="utf-8")
    name = str(path.relative_to(ROOT))
    chosen: list[Mutant] = []
    for function, node in functions_of(source):
        found = list(changes_of(node, source))
        # Drawn by name: an edit of one function leaves the breaks of the others as they were.
        drawn = random.Random(f"{seed}|{name}|{function}").sample(found, min(each, len(found)))
        chosen += [Mutant(name, function, change) for change in drawn]
    if not chosen:
        raise SystemExit(f"{name}: there is nothing to break in it; wanted a file with a function that does something")
    return chosen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--tests", nargs="+", default=[], help="by default the tests at the mirrored path of each file")
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    chosen = mutants(asked.paths, asked.each, asked.seed)
    tests = {one.path: tuple(asked.tests) or (mirrored(one.path),) for one in chosen}
    with tempfile.TemporaryDirectory(prefix="gonogo-mutants-") as folder:
        trees: Queue[Path] = Queue()
        for number in range(asked.workers):
            trees.put(_copy(Path(folder) / str(number)))
        limits_s = {named: HANGS * _unbroken(trees, named) for named in set(tests.values())}
        with ThreadPoolExecutor(asked.workers) as pool:
            found = pool.map(lambda one: _survives(one, trees, tests[one.path], limits_s[tests[one.path]]), chosen)
            survivors = list(filter(None, found))
    for path in tests:
        unseen, broken = (sum(one.path == path for one in some) for some in (survivors, chosen))
        print(f"{broken - unseen:4} of {broken:4} seen in {path}")
    functions = {(one.path, one.function) for one in chosen}
    silent = functions - {(one.path, one.function) for one in chosen if one not in survivors}
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} breaks of {len(functions)} functions were seen")
    print(f"functions of which no break was seen: {sorted(silent) or 'none'}")
    return 1 if survivors else 0


def mirrored(path: str) -> str:
    """The file's own tests."""
    place = Path(path)
    own = Path("tests/unit") / place.parent / f"test_{place.name}"
    if not (ROOT / own).is_file():
        raise SystemExit(f"{path} has no tests at {own}; name others with --tests")
    return str(own)


def _files(path: Path) -> list[Path]:
    """The file itself; of a folder, those that hold a function at all."""
    if path.is_file():
        return [path]
    return [file for file in sorted(path.rglob("*.py")) if functions_of(file.read_text(encoding="utf-8"))]


def _copy(place: Path) -> Path:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in names:
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
    return place


def _tests_pass(tree: Path, tests: tuple[str, ...], limit_s: float) -> bool:
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


def _unbroken(trees: Queue[Path], tests: tuple[str, ...]) -> float:
    tree = trees.get()
    begun_s = time.monotonic()
    if not _tests_pass(tree, tests, 3600):
        raise SystemExit(f"{' '.join(tests)}: the tests fail on the unbroken tree")
    trees.put(tree)
    return time.monotonic() - begun_s + 5


def _survives(one: Mutant, trees: Queue[Path], tests: tuple[str, ...], limit_s: float) -> Mutant | None:
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
