"""What came of exploring an engine: whether anything was found."""

import pytest

from harness.base.exploration import CaseOutcome, Exploration, MachineOutcome, SeedOutcome
from harness.base.findings import Finding

FOUND = Finding(check="model", kind="answer", severity="critical", title="t", expected="a", got="b", first_command=1)


@pytest.mark.parametrize(
    ("outcomes", "findings", "failed"),
    [((), (), False), (("pass", "left out"), (), False), (("pass", "fail"), (), True), ((), (FOUND,), True)],
)
def test_a_case_or_a_seed_with_a_finding_fails_and_what_was_left_out_does_not(outcomes, findings, failed):
    cases = tuple(CaseOutcome(name="c", about="a", outcome=outcome) for outcome in outcomes)
    seeds = (
        SeedOutcome(seed=1, scenario="s", commands=9, findings=()),
        SeedOutcome(seed=2, scenario="s", commands=9, findings=findings),
    )
    assert Exploration(gonogo="0", engine="e", cases=cases, seeds=seeds).failed() is failed


@pytest.mark.parametrize(
    ("outcome", "failed"),
    [
        (MachineOutcome(seed=1, commands=9), False),
        (MachineOutcome(seed=1, findings=(FOUND,)), True),
        (MachineOutcome(seed=1, failure="it did not start"), True),
    ],
)
def test_a_search_fails_by_what_it_finds_or_by_an_engine_that_fails(outcome, failed):
    told = Exploration(gonogo="0", engine="e", cases=(), seeds=(), machines=(MachineOutcome(seed=0), outcome))
    assert (outcome.failed(), told.failed()) == (failed, failed)
