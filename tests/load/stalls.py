"""Whether response times tell of an engine that stalls what arithmetic says, for a machine that does nothing else meanwhile.

    python tests/load/stalls.py                     # 30 s at 5,000 commands/s, over a wire, to a server that stalls 200 ms every 10 s
    python tests/load/stalls.py --seconds 5 --stall 50 --period 500

Of commands that come evenly the share stall / period comes while it stalls, and waits for what is left: so p99.9 of response is
stall * (1 - 0.001 * period / stall). Exit 0 if it lies within 10 % of that and the run was valid, else 1; what a tester that waits for its answers
would have told of the same run stands beside.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from harness.base.histogram import Histogram
from harness.base.stats import rank
from harness.evidence.archive import Archive
from harness.rounds import noise_pct

SERVER = Path(__file__).parents[1] / "fakes" / "stalling.py"
GONOGO = Path(sys.executable).with_name("gonogo")
SLOW = 0.001
WITHIN = 0.10
RATE_PER_S = 5_000
ENGINE = """
schema = 1
name = "stalling"
adapter = "jsonl"
[start]
command = {command}
timeout_s = 60
"""
SCENARIO = '''
"""An even pace."""
from harness.flows.poisson import PoissonFlow
from harness.instruments.drive import Drive
from harness.pacing import Constant
from harness.scenario import Scenario

SCENARIO = Scenario(about="an even pace", flow=PoissonFlow(), instrument=Drive(), pacing=Constant({rate}))
'''


def driven(folder, asked):
    """The run folder of such a run."""
    command = json.dumps([sys.executable, str(SERVER), str(asked.stall), str(asked.period)])
    (folder / "engine.toml").write_text(ENGINE.format(command=command))
    (folder / "stalls.py").write_text(SCENARIO.format(rate=RATE_PER_S))
    words = [GONOGO, "run", "stalls.py", "--engine", "engine.toml", "--duration", f"{asked.seconds}s"]
    subprocess.run(words, cwd=folder, check=False, stdout=subprocess.DEVNULL)
    return Archive(folder / "runs" / "stalls" / "latest")


def tell(what, value):
    sys.stdout.write(f"{what:<44} {value}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=30, help="for how long; whole periods have whole stalls")
    parser.add_argument("--stall", type=int, default=200, metavar="MS", help="how long its answers stop")
    parser.add_argument("--period", type=int, default=10_000, metavar="MS", help="how often they do")
    asked = parser.parse_args()
    before_pct = noise_pct()
    with tempfile.TemporaryDirectory() as place:
        archive = driven(Path(place), asked)
        verdict, facts = archive.verdict(), archive.facts("stalls")["latency"]
    wanted_ms = asked.stall * (1 - SLOW * asked.period / asked.stall)
    told_ms = {}
    for name in ("response", "service", "closed_loop"):
        histogram = Histogram.of(facts.distributions[f"latency.{name}"])
        told_ms[name] = histogram.at_rank(rank(1 - SLOW, histogram.total)) / 1e6
        tell(f"{name.replace('_', ' ')} p99.9 of {histogram.total:,}", f"{told_ms[name]:.2f} ms")
    off = told_ms["response"] / wanted_ms - 1
    tell("by arithmetic", f"{wanted_ms:.2f} ms; response is {off:+.1%} off, wanted within {WITHIN:.0%}")
    for name, value in facts.told.items():
        tell(name, value)
    tell("valid", verdict.why_invalid or "yes")
    tell("noise of the machine", f"{before_pct} % before, {noise_pct()} % after")
    sys.exit(0 if abs(off) <= WITHIN and verdict.valid else 1)


if __name__ == "__main__":
    main()
