"""Pairs of runs as samples and when latencies say nothing; and looking on while it cannot be told, which finds no more by luck than one look."""

from collections import Counter
from dataclasses import replace

import pytest

from harness.base.comparison import Turn
from harness.base.differences import overall
from harness.base.errors import EngineError, SetupError
from harness.base.looks import ALPHA
from harness.compose import plugs
from harness.compose.comparing import LAG_NS_MOST, Order, doubts, looked, samples
from harness.compose.comparing import budgets as of_policy
from harness.compose.pairing import INTERRUPTED, Pairing, dealt
from harness.compose.turns import Task, Timed
from tests.fakes.bursts import Bursts
from tests.fakes.clock import FakeClock

LOOKS = (30, 60, 90, 120, 150)
BUDGETS = {"throughput": 5.0, "cpu": 5.0}
ORDER = Order(base="a", head="b", policy=plugs.policy(None), budgets_pct=BUDGETS, scenarios=("volume",))


def budgets(path, asked):
    return of_policy(plugs.policy(path), asked)


def turn(pair, side, **values):
    return Turn(scenario="poisson", side=side, pair=pair, values=values)


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


def look(run, *, looks=LOOKS, seed=1, stopped=lambda: False, clock=None, order=ORDER):
    """What pairs of such runs come to, and how they were made; with the word and the looks that it took."""
    made = Pairing(run=run, tasks=(Task("volume", 1),), order=dealt(looks, seed), stopped=stopped)
    told, taken = looked(made, looks, order, lambda _: None, clock or FakeClock())
    return overall(told), taken, made


def scripted(*blocks):
    """Runs that differ by a share, the same in all 30 pairs of a block; in a block of None by 20 % to the one side and the other in turns."""
    runs = {"base": 0, "head": 0}

    def run(side, _task):
        runs[side] += 1
        at = runs[side] - 1
        by = blocks[at // 30]
        if by is None:
            by = 0.2 if at % 2 else -0.2
        cost = 1 + by if side == "head" else 1.0
        return Timed({"throughput": 1e6 / cost, "cpu": 1e3 * cost}, 1, 1, 0)

    return run


@pytest.mark.parametrize(("by", "word"), [(0.1, "slower"), (-0.1, "faster"), (0.0, "no change")])
def test_what_the_first_look_tells_takes_no_further_pairs(by, word):
    told, taken, made = look(scripted(by))
    assert (told, taken, made.pairs, made.ended) == (word, 1, 30, "")


def test_it_goes_on_while_it_cannot_be_told_and_no_further():
    told, taken, made = look(scripted(None, None, 0.1, 0.1, 0.1))
    assert (told, taken, made.pairs) == ("slower", 4, 120)


def test_it_says_where_it_is_and_nothing_of_what_it_found():
    said = []
    made = Pairing(run=scripted(None, 0.1), tasks=(Task("volume", 1),), order=dealt((30, 60), 1), stopped=lambda: False)
    looked(made, (30, 60), ORDER, said.append, FakeClock())
    assert said[:30] == [f"pair {pair} of 30, 60 at the most" for pair in range(1, 31)]
    assert said[30:] == [f"pair {pair} of 60" for pair in range(31, 61)]


def test_at_the_most_it_cannot_be_told_for_good():
    told, taken, made = look(scripted(*[None] * 5))
    assert (told, taken, made.pairs, made.ended) == ("cannot tell", 5, 150, "")


def test_the_more_looks_there_may_be_the_less_each_may_find():
    """23 of 30 pairs on one side: one look alone finds it significant, the first of five does not."""
    runs = Counter()

    def run(side, _task):
        runs[side] += 1
        cost = (1.1 if runs[side] % 30 < 23 else 0.9) if side == "head" else 1.0
        return Timed({"cpu": cost}, 1, 1, 0)

    assert look(run, looks=(30,))[:2] == ("slower", 1)
    assert look(run)[1] > 1


def test_no_look_is_gone_on_to_that_would_come_too_late():
    clock = FakeClock()
    unsure = scripted(*[None] * 5)

    def run(side, task):
        clock.pass_ns(ORDER.most_ns // 160)
        return unsure(side, task)

    told, taken, made = look(run, clock=clock)
    assert (told, taken, made.pairs) == ("cannot tell", 2, 60)
    assert "to go on to 90 pairs would have taken longer than 15 minutes in all" in made.ended


def test_what_is_in_doubt_for_another_reason_takes_no_further_pairs():
    def run(_side, _task):
        return Timed({"response.p50": 1.0}, 1, 1, 2 * LAG_NS_MOST)

    order = replace(ORDER, budgets_pct={"response.p50": 5.0})
    told, taken, made = look(run, order=order)
    assert (told, taken, made.pairs) == ("cannot tell", 1, 30)


def test_the_user_may_end_it_after_a_look_and_before_one():
    """In the middle of the 46th pair, which does not count."""
    unsure = scripted(*[None] * 5)
    asked = iter(range(1_000))
    told, taken, made = look(unsure, stopped=lambda: next(asked) == 91)
    assert (told, taken, made.pairs, made.ended) == ("cannot tell", 2, 45, INTERRUPTED)
    with pytest.raises(KeyboardInterrupt):
        look(unsure, stopped=lambda: True)


def test_a_side_that_fails_in_the_first_pair_is_an_error():
    def run(_side, _task):
        raise EngineError("gone")

    with pytest.raises(EngineError, match="failed in pair 1, volume: gone"):
        look(run)


def simulated(count, *, slower_by, seed, looks=LOOKS, order=ORDER):
    """The words of so many comparisons on a machine with bursts like those seen, and the pairs that each took."""
    words, pairs = Counter(), 0
    for one in range(count):
        word, _, made = look(Bursts(seed * 100_000 + one, slower_by=slower_by).run, looks=looks, seed=one, order=order)
        words[word] += 1
        pairs += made.pairs
    return words, pairs / count


def test_of_two_thousand_comparisons_of_a_build_with_itself_in_bursts_hardly_one_is_slower():
    words, pairs = simulated(2_000, slower_by=0.0, seed=1)
    assert words["slower"] + words["faster"] <= 0.001 * 2_000, words
    assert words["no change"] >= 0.98 * 2_000, words
    assert pairs < 1.5 * LOOKS[0], "further looks are for those that want them"


def test_without_a_budget_worth_the_name_all_looks_together_find_no_more_by_luck_than_one():
    """Each of them goes on to the last look, and the level alone holds it."""
    order = replace(ORDER, budgets_pct={"throughput": 0.01, "cpu": 0.01})
    words, pairs = simulated(400, slower_by=0.0, seed=3, order=order)
    assert words["slower"] + words["faster"] <= ALPHA * 400, words
    assert pairs > 0.95 * LOOKS[-1]


def test_of_those_with_one_that_is_a_tenth_slower_all_but_a_few_in_a_hundred_are():
    words, pairs = simulated(500, slower_by=0.1, seed=2)
    assert words["slower"] >= 0.98 * 500, words
    assert not words["no change"] + words["faster"], words
    assert pairs < 1.5 * LOOKS[0]


def test_the_first_look_alone_would_not_find_so_many():
    """What further looks are for, though it may spend the whole of the level."""
    words, _ = simulated(500, slower_by=0.1, seed=2, looks=LOOKS[:1])
    assert words["slower"] < 0.95 * 500, words
