"""Compiling before a run: once a version and a place, and not where nothing is compiled."""

import pytest

from harness.base import kernels
from harness.compose.warming import MARK, warm


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Where compiled code is kept, for this test alone."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path


def told():
    """What is told where the plain engine is made ready, which has no kernels, and no scenario."""
    lines = []
    warm(("plain",), (), lines.append)
    return lines


def marks(kept):
    return sorted(path.name.split("-")[1] for path in kept.rglob(f"{MARK}-*"))


def test_once_is_enough(kept):
    assert len(told()) == 1
    assert marks(kept) == ["checks", "engine", "flows"]
    assert told() == []


def test_what_was_compiled_for_an_installation_elsewhere_is_not_for_this_one(kept, monkeypatch):
    told()
    folder = kernels.cache_folder()
    monkeypatch.setattr(kernels, "cache_folder", lambda: folder)
    monkeypatch.setattr(kernels, "ROOT", kept)
    assert len(told()) == 1


@pytest.mark.parametrize(("value", "lines"), [("1", 0), ("0", 1)])
def test_where_nothing_is_compiled_nothing_is_marked_as_compiled(kept, monkeypatch, value, lines):
    monkeypatch.setenv("NUMBA_DISABLE_JIT", value)
    assert len(told()) == lines
    assert len(marks(kept)) == 3 * lines
