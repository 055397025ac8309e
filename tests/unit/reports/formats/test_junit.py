"""junit.xml: valid XML in which only a pass is green."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from harness.evidence.archive import Archive
from reports.formats.junit import FORMAT
from tests.fakes import run_folder
from tests.fakes.run_folder import EMPTY, GO, HOSTILE, HOSTILE_RUN, INVALID, NO_GO, UNDECIDED, Made


def render(folder: Path, made: Made) -> ET.Element:
    path = FORMAT.render(Archive(run_folder.write(folder / "run", made)), folder)
    assert path == folder / "junit.xml"
    return ET.fromstring(path.read_bytes())


def test_go_has_neither_failure_nor_error(tmp_path: Path) -> None:
    root = render(tmp_path, GO)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("11", "0", "0")
    assert [suite.get("name") for suite in root] == ["run", "poisson", "cases"]


def test_a_failure_tells_findings_limits_and_how_to_reproduce(tmp_path: Path) -> None:
    cases = {case.get("name"): case for case in render(tmp_path, NO_GO).iter("testcase")}
    told = cases["price_time"].findtext("failure") or ""
    assert "expected: order 4 trades first" in told
    assert told.count("Reproduce with: gonogo replay a1b2c3d4") == 1
    slow = cases["latency"].findtext("failure") or ""
    assert "latency response p99 is 14.2 ms (13.9 to 14.5), wanted < 10 ms" in slow
    assert "Reproduce with: gonogo run poisson" in slow


@pytest.mark.parametrize("made", [UNDECIDED, INVALID, EMPTY], ids=["undecided", "invalid", "empty"])
def test_unknown_is_an_error_and_never_skipped(tmp_path: Path, made: Made) -> None:
    root = render(tmp_path, made)
    assert int(root.get("errors", "0")) >= 1
    assert root.get("failures") == "0"
    assert not list(root.iter("skipped"))
    assert root.find("testsuite[@name='run']/testcase/error") is not None


def test_counts_are_those_of_the_cases(tmp_path: Path) -> None:
    root = render(tmp_path, NO_GO)
    assert root.get("tests") == str(len(list(root.iter("testcase"))))
    assert root.get("failures") == str(len(list(root.iter("failure"))))
    assert root.get("errors") == str(len(list(root.iter("error"))))


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    root = render(tmp_path, HOSTILE_RUN)
    told = " ".join(part for part in root.itertext())
    assert HOSTILE[0] in told
    assert "[U+0000]" in told
    assert {element.tag for element in root.iter()} == {"testsuites", "testsuite", "testcase", "failure", "error"}
