"""A search for a capacity made by hand: every outcome, and whatever a stranger may supply as words."""

from __future__ import annotations

from harness.base.capacity import Limit, StatedPeak, Trial
from harness.base.comparison import ComparedHost
from harness.base.judgement import EngineIdentity
from harness.base.ladder import Ladder, Tried
from harness.compose.outcome import Rest, summed

MS = 1_000_000
WHY = {
    "kept": "", "broken": "latency: latency.response p(99) breaks <10ms",
    "generator": "p(99) of the generator's lag is 7.2 ms, wanted <1ms", "unknown": "the machine was too noisy: host.others_cpu breaks <50%",
}  # fmt: skip


WIDE = Ladder(1_000, 1_000_000)


def tried(ladder, *asked):
    """(rung, stage, outcome) each, as trials: the higher the rate, the longer the answers take, and beyond what is kept much longer."""
    trials = []
    for number, (rung, stage, outcome) in enumerate(asked):
        rate = ladder.rate_per_s(rung)
        p99_ns = int(rate * 60 if outcome == "kept" else rate * 60 * 150) + number * 10_000
        trials.append(Trial(
            number=number, stage=stage, rate_per_s=rate, outcome=outcome, why=WHY[outcome], asked_per_s=rate, answered_per_s=rate * 0.98,
            response_ns={"p50": p99_ns // 3, "p99": p99_ns, "p99.9": p99_ns * 2}, lag_p99_ns=7 * MS if outcome == "generator" else 9_000,
            commands=int(4 * rate), duration_ns=4_000 * MS, run=f"trials/constant/20270101T000000Z-{number:04x}",
        ))  # fmt: skip
    return trials, [Tried(*one) for one in asked]


def rest(**given):
    """What is told beside what was found."""
    about = {
        "started_utc": "2027-01-01T00:00:00Z", "wall_s": 372.4, "gonogo": "0.1.0", "engine": EngineIdentity(name="mine", version="1.4", commit="0" * 40, dirty=True),
        "inside": False, "host": ComparedHost(cpu="A CPU at 2.5 GHz", cores=2, kernel="6.1", governor="", noise_pct=3.1), "scenario": "constant",
        "use": "matching_venue", "seed": 1, "limits": (Limit(metric="latency.response", limit="p(99)<10ms"), Limit(metric="latency.response", limit="p(99.9)<100ms"), Limit(metric="throughput.sustained", limit=">=10000/s")),
        "checks": ("gate_0", "answered_once", "legal", "latency"), "policy_sha256": "ab" * 32, "length_ns": 4_000 * MS, "warm_up_ns": 500 * MS, "repeats": 3, "workers": 0, "again": "gonogo capacity constant --engine mine",
        "peak": StatedPeak(commands_per_s=12_000, source="gateway log <b>2026</b>"),
    }  # fmt: skip
    return Rest(**(about | given))


def climbed(*asked, ladder=WIDE, ended="", **given):
    """What a search came to."""
    return summed(rest(**given), ladder, *tried(ladder, *asked), ended)


UP = [(0, "warm-up", "kept"), *((16 * step, "climb", "kept") for step in range(5))]
REPEATED = [(rung, "confirm", outcome) for _ in range(3) for rung, outcome in ((73, "kept"), (74, "broken"))]
FOUND = [*UP, (80, "climb", "broken"), (80, "climb", "broken"), (72, "bisect", "kept"), (76, "bisect", "unknown"), (76, "bisect", "generator"), (74, "bisect", "broken"), (74, "bisect", "broken"), (73, "bisect", "kept"), *REPEATED]  # fmt: skip
"""A search that found a capacity between 23,640/s and 24,680/s."""
