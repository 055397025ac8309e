"""report.html: complete, self-contained, and harmless whatever an engine or a file says."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from harness.evidence.archive import Archive
from reports.formats.html import FORMAT
from tests.fakes import run_folder
from tests.fakes.run_folder import EMPTY, GO, HOSTILE, HOSTILE_RUN, INVALID, NO_GO, UNDECIDED, WAIVED, Made

RUNS = {
    "go": GO,
    "no-go": NO_GO,
    "undecided": UNDECIDED,
    "invalid": INVALID,
    "empty": EMPTY,
    "waived": WAIVED,
    "hostile": HOSTILE_RUN,
}
VOID = {"meta", "link", "img", "br", "hr", "input"}


class Page(HTMLParser):
    """What a test asks of a page: its elements in order, its text, and whether every element was closed."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.text += data

    def all(self, *tags: str) -> list[tuple[str, dict[str, str | None]]]:
        return [element for element in self.elements if element[0] in tags]


def render(folder: Path, made: Made) -> str:
    path = FORMAT.render(Archive(run_folder.write(folder / "run", made)), folder)
    assert path == folder / "report.html"
    return path.read_text(encoding="utf-8")


@pytest.fixture(params=RUNS)
def page(request, tmp_path: Path) -> Page:
    return Page(render(tmp_path, RUNS[request.param]))


def test_it_asks_for_nothing_and_runs_nothing(page: Page) -> None:
    assert not page.all("script", "link", "iframe", "object", "embed", "img", "form", "base", "style[src]")
    assert not [
        a for _, attrs in page.elements for a in attrs if a.startswith("on") or a in ("src", "style", "xlink:href")
    ]
    links = [attrs["href"] or "" for _, attrs in page.elements if "href" in attrs]
    assert all(link.startswith("#") or link in FILES_BESIDE for link in links)
    policy = [attrs for _, attrs in page.all("meta") if attrs.get("http-equiv") == "Content-Security-Policy"]
    assert policy[0]["content"] == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


FILES_BESIDE = {
    "report.html", "report.md", "summary.md", "junit.xml", "verdict.json", "run.json", "policy.toml", "manifest.sha256",
    "scenarios",
}  # fmt: skip


def test_its_parts_can_be_found(page: Page) -> None:
    assert page.elements[0] == ("html", {"lang": "en"})
    names = [attrs["id"] for _, attrs in page.elements if attrs.get("id")]
    assert len(names) == len(set(names))
    inner = [attrs["href"] for _, attrs in page.all("a") if (attrs["href"] or "").startswith("#")]
    assert {link[1:] for link in inner if link} <= set(names)
    labels = [attrs["aria-labelledby"] or "" for _, attrs in page.elements if "aria-labelledby" in attrs]
    assert {name for label in labels for name in label.split()} <= set(names)


def test_headings_come_in_order(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_headers_with_scope(page: Page) -> None:
    assert all(attrs.get("scope") in ("col", "row", "rowgroup") for _, attrs in page.all("th"))


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    source = render(tmp_path, HOSTILE_RUN)
    for hostile in ("<script", "<img", "</script", "\u202e", "\x1b", "\x00", "\x07"):
        assert hostile not in source
    told = Page(source).text
    assert HOSTILE[0] in told
    assert HOSTILE[1] in told
    assert HOSTILE[2] in told
    assert "[U+202E]gnp.exe[U+2066]" in told
    assert len(source) < 400_000


def test_findings_blockers_and_what_was_not_tested_are_there(tmp_path: Path) -> None:
    made = Page(render(tmp_path, NO_GO))
    for story in NO_GO.findings:
        for part in (story.title, story.expected, story.got, story.reproduce):
            assert part in made.text
    for left_out in NO_GO.not_tested:
        assert f"{left_out.what}: {left_out.why}" in made.text
    for told in (
        "What blocks",
        "Found, but not blocking this use",
        "▶ 5  new buy 100 x 1 #6",
        "never",
        "the flow was run only once",
        "boom",
    ):
        assert told in made.text
    assert {"finding.a1b2c3d4", "check.poisson.price_time"} <= {attrs.get("id") for _, attrs in made.elements}


def test_where_two_long_answers_differ_is_marked(tmp_path: Path) -> None:
    source = render(tmp_path, NO_GO)
    assert "<dd>new:\n<mark>accepted</mark>\n<mark>rested</mark></dd>" in source
    assert '<dd class="wrong">new:\n<mark>refused</mark></dd>' in source


def test_a_check_is_one_row_and_its_scenarios_stand_behind_it(tmp_path: Path) -> None:
    made = Page(render(tmp_path, NO_GO))
    names = {attrs.get("id") for _, attrs in made.elements}
    assert {"check.conservation", "check.poisson.conservation", "check.cases.conservation"} <= names
    opened = ["open" in attrs for _, attrs in made.all("details") if attrs.keys() <= {"open"}]
    assert (opened.count(True), "2 scenarios" in made.text) == (5, True)


def test_every_picture_says_in_words_what_it_shows(tmp_path: Path) -> None:
    made = Page(render(tmp_path, GO))
    assert len(made.all("svg")) == len(made.all("desc")) == len(made.all("figure")) == 4
    assert "Latency by percentile: response p99" in made.text


def test_a_picture_has_its_key_and_its_figures_as_a_table(tmp_path: Path) -> None:
    made = Page(render(tmp_path, GO))
    assert len([attrs for _, attrs in made.all("table") if attrs.get("class") == "figures"]) == 3
    told = " ".join(made.text.split())
    for key in ("━ response╍ service", "━ p50■ to p90■ to p99■ to max", "━ answered╍ asked┅ sent"):
        assert key in told
    assert told.count("■") == 3
    assert "percentileresponseservice p50449 µs443 µs" in told
    assert "max2.84 ms38.4 s201 ms30 s" in told


def test_an_invalid_run_is_said_loudly(tmp_path: Path) -> None:
    assert "The times of this run are not valid. The generator fell behind" in Page(render(tmp_path, INVALID)).text


def test_waivers_stand_on_the_cover(tmp_path: Path) -> None:
    text = Page(render(tmp_path, WAIVED)).text
    cover = text[: text.index("Contents") if "Contents" in text else text.index("Checks")]
    for told in ("Waived: Ann Archer accepts finding a1b2c3d4", "Waiver expired: The waiver of", "Waiver unused: The"):
        assert told in cover
    assert "all that it requires passes or is waived" in cover


def test_the_policy_is_shown_and_stays_text(tmp_path: Path) -> None:
    folder = run_folder.write(tmp_path / "run", GO)
    (folder / "policy.toml").write_bytes(
        b'schema = 1\n"latency" = ["p(99)<10ms"]\n</pre><script>\x1b\xff' + b"#" * 50_000
    )
    source = FORMAT.render(Archive(folder), tmp_path).read_text(encoding="utf-8")
    told = Page(source).text
    assert 'schema = 1\n"latency" = ["p(99)<10ms"]\n</pre><script>[U+001B]\ufffd###' in told
    assert len(source) < 200_000
    (folder / "policy.toml").unlink()
    assert "The policy" not in FORMAT.render(Archive(folder), tmp_path).read_text(encoding="utf-8")


def test_a_typical_report_is_light(tmp_path: Path) -> None:
    assert len(render(tmp_path, NO_GO)) < 200_000


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    assert render(tmp_path, GO) == FORMAT.render(Archive(tmp_path / "run"), tmp_path).read_text(encoding="utf-8")
