"""The four words: what each takes, by hand; and how often each comes where it is known whether the builds differ."""

import numpy as np
import pytest

from harness.base.differences import FEW, Sample, compare, fewest_pairs, holm, is_settled, overall
from harness.base.looks import ALPHA

PAIRS = 30
"""As many as `gonogo compare` runs before its first look."""


def sample(base, head, *, metric="response.p50", paired=True, budget_pct=5.0, doubt=""):
    return Sample("poisson", metric, np.array(base, float), np.array(head, float), paired, budget_pct, doubt)


def spread(count=PAIRS, middle=1_000.0, share=0.002):
    """Runs that lie a little apart."""
    return middle * (1 + share * np.linspace(-1, 1, count))


def word(base, head, **further):
    (found,) = compare([sample(base, head, **further)])
    return found.word


def test_a_cost_that_rose_beyond_the_budget_is_slower_and_one_that_fell_so_far_faster():
    base = spread()
    assert word(base, base * 1.10) == "slower"
    assert word(base, base / 1.10) == "faster"
    assert word(base, base * 1.10, paired=False) == "slower"


def test_within_the_budget_is_no_change_however_sure_it_is_that_there_is_one():
    base = spread()
    (found,) = compare([sample(base, base * 1.03)])
    assert found.p < 1e-5
    assert found.word == "no change"
    assert word(base, base / 1.03) == "no change"
    assert word(base, base) == "no change"


def test_an_interval_over_the_edge_of_the_budget_cannot_be_told():
    base = spread()
    head = base * np.linspace(1.0, 1.1, PAIRS)
    (found,) = compare([sample(base, head)])
    assert found.low_pct < 5 < found.high_pct
    assert found.word == "cannot tell"


def test_a_rate_is_told_as_its_cost():
    base = spread()
    (found,) = compare([sample(base, base / 1.10, metric="throughput")])
    assert found.word == "slower"
    assert found.change_pct == pytest.approx(10)
    assert found.head == pytest.approx(1_000 / 1.10, rel=0.01)


def test_the_budget_reaches_as_far_down_as_up_as_a_factor():
    base = spread(share=0)
    assert word(base, base / 1.0499) == "no change"
    # 4.8 % less is more than the factor 1.05 below.
    assert word(base, base / 1.0505) == "faster"
    assert word(base, base * 1.0499) == "no change"
    assert word(base, base * 1.0505) == "slower"


def test_a_figure_without_a_budget_decides_nothing():
    base = spread()
    found = compare([sample(base, base * 2, budget_pct=None), sample(base, base)])
    assert [one.word for one in found] == ["cannot tell", "no change"]
    assert found[0].p_corrected is None
    assert found[1].p_corrected == found[1].p, "one decides, so nothing is corrected"
    assert overall(found) == "no change"
    assert overall(found[:1]) == "cannot tell"


def test_figures_that_are_in_doubt_say_nothing():
    base = spread()
    (found,) = compare([sample(base, base * 2, doubt="the generator was late")])
    assert (found.word, found.why) == ("cannot tell", "the generator was late")


def test_one_stored_run_a_side_bounds_nothing():
    (found,) = compare([sample([100], [200], paired=False)])
    assert (found.word, found.low_pct, found.high_pct) == ("cannot tell", None, None)
    assert found.change_pct == pytest.approx(100)
    assert "so few runs" in found.why


def test_slower_outweighs_doubt_and_doubt_outweighs_faster():
    base = spread()
    doubtful = base * np.linspace(1.0, 1.1, PAIRS)
    slower, faster, unsure, same = compare(
        [sample(base, base * 1.2), sample(base, base / 1.2), sample(base, doubtful), sample(base, base)]
    )
    assert overall([slower, faster, unsure, same]) == "slower"
    assert overall([faster, unsure, same]) == "cannot tell"
    assert overall([faster, same]) == "faster"
    assert overall([same]) == "no change"


def test_only_what_further_pairs_could_tell_is_not_settled():
    base = spread()
    doubtful = base * np.linspace(1.0, 1.1, PAIRS)
    slower, unsure, same, late, idle, few = compare(
        [
            sample(base, base * 1.2), sample(base, doubtful), sample(base, base), sample(base, doubtful, doubt="the generator was late"),
            sample(base, doubtful, budget_pct=None), sample([1.0], [1.0]),
        ]
    )  # fmt: skip
    assert few.why == FEW
    assert is_settled([slower, unsure]), "slower outweighs it"
    assert not is_settled([same, unsure])
    assert not is_settled([same, few])
    assert not is_settled([late, unsure])
    assert is_settled([same, late])
    assert is_settled([same, idle])


def test_at_one_of_five_looks_a_difference_must_be_five_times_as_rare():
    base = spread()
    head = np.where(np.arange(PAIRS) < 23, base * 1.2, base / 1.2)
    (alone,) = compare([sample(base, head)])
    (one_of_five,) = compare([sample(base, head)], 5)
    assert alone.p == one_of_five.p
    assert ALPHA / 5 < alone.p < ALPHA
    assert (alone.word, one_of_five.word) == ("slower", "cannot tell")
    assert one_of_five.low_pct <= alone.low_pct


def test_holm_corrects_the_least_for_all_and_the_greatest_for_none():
    # By hand: 0.01 * 4, 0.02 * 3 = 0.06, 0.03 * 2 = 0.06, and 0.005 is the least: 0.005 * 4, 0.01 * 3, 0.02 * 2, 0.03 * 1.
    assert holm([0.03, 0.005, 0.01, 0.02]) == pytest.approx([0.04, 0.02, 0.03, 0.04])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_the_fewest_pairs_are_the_first_that_can_be_significant():
    for deciding, looks in ((1, 1), (4, 1), (9, 1), (1, 5), (5, 5)):
        fewest = fewest_pairs(deciding, looks)
        for pairs, can in ((fewest, True), (fewest - 1, False)):
            base = spread(pairs)
            # One that could not be clearer beside others that are alike.
            found = compare([sample(base, base * 2), *(sample(base, base) for _ in range(deciding - 1))], looks)
            assert (found[0].p_corrected < ALPHA / looks) == can
            assert (found[0].word == "slower") == can


def normal(generator, shape):
    return np.exp(generator.normal(0, 0.03, shape))


def heavy_tail(generator, shape):
    """Now and then a run takes several times as long."""
    return np.exp(0.015 * generator.standard_t(2, shape))


def bimodal(generator, shape):
    """One run in three lands in a slower mode of the machine."""
    return np.exp(generator.normal(0, 0.01, shape)) * np.where(generator.random(shape) < 0.33, 1.06, 1.0)


def drift(generator, shape):
    """The machine becomes a third slower while they run, and shakes beside."""
    return normal(generator, shape) * np.linspace(1, 1.33, shape[-1])


def waves(generator, shape):
    """A neighbour comes and goes: what is near in time is alike."""
    place = np.arange(shape[-1]) / 7 + generator.random((*shape[:-1], 1)) * 7
    return normal(generator, shape) * (1 + 0.15 * np.sin(place))


NOISES = (normal, heavy_tail, bimodal, drift, waves)
REPEATS = 400


def turns(noise, seed, factor):
    """Pairs of runs as they are made, one after another, with who is first dealt as often the one as the other."""
    generator = np.random.default_rng(seed)
    runs = noise(generator, (REPEATS, 2 * PAIRS))
    for row in runs:
        first = generator.permutation(np.arange(PAIRS) % 2)
        in_pairs = row.reshape(PAIRS, 2)
        base, head = in_pairs[np.arange(PAIRS), first], in_pairs[np.arange(PAIRS), 1 - first]
        yield base, head * factor


def words(noise, seed, factor, *, paired=True):
    found = [word(base, head, paired=paired) for base, head in turns(noise, seed, factor)]
    return {one: found.count(one) / REPEATS for one in set(found)}


@pytest.mark.parametrize("paired", [True, False])
@pytest.mark.parametrize("noise", NOISES)
def test_a_build_against_itself_is_slower_once_in_a_hundred_at_most(noise, paired):
    found = words(noise, 1, 1.0, paired=paired)
    assert found.get("slower", 0) + found.get("faster", 0) <= ALPHA


@pytest.mark.parametrize("noise", NOISES)
def test_a_tenth_slower_is_found_nine_times_in_ten(noise):
    found = words(noise, 2, 1.10)
    assert found.get("slower", 0) >= 0.9, found
    assert set(found) <= {"slower", "cannot tell"}, found


@pytest.mark.parametrize("noise", NOISES)
def test_a_change_within_the_budget_is_never_called_slower_for_being_sure(noise):
    assert words(noise, 3, 1.04).get("slower", 0) <= 0.03


def test_many_figures_of_one_build_are_slower_no_oftener_than_one():
    """Nine at once, each with a noise of its own: without the correction and the budget one in twenty would be significant."""
    rows = [list(turns(noise, seed, 1.0)) for seed, noise in enumerate((*NOISES, *NOISES[:4]))]
    alarms = sum(
        overall(compare([sample(*row[at], budget_pct=0.1) for row in rows])) == "slower" for at in range(REPEATS)
    )  # fmt: skip
    assert alarms <= 2 * ALPHA * REPEATS, "a budget of next to nothing: the correction alone holds it"
