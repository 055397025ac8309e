"""How exactly commands go out, and how many, against the bundled service over OUCH; for a machine that does nothing else meanwhile.

    python tests/load/pace.py                      # one session at 10,000/s, then a standing book at 200,000/s, both through a Locust worker
    python tests/load/pace.py --seconds 5 --workers 0     # by gonogo's own drive

The first must be sent within 100 us of its due time, 99 of 100 commands. Of the second at least 200,000/s must be sent and answered, each response
matched and timed. Exit 0 if both hold and no check finds anything, else 1.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from harness.base.histogram import Histogram
from harness.base.stats import rank
from harness.evidence.archive import Archive
from harness.rounds import noise_pct

GONOGO = Path(sys.executable).with_name("gonogo")
MOST_NS = 100_000
LEAST_PER_S = 200_000
SCENARIO = '''
"""Commands at an even pace."""
from harness.flows.{module} import FLOW
from harness.instruments.drive import Drive
from harness.pacing import Constant
from harness.scenario import Scenario

SCENARIO = Scenario(about="commands at an even pace", flow=FLOW({how}), instrument=Drive(), pacing=Constant({rate}))
'''


def driven(name, folder, asked, **content):
    """The run of such a scenario, and the facts of its checks."""
    (folder / f"{name}.py").write_text(SCENARIO.format(**content))
    words = [GONOGO, "run", f"{name}.py", "--engine", "service", "--duration", f"{asked.seconds}s"]
    words += ["--workers", str(asked.workers)] if asked.workers else []
    subprocess.run(words, cwd=folder, check=False, stdout=subprocess.DEVNULL)
    archive = Archive(folder / "runs" / name / "latest")
    return archive, archive.facts(name)


def tell(what, value):
    sys.stdout.write(f"{what:<44} {value}\n")


def shares(facts, name):
    """The histogram, and its usual shares in words."""
    histogram = Histogram.of(facts.distributions[name])
    at = {share: histogram.at_rank(rank(share, histogram.total)) for share in (0.5, 0.99, 0.999)}
    tell(
        f"{name} of {histogram.total:,}", ", ".join(f"p{100 * share:g} {ns / 1e3:,.1f} us" for share, ns in at.items())
    )
    return at


def is_exact(folder, asked):
    """Whether one session keeps its pace."""
    archive, facts = driven("pace", folder, asked, module="poisson", how="accounts=1, new_ids=True", rate=10_000)
    lag = shares(facts["generator_lag"], "generator.lag")
    shares(facts["latency"], "latency.response")
    return lag[0.99] < MOST_NS and found_nothing(archive)


def is_fast(folder, asked):
    """Whether as many commands are sent and answered as are asked for."""
    archive, facts = driven("fast", folder, asked, module="standing_book", how="", rate=asked.rate)
    reached = facts["throughput"].measures["throughput.sustained"]
    tell(
        "answered a second",
        f"{reached.value:,.0f} ({reached.low:,.0f} to {reached.high:,.0f}) of {asked.rate:,} asked for",
    )
    shares(facts["generator_lag"], "generator.lag")
    shares(facts["latency"], "latency.response")
    for name, value in facts["latency"].told.items():
        tell(name, value)
    return reached.value >= LEAST_PER_S and found_nothing(archive)


def found_nothing(archive):
    """Whether no check found the engine wrong; how long it took is no finding."""
    verdict = archive.verdict()
    found = sorted({finding.check for finding in verdict.findings})
    tell("checks that found something", ", ".join(found) or "none")
    tell("valid", verdict.why_invalid or "yes")
    return not found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=10, help="for how long each")
    parser.add_argument("--workers", type=int, default=1, help="processes under Locust; 0: gonogo's own drive")
    parser.add_argument("--rate", type=int, default=LEAST_PER_S, help="what is asked of the second, a second")
    asked = parser.parse_args()
    before_pct = noise_pct()
    with tempfile.TemporaryDirectory() as place:
        holds = [is_exact(Path(place), asked), is_fast(Path(place), asked)]
    tell("noise of the machine", f"{before_pct} % before, {noise_pct()} % after")
    sys.exit(0 if all(holds) else 1)


if __name__ == "__main__":
    main()
