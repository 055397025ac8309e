"""The flame graph and the table of a profile."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from harness.evidence.archive import Archive
from harness.evidence.run import ProfileRecord
from harness.evidence.stacks import NAME
from reports import flame
from reports.flame import EVERYTHING, LEAST_WIDTH, LETTER, ROW, WIDTH, drawn, hottest
from reports.view import view
from tests.fakes import run_folder
from tests.fakes.run_folder import GO, PROFILED

SEEN = Counter({("main", "match", "trade"): 60, ("main", "match"): 20, ("main", "accept"): 15, ("idle",): 5})


def boxes(stacks):
    """By what they are told to be: (x, y, width)."""
    picture = drawn(stacks)
    assert picture is not None
    return {box.told.partition(":")[0]: (box.x, box.y, box.width) for box in picture.boxes}


def test_a_box_is_as_wide_as_its_share_and_stands_on_who_called_it():
    percent = WIDTH / 100
    assert boxes(SEEN) == {
        EVERYTHING: (0, 3 * ROW, WIDTH),
        "idle": (0, 2 * ROW, round(5 * percent, 1)),
        "main": (round(5 * percent, 1), 2 * ROW, round(95 * percent, 1)),
        "accept": (round(5 * percent, 1), ROW, round(15 * percent, 1)),
        "match": (round(20 * percent, 1), ROW, round(80 * percent, 1)),
        "trade": (round(20 * percent, 1), 0, round(60 * percent, 1)),
    }


def test_a_box_tells_its_share_and_what_of_it_is_its_own():
    picture = drawn(SEEN)
    assert picture is not None
    assert picture.height == 4 * ROW
    assert picture.left_out == ""
    told = {box.told for box in picture.boxes}
    assert {"match: 80 %, of that 20 % itself", "trade: 60 %, of that 60 % itself"} <= told


def test_what_is_too_small_to_be_seen_is_part_of_the_box_below():
    picture = drawn(Counter({("main", "seen"): 999_999, ("main", "rare", "rarer"): 1}))
    assert picture is not None
    assert [box.told.partition(":")[0] for box in picture.boxes] == [EVERYTHING, "main", "seen"]
    assert picture.left_out == "2 smaller boxes are part of those below."
    assert all(box.width >= LEAST_WIDTH for box in picture.boxes)


def test_of_too_many_boxes_the_widest_are_drawn_on_those_that_called_them(monkeypatch):
    monkeypatch.setattr(flame, "MOST_BOXES", 4)
    assert list(boxes(SEEN)) == [EVERYTHING, "main", "match", "trade"]


def test_a_recursion_gone_wild_is_cut_and_counted_once_a_sample():
    deep = Counter({("dive",) * 1000: 3, ("main",): 1})
    picture = drawn(deep)
    assert picture is not None
    assert picture.height == flame.MOST_ROWS * ROW
    assert [(hot.name, hot.own, hot.total) for hot in hottest(deep)] == [
        ("dive", "75 %", "75 %"),
        ("main", "25 %", "25 %"),
    ]


def test_the_table_tells_who_was_at_work_most():
    assert [(hot.name, hot.own, hot.total) for hot in hottest(SEEN)] == [
        ("trade", "60 %", "60 %"), ("match", "20 %", "80 %"), ("accept", "15 %", "15 %"), ("idle", "5 %", "5 %"),
    ]  # fmt: skip
    assert len(hottest(Counter({(str(name),): 1 for name in range(50)}))) == flame.HOTTEST


def test_nothing_seen_draws_nothing():
    assert drawn(Counter()) is None
    assert hottest(Counter()) == ()


@pytest.mark.parametrize("name", ["short", "a_function_with_a_long_name (engine.py:1)", "語" * 100, "\u202egnp", "i"])
@pytest.mark.parametrize("share", [2, 20, 60, 200, 999])
def test_a_name_stays_within_its_box(name, share):
    picture = drawn(Counter({(name,): share, ("z",): 1000 - share}))
    assert picture is not None
    for box in picture.boxes:
        letters = sum(1 if letter.isascii() or letter == "…" else 2 for letter in box.text)
        assert not box.text or letters * LETTER <= box.width - 3


def test_functions_of_one_file_have_one_tint():
    picture = drawn(Counter({("f (a.py:1)",): 1, ("g (a.py:9)",): 1, ("h (b.py:1)",): 1}))
    assert picture is not None
    tints = {box.told[0]: box.tint for box in picture.boxes}
    assert tints["f"] == tints["g"] != tints["h"]


def test_only_scenarios_that_were_profiled_have_one(shown):
    [one] = shown(PROFILED).flames
    assert (one.title, one.anchor, one.file) == ("Poisson", "profile.poisson", f"scenarios/poisson/{NAME}")
    assert one.about == (
        "1,000 samples by py-spy, which did not hold the engine up to look, so that a few stacks are torn; 99 times a second"
    )
    assert one.missing == ""


def test_times_that_were_measured_meanwhile_are_told_as_that(shown):
    told = dict(shown(PROFILED).measured)["Profiler"]
    assert told.startswith("Poisson ran under it, which makes an engine slower")


def test_a_run_that_nobody_profiled_tells_nothing_of_it(shown):
    seen = shown(GO)
    assert seen.flames == ()
    assert "Profiler" not in dict(seen.measured)


def test_of_a_profiler_that_holds_the_engine_up_nothing_is_torn(shown):
    [one] = shown(replace(PROFILED, profile=ProfileRecord(by=("perf",), samples=1, rate_hz=99))).flames
    assert one.about == "1 sample by perf; 99 times a second"


def test_of_how_many_processes_a_profile_is_where_the_engine_was_started_anew(shown):
    record = ProfileRecord(by=("perf",), samples=12, rate_hz=99, processes=3)
    assert (
        shown(replace(PROFILED, profile=record)).flames[0].about
        == "12 samples of 3 processes by perf; 99 times a second"
    )


def test_why_there_is_no_profile_is_told(shown):
    made = replace(
        PROFILED, profile=ProfileRecord(by=(), samples=0, rate_hz=99, missing="perf is not installed"), stacks={}
    )
    seen = shown(made)
    [one] = seen.flames
    assert (one.about, one.missing, one.picture, one.hottest) == ("", "perf is not installed", None, ())
    assert "Profiler" not in dict(seen.measured), "nobody took time from the engine"


def test_a_file_that_is_damaged_is_told(tmp_path):
    folder = run_folder.write(tmp_path / "run", PROFILED)
    (folder / "scenarios/poisson" / NAME).write_text("nonsense\n")
    [one] = view(Archive(folder)).flames
    assert one.picture is None
    assert "is not what it should be" in one.missing
