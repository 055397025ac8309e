"""How often `gonogo compare` finds a build slower, where it is known whether it is; for a machine that does nothing else meanwhile.

    python tests/load/compare.py                  # 100 comparisons of a build with itself, 100 with one that is 10 % slower: some 25 minutes
    python tests/load/compare.py --sets 5         # a first look

Both kinds take turns, so that what the machine does falls on both. Exit 0 if the slower build is `slower` in 90 of 100 and the same one
in 2 of 100 at most; else, or where time ended it before the sets were whole, 1. Each word is counted, `cannot tell` too, and how many pairs
each comparison took to find it.
"""

import argparse
import os
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from harness.base.looks import LOOKS_MOST
from harness.compose.comparing import PAIRS, Order, budgets, compare
from harness.compose.plugs import policy
from harness.rounds import noise_pct

SLOWED = Path(__file__).parents[1] / "fakes" / "slowed.py"
MOST_ALARMS, LEAST_FOUND = 0.02, 0.90


def order(pairs, most_pairs, length_ms):
    loaded = policy(None)
    built_in = budgets(loaded, {})
    budgets_pct = {metric: built_in[metric] for metric in ("throughput", "cpu")}
    return Order(
        base="reference", head="reference", policy=loaded, budgets_pct=budgets_pct, scenarios=("volume",), pairs=pairs, most_pairs=most_pairs,
        length_ns=length_ms * 10**6,
    )  # fmt: skip


def tell(kind, number, found):
    told = [f"{number:>4} {kind:<10} {found.word:<12} {found.pairs:>4} pairs"]
    for one in found.differences:
        if one.budget_pct is not None:
            between = "nothing" if one.low_pct is None else f"{one.low_pct:+.1f} to {one.high_pct:+.1f} %"
            told.append(f"{one.metric} {one.change_pct:+.1f} % ({between}), spread {one.spread_pct:.1f} %;")
    sys.stdout.write(" ".join(told) + "\n")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=100, help="comparisons of each kind")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="pairs of a comparison before its first look")
    parser.add_argument("--most-pairs", type=int, default=PAIRS * LOOKS_MOST, help="pairs of a comparison at the most")
    parser.add_argument("--length", type=int, default=40, metavar="MS", help="how long a run drives")
    parser.add_argument("--by", type=float, default=0.10, help="the share by which the slower build is slower")
    parser.add_argument("--minutes", type=float, default=30, help="when to begin no further comparison")
    asked = parser.parse_args()
    os.environ["SLOWED_BY"] = str(asked.by)
    same = order(asked.pairs, asked.most_pairs, asked.length)
    kinds = {"unchanged": same, "slowed": replace(same, head=str(SLOWED))}
    words = {kind: Counter() for kind in kinds}
    pairs = {kind: Counter() for kind in kinds}
    begun_s, before_pct = time.monotonic(), noise_pct()
    number = 0
    while number < asked.sets and time.monotonic() - begun_s < 60 * asked.minutes:
        number += 1
        for kind, one in kinds.items():
            found = compare(replace(one, seed=number), lambda _: None, lambda: False)
            words[kind][found.word] += 1
            pairs[kind][found.pairs] += 1
            tell(kind, number, found)
    for kind, counted in words.items():
        sys.stdout.write(f"{kind:<10} {number} comparisons: {', '.join(f'{word} {count}' for word, count in counted.most_common())}\n")  # fmt: skip
        sys.stdout.write(
            f"{'':<10} {', '.join(f'{count} after {made} pairs' for made, count in sorted(pairs[kind].items()))}\n"
        )
    sys.stdout.write(f"{time.monotonic() - begun_s:.0f} s in all; noise {before_pct} % before, {noise_pct()} % after\n")
    is_right = words["unchanged"]["slower"] <= MOST_ALARMS * number and words["slowed"]["slower"] >= LEAST_FOUND * number  # fmt: skip
    sys.exit(0 if is_right and number == asked.sets else 1)


if __name__ == "__main__":
    main()
