"""An engine as it was at a commit of its repository: `PATH@COMMIT`, checked out beside, so that nothing of the user's own tree moves."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.base.errors import SetupError
from harness.compose.plugs import is_own

GIT_TIMEOUT_S = 300


@contextmanager
def checked_out(name: str) -> Iterator[str]:
    """The name of the engine in a checkout that is gone afterwards; a name without a commit stays as it is.

    Raises:
        SetupError: there is no such commit, or the engine lies in no repository or was not there at the commit.
    """
    path, _, commit = name.rpartition("@")
    if not (path and commit and is_own(path)) or Path(name).exists():
        yield name
        return
    place = Path(path).resolve()
    folder = next((parent for parent in place.parents if parent.is_dir()), place)
    top = _git(folder, f"{path} lies in no git repository", "rev-parse", "--show-toplevel")
    full = _git(
        folder,
        f"there is no commit {commit!r} in {top}",
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        f"{commit}^{{commit}}",
    )
    with tempfile.TemporaryDirectory(prefix="gonogo-commit-") as made:
        # A clone that shares the objects, not a worktree: git would keep a note of that in the user's repository.
        copy = Path(made) / Path(top).name
        _git(folder, f"cannot clone {top}", "clone", "--quiet", "--shared", "--no-checkout", top, str(copy))
        _git(copy, f"cannot check out {commit}", "checkout", "--quiet", "--detach", full)
        there = copy / place.relative_to(Path(top).resolve())
        # The attribute of module:attribute is no file.
        if ":" not in place.name and not there.is_file():
            raise SetupError(f"there was no {place.relative_to(Path(top).resolve())} at {commit}")
        yield str(there)


def _git(folder: Path, wrong: str, *words: str) -> str:
    """What git says.

    Raises:
        SetupError: it says that something is `wrong`.
    """
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, text=True, timeout=GIT_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SetupError(f"{wrong}: git: {error}") from error
    if done.returncode:
        raise SetupError(": ".join(filter(None, (wrong, done.stderr.strip()))))
    return done.stdout.strip()
