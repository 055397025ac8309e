"""Whether those who do not flood are served as all are: alike, one starved, all behind the flood, and what is too little to say."""

from __future__ import annotations

import numpy as np
import pytest

from harness.base.findings import Facts
from harness.base.notes import FlowNotes
from harness.base.records import COMMAND, EVENT, NONE, Int64Array
from harness.checks.fairness import CHECK, LEAST, MOST
from harness.evidence.fold import Segment, applies
from tests.fakes.history import folded, info
from tests.fakes.judged import heard, outcome, verdict_of

FLOOD = 17
FLOODED = info(rate_per_s=1_000.0, notes=FlowNotes(floods=FLOOD))
MS = 1_000_000
LIMIT = {"fairness.worst_account": ["<3"]}
ACCOUNTS = np.tile(np.r_[1:17, np.full(144, FLOOD)], 125)
"""Sixteen with 125 commands each, and nine in ten of the one that floods."""


def flow(accounts: Int64Array, took_ns: Int64Array, cut: int = 5_000) -> list[Segment]:
    """One command each millisecond, answered so long after it was due."""
    count = len(accounts)
    commands, events = np.zeros(count, COMMAND), np.zeros(count, EVENT)
    commands["number"] = np.arange(1, count + 1)
    commands["account"] = accounts
    commands["due_ns"] = commands["sent_ns"] = np.arange(count) * MS
    events["command"] = commands["number"]
    events["received_ns"] = commands["due_ns"] + took_ns
    return [Segment(commands[at : at + cut], events[at : at + cut]) for at in range(0, count, cut)]


def usual(seed: int = 1) -> Int64Array:
    """Times with a long tail, the same for everybody."""
    return np.random.default_rng(seed).lognormal(11, 1.5, len(ACCOUNTS)).astype(np.int64)


def judged(facts: Facts) -> tuple[str, str]:
    """The verdict of the check, and why."""
    one = heard("fairness", facts, metrics=CHECK.metrics, marks=CHECK.marks, least=CHECK.least, needs=CHECK.needs)
    return outcome(verdict_of(one, required=("fairness",), limits=LIMIT))[2:]


@pytest.mark.parametrize("seed", range(10))
def test_where_everybody_is_served_alike_nobody_is_much_oftener_among_the_slowest(seed):
    accounts = np.random.default_rng(seed).permutation(np.tile(ACCOUNTS, 10))
    facts = folded(CHECK.start(FLOODED), flow(accounts, np.tile(usual(seed), 10)))
    assert facts.seen == 20_000
    assert judged(facts) == ("pass", "")


def test_equal_times_favour_nobody():
    facts = folded(CHECK.start(FLOODED), flow(ACCOUNTS, np.full(len(ACCOUNTS), 5 * MS)))
    assert facts.measures["fairness.worst_account"].value == 1
    assert (
        facts.measures["fairness.worst_p99"]
        == facts.measures["fairness.median_p99"]
        == facts.measures["fairness.flood_p99"]
    )
    assert facts.measures["fairness.worst_p99"].value == pytest.approx(5 * MS, rel=0.008)


def test_a_hiccup_that_slows_all_for_a_moment_is_no_unfairness():
    accounts = np.random.default_rng(3).permutation(np.tile(ACCOUNTS, 10))
    took_ns = np.tile(usual(), 10)
    took_ns[60_000:62_000] = 500 * MS
    assert judged(folded(CHECK.start(FLOODED), flow(accounts, took_ns))) == ("pass", "")


def test_an_account_that_is_starved_is_named_with_its_times():
    took_ns = usual()
    took_ns[ACCOUNTS == 3] += 50 * MS
    facts = folded(CHECK.start(FLOODED), flow(ACCOUNTS, took_ns))
    assert facts.told["served worst"].startswith("account 3, 125 commands, 100.00% of them")
    assert facts.told["flooding"] == "account 17, 18,000 commands"
    assert facts.measures["fairness.worst_p99"].value > 50 * MS > 10 * facts.measures["fairness.median_p99"].value
    assert facts.measures["fairness.worst_account"].value == pytest.approx(20, rel=0.02)
    assert judged(facts) == ("fail", "fairness.worst_account breaks <3")


def test_an_engine_that_serves_the_flood_first_is_unfair_to_all_others():
    took_ns = usual()
    took_ns[ACCOUNTS != FLOOD] += 20 * MS
    facts = folded(CHECK.start(FLOODED), flow(ACCOUNTS, took_ns))
    assert facts.measures["fairness.median_p99"].value > 20 * MS > facts.measures["fairness.flood_p99"].value
    assert judged(facts)[0] == "fail"


def test_an_engine_that_holds_up_the_flood_alone_is_fair():
    took_ns = usual()
    took_ns[ACCOUNTS == FLOOD] += 50 * MS
    facts = folded(CHECK.start(FLOODED), flow(ACCOUNTS, took_ns))
    assert facts.measures["fairness.worst_account"].value < 1
    assert judged(facts) == ("pass", "")


def test_few_commands_decide_nothing():
    few = flow(ACCOUNTS[: 160 * LEAST], usual()[: 160 * LEAST])
    assert judged(folded(CHECK.start(FLOODED), few)) == ("unknown", "fairness.worst_account may keep or break <3")
    fewer = folded(CHECK.start(FLOODED), flow(ACCOUNTS[:1_600], usual()[:1_600]))
    assert fewer.unknown == f"while account 17 flooded, no other sent {LEAST} commands that were answered"


def test_nobody_floods_or_nobody_else_trades():
    alone = folded(CHECK.start(FLOODED), flow(np.full(500, FLOOD), usual()[:500]))
    assert (alone.seen, alone.marks) == (0, {"flood": 500})
    assert alone.unknown == "while account 17 flooded, no command of another was answered"
    calm = ACCOUNTS != FLOOD
    never = folded(CHECK.start(FLOODED), flow(ACCOUNTS[calm], usual()[calm]))
    assert (never.seen, never.marks, never.unknown) == (0, {"flood": 0}, alone.unknown)
    assert CHECK.start(FLOODED).facts().unknown == alone.unknown


def test_what_went_on_without_the_flood_is_another_load_and_does_not_count():
    """All that is slow fell on the others: since the machine had its hiccups while they were among themselves."""
    calm = np.tile(np.arange(1, 17), 16 * 20)
    accounts, took_ns = np.concatenate((calm, ACCOUNTS)), np.concatenate((np.full(len(calm), 500 * MS), usual()))
    facts = folded(CHECK.start(FLOODED), flow(accounts, took_ns, cut=5_120))
    assert facts.seen == 2_000
    assert facts.measures["fairness.worst_p99"].value < 100 * MS


def test_the_accounts_beyond_those_kept_by_name_are_one():
    more = np.repeat(np.arange(100, 100 + 2 * MOST), 50)
    accounts = np.concatenate((ACCOUNTS, np.column_stack((more, np.full(len(more), FLOOD))).ravel()))
    took_ns = np.full(len(accounts), MS)
    took_ns[accounts >= 100 + MOST] = 50 * MS
    fold = CHECK.start(FLOODED)
    facts = folded(fold, flow(accounts, took_ns))
    assert facts.told["served worst"].startswith(f"the accounts that came last, {50 * (MOST + 16):,} commands")
    assert len(fold._counts) == MOST + 2


def test_what_has_no_time_is_left_out():
    (whole,) = flow(ACCOUNTS, usual(), cut=len(ACCOUNTS))
    whole.commands["due_ns"][:160] = NONE
    whole.events["received_ns"][160:320] = NONE
    assert folded(CHECK.start(FLOODED), [whole]).seen == 2_000 - 32


def test_it_applies_where_a_flow_says_who_floods():
    assert applies(CHECK.needs, FLOODED)
    assert not applies(CHECK.needs, info(rate_per_s=1_000.0))
