"""The open engine nodejs-order-book 10.1.1 from npm: what docs/examples.md tells of it is found by exploring alone, and nothing else is."""

import re

import pytest

from tests.fakes.command import gonogo
from tests.fakes.node_book import LOOK_PAST, OWN, PREVENTING, TENTHS, WRAPPER, explored, installed, steps

SEARCHED = ("--machines", "1", "--seed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the engine is installed, with the wrapper beside it."""
    return installed(tmp_path_factory.mktemp("venue"))


def test_the_wrapper_is_read_in_a_minute():
    assert len(WRAPPER.read_text().splitlines()) < 120


def test_what_it_declares_is_what_it_does(folder):
    (folder / "engine.toml").write_text(OWN)
    done = gonogo("doctor", "--engine", "engine.toml", cwd=folder)
    assert (done.returncode, "it fits what it declares" in done.stdout) == (0, True), done.stdout


def test_a_refused_change_of_a_post_only_order_takes_it_off_the_book(folder):
    found = explored(folder, OWN, *SEARCHED, "3")
    assert {one["findings"][0]["check"] for one in found["machines"]} == {"state_digest"}
    assert [case["name"] for case in found["cases"]] == ["post_only_replace_refused"]
    script = found["machines"][0]["script"]
    assert sorted(step.split()[0] for step in steps(script)) == ["new", "new", "replace"]
    assert len(re.findall(r"^ *\d+  new .* post-only ", script, re.MULTILINE)) == 1
    assert re.search(r"-> replace rejected #\d \(post only would trade\)$", script, re.MULTILINE)


def test_in_whole_numbers_it_is_right_but_for_that(folder):
    found = explored(folder, LOOK_PAST, "--machines", "0", "--seeds", "2", "--commands", "1000")
    assert found["found"] == []


def test_decimal_sizes_leave_orders_of_nothing(folder):
    found = explored(folder, TENTHS, "--no-cases", *SEARCHED, "4")
    assert {one["findings"][0]["check"] for one in found["machines"]} <= {"legal", "state_digest"}
    assert [len(steps(one["script"])) for one in found["machines"]] == [3]


def test_prevention_of_self_trades_tells_more_left_than_there_is_and_fills_a_fill_or_kill_order_in_part(folder):
    found = explored(folder, PREVENTING, *SEARCHED, "5")
    assert {one["findings"][0]["check"] for one in found["machines"]} == {"legal"}
    killed, newest = sorted(found["cases"], key=lambda case: case["name"])
    assert (killed["name"], newest["name"]) == ("fok_ends_at_its_own", "self_trade_cancel_newest")
    assert "trade #104004 with #104001 at 100 x 5\n" in killed["finding"]["got"]
    assert "canceled 8 of #95004 (self trade)" in newest["finding"]["got"], "5 of them were traded"
