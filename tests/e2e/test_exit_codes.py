"""A fault of gonogo itself is 70 for every verb: never a code that a CI reads as a verdict."""

import pytest

from harness.base import discover
from harness.cli import EXIT_FAULT, main
from harness.compose import doctoring, folding, replaying, reporting, running
from harness.evidence import archive


def broken(*_, **__):
    raise RuntimeError("planted")


FAULTS = {
    "run": (("run",), running, "run"),
    "judge": (("judge", "."), archive, "latest"),
    "report": (("report", "."), archive, "latest"),
    "replay": (("replay", "00000000"), replaying, "find"),
    "shrink": (("shrink", "00000000"), replaying, "find"),
    "list": (("list",), discover, "names"),
    "doctor": (("doctor",), doctoring, "examine"),
}


@pytest.mark.parametrize(("words", "module", "name"), FAULTS.values(), ids=FAULTS.keys())
def test_an_exception_inside_gonogo_is_its_own_exit_code(monkeypatch, capsys, words, module, name):
    monkeypatch.setattr(module, name, broken)
    assert main(list(words)) == EXIT_FAULT
    told = capsys.readouterr()
    assert "planted" in told.err
    assert "fault of gonogo itself" in told.err
    assert not told.out


def test_an_interrupt_outside_a_run_is_130(monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(doctoring, "examine", interrupted)
    assert main(["doctor"]) == 130


def test_a_report_that_crashes_costs_no_verdict(monkeypatch, tmp_path):
    told = []

    class Crashes:
        def render(self, archive, out):
            raise RuntimeError("planted")

    monkeypatch.setattr(reporting.discover, "load", lambda *_: Crashes())
    assert reporting.render(None, ("html",), tmp_path, told.append) == []
    assert "planted" in told[0]


def test_a_check_that_crashes_is_unknown_with_its_traceback():
    facts = folding.facts(folding.start("bad", plug(start=broken), made()), made())
    assert facts.unknown.startswith("the check itself crashed")
    assert "planted" in facts.unknown


def plug(**overrides):
    from harness.checks import CheckPlug

    return CheckPlug(about="", **overrides)


def made():
    from tests.fakes.history import info

    return info()


@pytest.mark.parametrize("where", ["add", "facts"])
def test_a_check_that_crashes_later_is_unknown_too(where):
    from harness.base.findings import Facts
    from tests.fakes.history import segments

    class Fold:
        def add(self, segment):
            if where == "add":
                broken()

        def facts(self):
            return broken() if where == "facts" else Facts(seen=10**9)

    live = folding.start("bad", plug(start=lambda run: Fold()), made())
    assert folding.feed([live], segments([], []), made()) == ""
    facts = folding.facts(live, made())
    assert (facts.seen, "planted" in facts.unknown) == (0, True)
