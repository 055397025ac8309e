"""Pairs of runs as samples: who is first, what counts, and when latencies say nothing."""

import pytest

from harness.base.comparison import Turn
from harness.base.errors import SetupError
from harness.compose import plugs
from harness.compose.comparing import LAG_NS_MOST, dealt, doubts, samples
from harness.compose.comparing import budgets as of_policy


def budgets(path, asked):
    return of_policy(plugs.policy(path), asked)


def turn(pair, side, **values):
    return Turn(scenario="poisson", side=side, pair=pair, values=values)


@pytest.mark.parametrize("pairs", [1, 2, 30, 31])
def test_each_side_is_first_as_often_as_the_other_in_an_order_that_the_seed_deals(pairs):
    order = list(dealt(pairs, 1))
    assert all(sorted(sides) == ["base", "head"] for sides in order)
    assert [sides[0] for sides in order].count("base") == (pairs + 1) // 2
    assert order == list(dealt(pairs, 1))
    if pairs > 10:
        assert order != list(dealt(pairs, 2))
        assert order != [order[at % 2] for at in range(pairs)], "dealt, not in turns"


def test_samples_keep_pairs_together_whoever_was_first():
    turns = [turn(1, "head", throughput=11), turn(1, "base", throughput=1), turn(2, "base", throughput=2), turn(2, "head", throughput=12)]  # fmt: skip
    (found,) = samples(turns, {"throughput": 5.0}, paired=True, late={})
    assert found.base.tolist() == [1, 2]
    assert found.head.tolist() == [11, 12]
    assert found.budget_pct == 5


def test_a_figure_that_one_side_alone_has_is_left_out():
    turns = [turn(1, "base", memory=1, cpu=1), turn(1, "head", memory=1)]
    assert [one.metric for one in samples(turns, {}, paired=True, late={})] == ["memory"]


def test_a_generator_that_was_late_in_the_middle_one_of_a_sides_runs_puts_latencies_in_doubt_and_nothing_else():
    late = doubts(
        {("poisson", "base"): [0, LAG_NS_MOST + 1, LAG_NS_MOST + 1], ("calm", "head"): [0, 0, 10 * LAG_NS_MOST]}
    )
    assert list(late) == ["poisson"]
    turns = [turn(1, side, **{"response.p50": 1, "memory": 1}) for side in ("base", "head")]
    found = {one.metric: one.doubt for one in samples(turns, {}, paired=True, late=late)}
    assert "late" in found["response.p50"]
    assert not found["memory"]


def test_what_is_asked_for_goes_before_the_policy_and_0_takes_a_budget_away(tmp_path):
    built_in = budgets(None, {})
    assert built_in["throughput"] > 0
    assert budgets(None, {"throughput": 0, "response.p99": 20}) == {
        "response.p99": 20,
        **{metric: pct for metric, pct in built_in.items() if metric != "throughput"},
    }
    own = tmp_path / "policy.toml"
    use = '\n[use.venue]\nrequired = ["alive"]\n'
    own.write_text('schema = 1\ndefault_use = "venue"' + use)
    assert budgets(own, {}) == built_in, "a policy that says nothing of comparisons leaves the built-in one's"
    own.write_text('schema = 1\ndefault_use = "venue"' + use + "[compare.budget_pct]\ncpu = 1.5\n")
    assert budgets(own, {}) == {"cpu": 1.5}
    own.write_text('schema = 1\ndefault_use = "venue"' + use + "[compare.budget_pct]\nspeed = 1.5\n")
    with pytest.raises(SetupError, match="no figure of a comparison is named 'speed'; there are: cpu"):
        budgets(own, {})
