"""Every page that gonogo writes, in a real browser: it asks for nothing, complains of nothing, and fits screens and phones."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.evidence.archive import Archive
from reports import capacity, matrix
from reports.formats import html
from tests.browser.devtools import NEEDS_BROWSER, Browser
from tests.fakes import run_folder
from tests.fakes.climbed import FOUND, climbed
from tests.fakes.detected import FULL
from tests.fakes.run_folder import EMPTY, GO, HOSTILE_RUN, INVALID, NO_GO, PROFILED, UNDECIDED, Made

RUNS = {
    "go": GO,
    "no-go": NO_GO,
    "undecided": UNDECIDED,
    "invalid": INVALID,
    "empty": EMPTY,
    "profiled": PROFILED,
    "hostile": HOSTILE_RUN,
}
OTHERS = {"capacity": lambda: capacity.page(climbed(*FOUND)), "matrix": lambda: matrix.page(FULL)}
BEYOND = """
(() => {
  const scrolls = one => one && (['auto', 'scroll'].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  const beyond = one => one.getBoundingClientRect().right > window.innerWidth + 0.5 && !scrolls(one.parentElement);
  return [...document.querySelectorAll('main *')].filter(beyond).map(one => one.tagName + '.' + one.className);
})()
"""
"""What sticks out of the window on the right, but for what lies in something that can be scrolled by itself."""

pytestmark = NEEDS_BROWSER


def written(folder: Path, made: Made) -> Path:
    return html.FORMAT.render(Archive(run_folder.write(folder, made)), folder)


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    pages = {name: written(folder / name, made) for name, made in RUNS.items()}
    for name, page in OTHERS.items():
        pages[name] = folder / f"{name}.html"
        pages[name].write_text(page())
    return pages


@pytest.mark.parametrize("name", [*RUNS, *OTHERS])
def test_it_asks_for_nothing_and_complains_of_nothing(browser: Browser, pages: dict[str, Path], name: str) -> None:
    browser.open(pages[name], 1280)
    assert browser.requests() == [pages[name].as_uri()]
    assert browser.complaints() == []
    assert browser.ask("document.scripts.length + document.images.length") == 0


@pytest.mark.parametrize("name", [*RUNS, *OTHERS])
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_window(browser: Browser, pages: dict[str, Path], name: str, width: int) -> None:
    browser.open(pages[name], width)
    assert browser.ask("window.innerWidth") == width
    assert browser.ask("document.documentElement.scrollWidth") == width
    assert browser.ask(BEYOND) == []
