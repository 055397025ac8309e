"""How far searches for the capacity of one engine lie apart; for a machine that does nothing else meanwhile.

    python tests/load/capacity.py                       # five searches of the bundled service in a row, some five minutes each
    python tests/load/capacity.py --searches 2 --repeats 1 --length 2   # a first look

Exit 0 if each search found a capacity and the rates that they found spread by at most 15 % of the least; else 1. A generator that was
saturated is named, and then nothing was found of the engine.
"""

import argparse
import sys
from pathlib import Path

from harness.base.ladder import Ladder
from harness.compose.climb_order import LENGTH_NS, REPEATS, TO_PER_S, Order
from harness.compose.climbing import find
from harness.compose.plugs import engine, policy, use_of
from harness.rounds import noise_pct

MOST_SPREAD_PCT = 15


def say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--searches", type=int, default=5)
    parser.add_argument("--engine", default="service")
    parser.add_argument("--scenario", default="constant")
    parser.add_argument("--policy", type=Path, help="instead of the built-in one")
    parser.add_argument("--from", dest="low", type=float, default=4_000, help="the rate to begin with")
    parser.add_argument("--to", dest="high", type=float, default=TO_PER_S)
    parser.add_argument("--length", type=float, default=LENGTH_NS / 1e9, help="seconds of a trial")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--workers", type=int, default=0, help="processes that send the commands")
    parser.add_argument("--out", type=Path, default=Path("runs"))
    asked = parser.parse_args()
    loaded = policy(asked.policy)
    order = Order(
        engine=engine(asked.engine), scenario=asked.scenario, policy=loaded, use=use_of(loaded, ""), ladder=Ladder(asked.low, asked.high),
        length_ns=round(asked.length * 1e9), repeats=asked.repeats, workers=asked.workers, out=asked.out,
    )  # fmt: skip
    before_pct, found = noise_pct(), []
    for number in range(1, asked.searches + 1):
        one, path = find(order, lambda line: sys.stderr.write(f"{line}\n"), lambda: False)
        found.append(one)
        say(f"search {number}: {one.word}, {one.kept_per_s or 0:,.0f}/s, {len(one.trials)} trials in {one.wall_s:.0f} s, sureness {one.sure or 0:.0%}: {path}")  # fmt: skip
        say(f"  {one.why}")
    rates = [one.kept_per_s or 0 for one in found]
    spread_pct = 100 * (max(rates) - min(rates)) / min(rates) if min(rates) else float("inf")
    say(
        f"{asked.searches} searches: {min(rates):,.0f}/s to {max(rates):,.0f}/s, spread {spread_pct:.1f} % (at most {MOST_SPREAD_PCT} %)"
    )
    say(f"noise {before_pct} % before, {noise_pct()} % after")
    is_right = spread_pct <= MOST_SPREAD_PCT and all(one.word == "found" for one in found)
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
