"""Whether each tool can take samples here: with the real ones where they are, and with tools that fail."""

from __future__ import annotations

import os

import pytest

from harness.profiling import perf, py_spy
from harness.profiling.trying import FOR, PROGRAMS, TOOLS, wanting
from harness.target.tree import children


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.NAME)
def test_what_is_not_there_is_told_with_how_to_get_it(tool, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    assert wanting(tool) == f"not found: {tool.GET}"
    assert tool.NAME in FOR
    assert tool.NAME in PROGRAMS


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.NAME)
def test_what_is_not_allowed_is_told_with_what_to_allow_and_nothing_is_left(tool, tmp_path, monkeypatch):
    (tmp_path / tool.NAME).write_text("#!/bin/sh\necho 'Error: Permission denied' >&2; exit 1\n")
    (tmp_path / tool.NAME).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    before = children(os.getpid())
    assert wanting(tool) == f"{tool.NAME} failed: Permission denied ({tool.RIGHT})"
    assert children(os.getpid()) == before


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.NAME)
def test_the_real_one_works_or_says_why_not(tool):
    if tool.found() is None:
        pytest.skip(f"{tool.NAME} is not installed on this machine")
    why = wanting(tool)
    assert not why or tool.RIGHT in why or "saw the engine at no work" in why


def test_there_is_one_for_each_kind_of_engine():
    assert {tool.NAME for tool in TOOLS} == {py_spy.NAME, perf.NAME}


def test_where_nothing_can_be_written_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(py_spy, "found", lambda: "py-spy")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    assert wanting(py_spy).startswith("it cannot be tried: ")
