"""The archive: damage is named, stories are cut out, the newest run is found."""

import json

import msgspec
import numpy as np
import pytest

from harness.base.controls import NO_CONTROLS
from harness.base.errors import EvidenceError
from harness.base.records import Event, events_of
from harness.evidence import manifest
from harness.evidence.archive import Archive, latest
from harness.evidence.index import IndexLine, append_lines
from harness.evidence.journal import Journal
from harness.flows.risk_probes import RiskProbes
from tests.fakes.journaled import answers, commands, run_folder


def test_a_missing_segment_is_named(tmp_path):
    folder = run_folder(tmp_path)
    journal = Journal(folder, segment_commands=2)
    for first in (1, 3, 5):
        journal.commands(commands(first, 2))
    journal.close()
    (folder / "history" / "000002.commands").unlink()
    with pytest.raises(EvidenceError, match=r"000002\.commands"):
        list(Archive(tmp_path).segments("s"))


def test_a_story_is_the_last_commands_about_its_orders(tmp_path):
    journal = Journal(run_folder(tmp_path), segment_commands=4)
    for first in (1, 5, 9):
        journal.commands(commands(first, 4))
        journal.events(answers(first, 4))
    journal.close()
    told, events = Archive(tmp_path).story("s", (2, 6, 7, 11), 8, 2)
    assert told["number"].tolist() == [6, 7]
    assert events["command"].tolist() == [6, 7]


def test_a_story_holds_the_commands_that_caused_what_it_tells(tmp_path):
    journal = Journal(run_folder(tmp_path), segment_commands=4)
    late = [Event(command=6, order=6, maker=2, kind=5), Event(command=0, order=2, kind=7)]
    for first, more in ((1, []), (5, []), (9, late)):
        journal.commands(commands(first, 4))
        journal.events(np.concatenate([answers(first, 4), events_of(more)]))
    journal.close()
    told, events = Archive(tmp_path).story("s", (2,), 8, 5)
    assert told["number"].tolist() == [2, 6]
    assert [(row["command"], row["maker"]) for row in events] == [(2, 0), (6, 2)]
    told, events = Archive(tmp_path).story("s", (2,), 8, 1)
    assert (told["number"].tolist(), events["command"].tolist()) == ([6], [6])


def test_a_story_without_commands_is_empty(tmp_path):
    Journal(run_folder(tmp_path)).close()
    assert [len(part) for part in Archive(tmp_path).story("s", (2,), 8, 5)] == [0, 0]


def test_latest_finds_the_newest_run_or_says_what_is_missing(tmp_path):
    run_folder(tmp_path / "20260101")
    (tmp_path / "latest").symlink_to("20260101")
    assert latest(tmp_path) == latest(tmp_path / "20260101") == (tmp_path / "20260101").resolve()
    with pytest.raises(EvidenceError, match=r"neither run.json nor latest"):
        latest(tmp_path / "nothing")


@pytest.fixture
def journaled(tmp_path):
    """Three pairs of segments."""
    folder = run_folder(tmp_path)
    journal = Journal(folder, segment_commands=4)
    for first in (1, 5, 9):
        journal.commands(commands(first, 4))
        journal.events(answers(first, 4))
    journal.close()
    return tmp_path


def test_a_segment_of_another_place_is_not_believed(journaled):
    history = journaled / "scenarios" / "s" / "history"
    (history / "000002.events").write_bytes((history / "000003.events").read_bytes())
    with pytest.raises(EvidenceError, match=r"000002\.events was changed"):
        list(Archive(journaled).segments("s"))


def test_a_segment_that_the_index_does_not_tell_is_not_believed(journaled):
    index = journaled / "scenarios" / "s" / "history" / "index.jsonl"
    index.write_text("".join(index.read_text().splitlines(keepends=True)[:-2]))
    with pytest.raises(EvidenceError, match="does not stand in the index"):
        list(Archive(journaled).segments("s"))


def test_a_finished_scenario_has_all_its_commands(journaled):
    paper = journaled / "scenarios" / "s" / "scenario.json"
    told = json.loads(paper.read_text()) | {"status": "finished", "commands": 13}
    paper.write_text(json.dumps(told))
    with pytest.raises(EvidenceError, match="holds 12 commands, the scenario sent 13"):
        list(Archive(journaled).segments("s"))


def test_a_book_that_is_gone_is_named(journaled):
    with pytest.raises(EvidenceError, match=r"7\.book"):
        Archive(journaled).info("s").book(7)


@pytest.mark.parametrize(
    ("name", "dropped", "evidence"),
    [
        ("verdict.json", False, False), ("policy.toml", False, True), ("scenarios/s/latency.hlog", True, False),
        ("scenarios/s/latency.hgrm", True, False),
        ("scenarios/s/facts/alive.json", False, False), ("scenarios/s/facts/alive.json", True, True),
        ("scenarios/s/scenario.json", False, True), ("scenarios/s/history/000002.events", False, True),
    ],
)  # fmt: skip
def test_a_change_of_evidence_is_damage_and_facts_are_evidence_where_the_history_is_gone(
    journaled, name, dropped, evidence
):
    if dropped:
        line = IndexLine(file="000001.events", first=1, count=4, blake2b="", kept=False)
        with (journaled / "scenarios" / "s" / "history" / "index.jsonl").open("ab", buffering=0) as index:
            append_lines(index, line)
    path = journaled / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    manifest.write(journaled)
    assert Archive(journaled).damaged() == ()
    path.write_bytes(path.read_bytes() + b" ")
    assert Archive(journaled).damaged() == ((name,) if evidence else ())


def test_controls_are_read_back_and_an_older_record_has_none(journaled):
    paper = journaled / "scenarios" / "s" / "scenario.json"
    told = json.loads(paper.read_text())
    assert Archive(journaled).info("s").controls == NO_CONTROLS
    del told["controls"]
    paper.write_text(json.dumps(told))
    assert Archive(journaled).info("s").controls == NO_CONTROLS
    held = RiskProbes(rounds=1).controls()
    paper.write_text(json.dumps(told | {"controls": msgspec.to_builtins(held)}))
    assert Archive(journaled).info("s").controls == held


@pytest.mark.parametrize("cut", [False, True])
def test_commands_that_were_under_way_at_the_end_are_known_to_be(tmp_path, cut):
    run_folder(tmp_path)
    path = tmp_path / "scenarios" / "s" / "scenario.json"
    record = json.loads(path.read_text()) | {"status": "bound reached", "cut": cut}
    path.write_text(json.dumps(record))
    assert Archive(tmp_path).info("s").cut_short == cut
