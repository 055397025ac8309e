"""The page of the detection matrix in a real browser: what stays in sight while it is scrolled; what every page must do is tried in test_every_page.py."""

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


def test_on_a_phone_the_names_stay_in_sight_and_leave_room_for_marks(browser: Browser, path: Path) -> None:
    browser.open(path, 390, 844)
    browser.ask("document.querySelector('.matrix').scrollLeft = 200")
    name = "document.querySelector('tr[id=one] th').getBoundingClientRect()"
    assert browser.ask(f"{name}.left") >= 0
    assert browser.ask(f"{name}.right") < 300
