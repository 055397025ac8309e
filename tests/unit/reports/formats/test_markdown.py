"""report.md: the report in short, in which values stay values."""

from __future__ import annotations

import re
from pathlib import Path

from harness.evidence.archive import Archive
from reports.formats.markdown import FORMAT
from tests.fakes import run_folder
from tests.fakes.run_folder import EMPTY, HOSTILE_RUN, NO_GO, PROFILED, WAIVED, Made


def render(folder: Path, made: Made) -> str:
    path = FORMAT.render(Archive(run_folder.write(folder / "run", made)), folder)
    assert path == folder / "report.md"
    return path.read_text(encoding="utf-8")


def outside_code(text: str) -> str:
    """The text without fenced blocks and code spans."""
    text = re.sub(r"^(`{3,})text\n.*?\n\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)


def test_it_tells_the_verdict_the_stories_and_what_was_not_tested(tmp_path: Path) -> None:
    text = render(tmp_path, NO_GO)
    assert text.startswith("# NO-GO: velox 0.9.2\n")
    assert "\n### Time priority is lost after a cancel in the middle of a level\n" in text
    assert "\n- Reproduce with: `gonogo replay a1b2c3d4`\n- Make it small with: `gonogo shrink a1b2c3d4`\n" in text
    assert "\n> 5  new buy 100 x 1 #6 (account 2, instrument 1)\n" in text
    assert "\n| fail | Latency | response p99 14.2 ms (13.9 to 14.5), " in text
    assert "\n- **order type stop**: the engine does not offer it\n" in text
    assert text.endswith("\n")


def test_every_row_of_a_table_has_its_cells(tmp_path: Path) -> None:
    widths: list[int] = []
    for line in render(tmp_path, HOSTILE_RUN).splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("| ") else 0
        if cells and line.startswith("| ---"):
            widths.append(cells)
        elif cells and widths:
            assert cells == widths[-1] or "verdict |" in line
    assert widths == [4, 7]


def test_hostile_text_makes_no_markup(tmp_path: Path) -> None:
    text = outside_code(render(tmp_path, HOSTILE_RUN))
    assert not re.search(r"(?<!\\)<[a-z/!]", text)
    assert not re.search(r"(?<!\\)\]\(", text)
    assert "http://" not in text
    assert "\u202e" not in text
    assert "\n# e" not in text


def test_an_empty_run_still_reports(tmp_path: Path) -> None:
    assert "No scenario left any evidence." in render(tmp_path, EMPTY)


def test_waivers_stand_before_the_uses(tmp_path: Path) -> None:
    cover = render(tmp_path, WAIVED).partition("| use |")[0]
    assert "\n- **Waived:** Ann Archer accepts finding a1b2c3d4 (Time priority" in cover
    assert "\n- **Waiver expired:** The waiver of finding 0badcafe by Ann Archer" in cover


def test_where_the_engine_spent_its_time_is_told_in_short(tmp_path: Path) -> None:
    told = render(tmp_path, PROFILED)
    assert "## Where the engine spent its time" in told
    assert (
        "- **Poisson**: 1,000 samples by py-spy, which did not hold the engine up to look, so that a few stacks are torn; 99 times a second. `trade (book.py:80)` 54 %, `match (book.py:12)` 21 %"
        in told
    )
    assert "Poisson ran under it" in told
