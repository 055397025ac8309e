"""What blocks and what is worth knowing, with the history of its orders."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from harness.evidence.archive import Archive
from reports.view import view
from tests.fakes import run_folder
from tests.fakes.run_folder import NO_GO, Made, check, finding, latency


def test_a_story_holds_the_end_of_its_orders_history(shown) -> None:
    lines = shown(NO_GO).blocking[0].excerpt
    assert [line.number for line in lines if not line.effect] == ["2", "3", "5"]
    assert [line.text for line in lines if line.marked] == [
        "new buy 100 x 1 #6 (account 2, instrument 1)", "accepted #6, 100 x 1", "trade #6 with #5 at 100 x 1, 0 left",
    ]  # fmt: skip


def test_a_history_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder = run_folder.write(tmp_path / "run", NO_GO)
    (folder / "scenarios/poisson/history/000001.events").write_bytes(b"broken")
    story = view(Archive(folder)).blocking[0]
    assert story.excerpt == ()
    assert "is no segment" in story.note


def test_a_waived_finding_does_not_block(shown) -> None:
    made = Made(
        verdict="GO", waived=("a1b2c3d4",), findings=(finding(),),
        checks=(check("price_time", "fail", findings=("a1b2c3d4",), reason="3 violations"),),
    )  # fmt: skip
    page = shown(made)
    assert page.blocking == ()
    assert [story.waived for story in page.others] == [True]
    assert "passes or is waived" in page.why


def test_a_story_of_one_command_also_tells_of_the_orders_it_met(shown) -> None:
    made = replace(NO_GO, findings=(finding(orders=(6,), title="it is told. "), NO_GO.findings[1]))
    story = shown(made).blocking[0]
    assert [line.number for line in story.excerpt if not line.effect] == ["3", "5"]


def test_a_story_tells_the_command_of_another_order_that_traded_with_its_own(shown) -> None:
    made = replace(NO_GO, findings=(finding(orders=(5,)),))
    assert [line.text for line in shown(made).blocking[0].excerpt] == [
        "new sell 100 x 1 #5 (account 1, instrument 1)", "accepted #5, 100 x 1", "rested #5 at 100, 1 left",
        "new buy 100 x 1 #6 (account 2, instrument 1)", "trade #6 with #5 at 100 x 1, 0 left",
    ]  # fmt: skip


def test_stories_come_in_the_order_of_what_decided(shown) -> None:
    made = Made(
        verdict="NO-GO", because=("price_time", "model"),
        checks=(check("price_time", "fail", findings=("a1b2c3d4",)), check("model", "fail", findings=("00000001",))),
        findings=(finding("00000001", "model", title="the model differs."), finding(severity="minor")),
    )  # fmt: skip
    page = shown(made)
    assert [story.check for story in page.blocking] == ["Price time", "Model"]
    assert page.why.startswith(
        "Time priority is lost after a cancel in the middle of a level. 1 more required check fails."
    )


def test_the_same_in_several_scenarios_is_one_story(shown) -> None:
    made = Made(
        verdict="NO-GO", because=("price_time",),
        checks=(check("price_time", "fail", findings=("a1b2c3d4",)),),
        findings=(finding(), finding("00000002", scenario="cases", count=1), finding("00000003", kind="side")),
    )  # fmt: skip
    first, other = shown(made).blocking
    assert [(one.id, one.scenario, one.where) for one in first.repeats] == [
        ("00000002", "cases", "Seen once at command 5")
    ]
    assert first.excerpt
    assert (other.id, other.repeats) == ("00000003", ())


def test_after_the_first_few_of_a_check_stories_are_folded(shown) -> None:
    kinds = ("time", "side", "size", "price")
    made = Made(
        verdict="NO-GO", because=("price_time",), checks=(check("price_time", "fail", findings=("00000000",)),),
        findings=(*(finding(f"0000000{place}", kind=kind) for place, kind in enumerate(kinds)),
                  finding("00000009", "model", kind="answer")),
    )  # fmt: skip
    page = shown(made)
    assert [story.folded for story in page.blocking] == [False, False, True, True]
    assert [story.folded for story in page.others] == [False]


def test_a_broken_limit_is_told_beside_a_finding_and_once_for_all_scenarios(shown) -> None:
    slow = (latency("latency.response", "p(99)", 14_200_000, "<10ms", "fail"),)
    made = Made(
        verdict="NO-GO", because=("latency",), findings=(finding(check="latency"),),
        checks=(check("latency", "fail", findings=("a1b2c3d4",), measures=slow),
                check("latency", "fail", "cases", measures=slow)),
    )  # fmt: skip
    found, limit = shown(made).blocking
    assert (found.id, limit.title) == ("a1b2c3d4", "Latency response p99 breaks its limit")
    assert [one.scenario for one in limit.repeats] == ["cases"]
