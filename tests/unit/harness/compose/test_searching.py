"""A search of the state machine: what it makes of an engine that is wrong, silent, dead or gone, and of one that is right."""

from pathlib import Path

import pytest

from harness.compose.searching import DIED, Machines, search, searches
from harness.evidence.tape import read_tape
from harness.flows.explored import CONTROLS

FEW = Machines(examples=20, steps=20)
ADAPTER = """
import os
from engines.adapters.plain import PlainInProcess
from harness.base.errors import EngineStartError


class Bad(PlainInProcess):
    name = "bad"
{body}

ENGINE = Bad
"""
SILENT = """
    def poll(self, wait_ns):
        return super().poll(wait_ns)[:0]
"""
UNSTARTED = """
    def start(self):
        raise EngineStartError("no licence")
"""
UNEMPTIED = """
    def reset(self):
        raise EngineStartError("it cannot be emptied")
"""
ONCE = """
    polls = 0

    def poll(self, wait_ns):
        self.polls += 1
        events = super().poll(wait_ns)
        return events[:0] if self.polls == 21 else events
"""
LEAVES = """
    def take(self, commands):
        os._exit(3)
"""
LEAVES_ONCE = """
    def take(self, commands):
        try:
            open(__file__ + ".left", "x").close()
        except FileExistsError:
            return super().take(commands)
        os._exit(3)
"""


def adapter(folder, body):
    path = folder / "bad.py"
    path.write_text(ADAPTER.format(body=body))
    return str(path)


@pytest.mark.parametrize("engine", ["plain", "reference"])
def test_a_right_engine_has_nothing_to_show(engine):
    outcome = search(engine, FEW, 1)
    assert not outcome.failed()
    assert outcome.commands > 10 * FEW.examples
    assert (outcome.script, outcome.tape, outcome.again) == ("", "", "")


def test_a_wrong_one_is_told_in_a_few_commands_by_every_check_that_sees_it(tmp_path):
    outcome = search("taker_price", Machines(examples=200, steps=20, save=tmp_path), 1)
    assert {"model", "trade_price"} <= {finding.check for finding in outcome.findings}
    first = outcome.findings[0]
    assert first.expected != first.got
    assert first.title in outcome.script
    tape = read_tape(Path(outcome.tape))
    assert 2 <= len(tape.commands) <= 4
    assert outcome.script == Path(outcome.tape).with_name("script.txt").read_text()
    assert (tape.engine, Path(outcome.tape).parent.name) == ("taker_price", tape.finding)


@pytest.mark.parametrize("seed", [1, 2])
def test_controls_that_are_right_have_nothing_to_show(seed):
    outcome = search("guarded", FEW, seed)
    assert not outcome.failed()
    assert outcome.commands > 10 * FEW.examples


@pytest.mark.parametrize(
    ("engine", "check", "most"),
    [
        ("kill_misses_resting_orders", "kill_switch", 2),
        ("firm_not_counted", "risk_limits", 24),
        ("market_orders_unlimited", "risk_limits", 2),
    ],
)
def test_controls_that_are_wrong_are_told_in_a_few_commands(tmp_path, engine, check, most):
    outcome = search(engine, Machines(examples=200, steps=40, save=tmp_path), 1)
    assert check in {finding.check for finding in outcome.findings}
    tape = read_tape(Path(outcome.tape))
    assert 1 <= len(tape.commands) <= most
    assert tape.controls == CONTROLS


def test_sessions_take_turns():
    (outcome,) = searches("reconnect_enables", Machines(seeds=range(5, 6), examples=300, steps=40))
    assert {"kill_switch", "risk_limits"} & {finding.check for finding in outcome.findings}


def test_every_other_seed_leaves_controls_aside():
    outcome = search("firm_not_counted", Machines(examples=200, steps=40), 2)
    assert not outcome.failed()


def test_two_seeds_that_find_the_same_keep_it_apart(tmp_path):
    kept = {search("ioc_rests", Machines(examples=200, save=tmp_path), seed).tape for seed in (1, 2)}
    assert len(kept) == 2


def test_an_engine_that_dies_is_told_by_its_last_words():
    outcome = search("dies_of_a_stale_cancel", FEW, 1)
    assert [finding.check for finding in outcome.findings] == ["alive"]
    assert "the engine died at commands 1 to 1: KeyError" in outcome.findings[0].got


def test_an_engine_that_says_nothing_is_told_by_the_first_command_that_got_no_answer(tmp_path):
    outcome = search(adapter(tmp_path, SILENT), FEW, 1)
    assert "answered_once" in {finding.check for finding in outcome.findings}
    assert outcome.script.count("-> no answer") == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (UNSTARTED, "no licence"),
        (UNEMPTIED, "it cannot be emptied"),
        (ONCE, "it answered otherwise when the same commands were sent again; before: "),
    ],
)
def test_an_engine_that_has_no_commands_to_show_for_its_failure_has_failed_by_name(tmp_path, body, told):
    outcome = search(adapter(tmp_path, body), FEW, 1)
    assert outcome.failed()
    assert told in outcome.failure
    assert (outcome.script, outcome.findings) == ("", ())


def test_searches_are_told_in_order_with_the_command_that_finds_it_again():
    outcomes = list(searches("ioc_rests", Machines(seeds=range(7, 10), examples=200)))
    assert [one.seed for one in outcomes] == [7, 8, 9]
    for one in outcomes:
        alone = f"gonogo explore --engine ioc_rests --machines 1 --seed {one.seed} --seeds 0 --no-cases"
        assert one.again == f"{alone} --examples 200 --steps 30"


@pytest.mark.parametrize(
    ("body", "failures"), [(LEAVES, [DIED, DIED]), (LEAVES_ONCE, [f"{DIED}, with this seed or a later one, and not again", ""])]
)  # fmt: skip
def test_an_engine_that_takes_its_process_along_is_told_and_all_are_searched(tmp_path, body, failures):
    outcomes = list(searches(adapter(tmp_path, body), Machines(seeds=range(1, 3), examples=1, steps=3)))
    assert [one.seed for one in outcomes] == [1, 2]
    assert sorted(one.failure for one in outcomes) == sorted(failures), "of two that run at once, either may be the one"
