"""manifest.sha256: the hash of every file of a run, in the form that `sha256sum --check` reads.

It shows corruption, not forgery: who can change a file can change the manifest.
"""

from __future__ import annotations

from hashlib import file_digest
from pathlib import Path

from harness.evidence.store import write_bytes

NAME = "manifest.sha256"


def write(folder: Path) -> None:
    """Hash every file of the folder."""
    lines = [f"{_hash(path)}  {path.relative_to(folder)}\n" for path in _files(folder)]
    write_bytes(folder / NAME, "".join(lines).encode())


def changed(folder: Path) -> tuple[str, ...]:
    """The files that were changed, added or removed since the manifest was written, sorted; none where there is no manifest."""
    path = folder / NAME
    if not path.is_file():
        return ()
    told = {name: code for code, _, name in (line.partition("  ") for line in path.read_text().splitlines())}
    there = {str(file.relative_to(folder)): _hash(file) for file in _files(folder)}
    return tuple(sorted(name for name in told.keys() | there.keys() if told.get(name) != there.get(name)))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
