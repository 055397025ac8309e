"""The page of a capacity in a real browser: its colours and its cards; what every page must do is tried in test_every_page.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.capacity import page
from tests.browser.devtools import NEEDS_BROWSER, Browser
from tests.fakes.climbed import FOUND, climbed

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("capacity") / "capacity.html"
    made.write_text(page(climbed(*FOUND)))
    return made


@pytest.mark.parametrize("dark", [False, True])
def test_each_outcome_has_a_colour_of_its_own_on_either_ground(browser: Browser, path: Path, dark: bool) -> None:
    browser.open(path, 1280, dark=dark)
    kinds = ("kept", "broken", "generator", "unknown")
    painted = [browser.ask(f"(one => getComputedStyle(one).fill + getComputedStyle(one).stroke)(document.querySelector('.m-{kind}'))") for kind in kinds]  # fmt: skip
    assert len(set(painted)) == len(kinds)
    ground = browser.ask("getComputedStyle(document.querySelector('figure')).backgroundColor")
    assert all(ground * 2 not in one for one in painted)


def test_on_a_phone_a_rate_is_a_card_with_the_names_of_its_figures(browser: Browser, path: Path) -> None:
    browser.open(path, 390, 844)
    assert browser.ask("getComputedStyle(document.querySelector('.rates thead')).display") == "none"
    label = "getComputedStyle(document.querySelector('.rates td[data-label=p99]'), '::before').content"
    assert "p99" in browser.ask(label)
