"""report.html in a real browser: what is read first, what is open, in the light, in the dark and on paper; what every page must do is tried in test_every_page.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.evidence.archive import Archive
from reports.formats.html import FORMAT
from tests.browser.devtools import NEEDS_BROWSER, Browser
from tests.fakes import run_folder
from tests.fakes.run_folder import GO, NO_GO

RUNS = {"go": GO, "no-go": NO_GO}
BODY = "getComputedStyle(document.body).backgroundColor"

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("runs")
    return {
        name: FORMAT.render(Archive(run_folder.write(folder / name, made)), folder / name)
        for name, made in RUNS.items()
    }


def test_the_verdict_is_the_first_thing_read(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["no-go"], 390, 844)
    assert browser.ask("document.querySelector('h1').textContent") == "NO-GO"
    assert browser.ask("document.querySelector('.why').getBoundingClientRect().bottom") < 844
    assert browser.ask("document.title") == "NO-GO · velox 0.9.2 · gonogo"


def test_a_link_to_a_scenario_opens_what_hides_it(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["go"], 1280)
    row = "document.getElementById('check.cases.conservation')"
    assert browser.ask(f"{row}.closest('details').open") is False
    browser.ask("location.hash = 'check.cases.conservation'")
    assert browser.ask(f"{row}.closest('details').open") is True
    assert browser.ask(f"{row}.getBoundingClientRect().top") < 900


@pytest.mark.parametrize("media", ["screen", "print"])
def test_what_does_not_pass_is_open_and_what_passes_is_one_line(
    browser: Browser, pages: dict[str, Path], media: str
) -> None:
    browser.open(pages["no-go"], 1280, media=media)
    assert browser.ask(OPEN_CHECKS) == {"fail": [True], "unknown": [True], "pass": [False]}
    assert browser.ask("document.getElementById('check.poisson.price_time').getBoundingClientRect().height") > 0


OPEN_CHECKS = """
(() => {
  const open = {};
  for (const body of document.querySelectorAll('.checks > tbody'))
    (open[body.querySelector('.tag').textContent] ??= new Set()).add(body.querySelector('details').open);
  return Object.fromEntries(Object.entries(open).map(([verdict, states]) => [verdict, [...states]]));
})()
"""


def test_it_follows_light_and_dark(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["go"], 1280)
    light = browser.ask(BODY)
    browser.open(pages["go"], 1280, dark=True)
    assert (light, browser.ask(BODY)) == ("rgb(251, 251, 249)", "rgb(20, 22, 26)")


def test_paper_is_white_even_in_the_dark(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["no-go"], 720, dark=True, media="print")
    assert browser.ask(BODY) == "rgb(255, 255, 255)"
    assert browser.ask("getComputedStyle(document.querySelector('h1')).color") == "rgb(143, 27, 21)"


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_has_contrast_enough(browser: Browser, pages: dict[str, Path], dark: bool) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1 for text of any size."""
    browser.open(pages["no-go"], 1280, dark=dark)
    assert browser.ask(LOW_CONTRAST) == []


LOW_CONTRAST = """
(() => {
  const light = color => {
    const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = e => {
    for (; e; e = e.parentElement) {
      const color = getComputedStyle(e).backgroundColor;
      if (!color.endsWith(', 0)') && color !== 'transparent') return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const low = [];
  for (const e of document.querySelectorAll('main *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const style = getComputedStyle(e);
    const front = e.closest('svg') ? style.fill : style.color;
    if (!front.startsWith('rgb') || e.matches('title, desc')) continue;
    const [a, b] = [light(front), light(behind(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) low.push([e.tagName, e.textContent.slice(0, 30), front, behind(e)].join(' '));
  }
  return low;
})()
"""
