"""The page of the detection matrix in a real browser: it asks for nothing, complains of nothing, and fits screens and phones."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.matrix import page
from tests.browser.devtools import NEEDS_BROWSER, Browser
from tests.fakes.detected import FULL

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("matrix") / "specimens.html"
    made.write_text(page(FULL))
    return made


def test_it_asks_for_nothing_and_complains_of_nothing(browser: Browser, path: Path) -> None:
    browser.open(path, 1280)
    assert browser.requests() == [path.as_uri()]
    assert browser.complaints() == []
    assert browser.ask("document.scripts.length + document.images.length") == 0


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_only_the_matrix_itself_is_wider_than_the_window(browser: Browser, path: Path, width: int) -> None:
    browser.open(path, width)
    assert browser.ask("document.documentElement.scrollWidth") == width
    assert browser.ask("document.querySelector('.matrix').getBoundingClientRect().width") <= width


def test_on_a_phone_the_names_stay_in_sight_and_leave_room_for_marks(browser: Browser, path: Path) -> None:
    browser.open(path, 390, 844)
    browser.ask("document.querySelector('.matrix').scrollLeft = 200")
    name = "document.querySelector('tr[id=one] th').getBoundingClientRect()"
    assert browser.ask(f"{name}.left") >= 0
    assert browser.ask(f"{name}.right") < 300
