"""summary.md: short, and never too large for a CI job's page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from harness.evidence.archive import Archive
from reports.formats.summary import FORMAT, LIMIT_BYTES, fitted
from tests.fakes import run_folder
from tests.fakes.run_folder import GO, HOSTILE_RUN, NO_GO, WAIVED, Made, check


def render(folder: Path, made: Made) -> str:
    path = FORMAT.render(Archive(run_folder.write(folder / "run", made)), folder)
    assert path == folder / "summary.md"
    return path.read_text(encoding="utf-8")


def test_it_tells_the_verdict_and_each_trouble_with_its_command(tmp_path: Path) -> None:
    text = render(tmp_path, NO_GO)
    assert text.startswith("## NO-GO: velox 0.9.2 · Matching venue\n")
    assert "\n| fail | Price time | poisson | 3 violations | `gonogo replay a1b2c3d4` |\n" in text
    assert "7 of 12 checks over 2 scenarios pass; 3 things were not tested." in text


def test_go_has_no_table_of_troubles(tmp_path: Path) -> None:
    assert "reproduce with" not in render(tmp_path, GO)


def test_many_troubles_are_counted_instead_of_listed(tmp_path: Path) -> None:
    checks = tuple(check(f"check_{number}", "unknown", reason=f"no {number}") for number in range(70))
    text = render(tmp_path, replace(GO, checks=checks))
    assert text.count("| unknown |") == 20
    assert "50 more are in the report." in text


def test_troubles_that_are_alike_are_one_row(tmp_path: Path) -> None:
    text = render(
        tmp_path, replace(GO, checks=tuple(check(name, "unknown", reason="no") for name in ("a", "b", "c_d")))
    )
    assert text.count("| unknown |") == 1
    assert "\n| unknown | A, B and C d | poisson | no | `gonogo run poisson" in text


def test_waivers_are_told(tmp_path: Path) -> None:
    assert "\n- **Waived:** Ann Archer accepts finding a1b2c3d4" in render(tmp_path, WAIVED)


def test_what_is_too_large_is_cut_after_a_whole_line() -> None:
    text = "ä line of some length\n" * 100_000
    cut = fitted(text)
    assert len(cut.encode()) <= LIMIT_BYTES
    assert cut.endswith("length\n\n... cut at 1 MiB; report.html holds the rest.\n")
    assert fitted("short") == "short"


def test_hostile_text_makes_no_markup(tmp_path: Path) -> None:
    text = render(tmp_path, HOSTILE_RUN)
    assert "\u202e" not in text
    assert "<script" not in text.replace(r"\<script", "").replace("` <script", "").replace("``` <script", "")
