"""The page of the detection matrix: what saw what, what fell short, and no name that can break out of it."""

import re

from harness.base.detection import Small
from reports.matrix import page
from tests.fakes.detected import FULL, matrix, specimen


def rows(html):
    """Name -> the marks of its row."""
    return {
        name: re.findall(r'class="(meant|saw|not-seen)"', row)
        for name, row in re.findall(r'<tr id="(\w+)">(.*?)</tr>', html, re.DOTALL)
    }


def test_each_mark_tells_whether_the_check_was_meant_to_see_it():
    html = page(
        matrix(
            specimen("one", "caught", ("model", "legal"), commands=7), specimen("two", "missed", why="no check saw it")
        )
    )
    found = rows(html)
    assert sorted(found["one"]) == ["meant", "not-seen", "saw"]
    assert found["two"] == ["not-seen", "not-seen"]
    assert "no check saw it" in html


def test_the_head_tells_how_many_and_what_fell_short():
    html = page(matrix(specimen("one", "caught", ("model",), commands=7), specimen("two", "not_run")))
    assert '<h1 class="no-go">1 of 2 caught</h1>' in html
    assert (
        "Half of the defects show within 7 commands. Fell short: 1 not run. Healthy engines: no finding in 6,000 commands."
        in html
    )
    assert '<h1 class="go">1 of 1 caught</h1>' in page(matrix(specimen("one", "caught", ("model",))))


def test_a_finding_on_a_healthy_engine_is_told_and_escaped():
    html = page(matrix(specimen("one", "caught", ("model",)), findings=2))
    assert "Healthy engines: 2 findings" in html
    assert "model: &lt;b&gt;wrong&lt;/b&gt;" in html


def test_specimens_of_a_kind_stand_together():
    html = page(
        matrix(specimen("a", "caught", kind="x"), specimen("b", "caught", kind="y"), specimen("c", "caught", kind="x"))
    )
    assert list(rows(html)) == ["a", "c", "b"]


def test_a_hostile_name_stays_text():
    html = page(FULL)
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html.lower()


def test_where_tapes_were_made_small_it_tells_how_small():
    small = Small(commands=4, tries=30, seconds=0.5)
    html = page(matrix(specimen("one", "caught", ("model",), shrunk=small), specimen("two", "caught", ("model",))))
    assert "shrunk to" in html
    assert "Half of them need no more than 4, none more than 4." in html
    assert "shrunk to" not in page(matrix(specimen("two", "caught", ("model",))))


def test_a_defect_that_takes_many_commands_by_its_nature_is_told_apart():
    few = specimen("few", "caught", ("model",), shrunk=Small(commands=4, tries=30, seconds=0.5))
    many = specimen(
        "many", "caught", ("model",), shrunk=Small(commands=1_001, tries=9, seconds=1), least_commands=1_001
    )
    html = page(matrix(few, many))
    assert "none more than 4. Not counted in that: 1 by whose nature it takes many." in html
    assert "Not counted" not in page(matrix(few))
