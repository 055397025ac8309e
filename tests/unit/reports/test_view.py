"""What a report tells of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from harness.base.errors import EvidenceError
from harness.evidence.archive import Archive
from harness.evidence.store import write_json
from reports.view import view
from tests.fakes import run_folder
from tests.fakes.run_folder import EMPTY, GO


def test_an_interrupted_run_is_said_to_be_one(shown) -> None:
    page = shown(EMPTY)
    assert page.why.startswith("The run did not finish (interrupted): 0 of 2 scenarios left evidence")
    assert [(one.what, one.why) for one in page.not_tested] == [
        ("scenario poisson", "the run ended before it: interrupted"),
        ("scenario cases", "the run ended before it: interrupted"),
    ]
    assert (page.checks, page.driven) == ((), ())
    assert [one.checks for one in page.missing] == [(("Price time", ""),)]


def test_changed_evidence_is_told_and_changed_reports_are_not(tmp_path: Path) -> None:
    folder = run_folder.write(tmp_path / "run", GO)
    (folder / "report.html").write_text("anything")
    assert dict(view(Archive(folder)).measured)["Evidence"].endswith("; as sealed in manifest.sha256")
    (folder / "scenarios/poisson/history/000001.commands").write_bytes(b"changed")
    told = dict(view(Archive(folder)).measured)["Evidence"]
    assert told.endswith("; CHANGED since it was sealed: scenarios/poisson/history/000001.commands")


def test_a_verdict_without_its_own_use_is_refused(tmp_path: Path) -> None:
    folder = run_folder.write(tmp_path / "run", replace(GO))
    write_json(folder / "verdict.json", msgspec.structs.replace(run_folder.stored(folder), use="nobody"))
    with pytest.raises(EvidenceError, match="holds no verdict for its own use 'nobody'"):
        view(Archive(folder))
