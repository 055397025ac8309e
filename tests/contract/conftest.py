"""What contract tests of different rooms ask for."""

import gc
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from tests.fakes.marked import VARIABLE, marked

HELD = ("socket:", "pipe:", "anon_inode:[pidfd]", "/memfd:")


def held():
    """What this process has open, by kind, but for files of its own."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(descriptor.readlink()))
        except FileNotFoundError:
            # The one by which the folder itself was read.
            continue
    return Counter(kind for name in found for kind in HELD if name.startswith(kind))


@pytest.fixture
def nothing_is_left(tmp_path, monkeypatch):
    """Whatever a test starts is gone at its end, wherever it moved; so are its files, and nothing that led to it is open any more."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)
    before = held()
    yield
    assert marked(str(tmp_path)) == []
    assert [*scratch.iterdir()] == []
    if held() - before:
        # What only a cycle still holds is let go of by the next collection, not left.
        gc.collect()
    assert not held() - before
