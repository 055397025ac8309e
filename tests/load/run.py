"""Long loads on `gonogo serve`, each with its figures, for a machine that does nothing else meanwhile.

    python tests/load/run.py sustained     # 60 s at 200,000 commands/s, with a sync before every answer, trail and drop copy
    python tests/load/run.py poisson       # 60 s at 100,000 commands/s as independent senders send them
    python tests/load/run.py killed        # SIGKILL in the middle of 20 s at 200,000 commands/s, and how long the next start takes
    python tests/load/run.py idle          # what a service takes that nobody trades with

Exit 0 if every order was answered, none was refused, the drop copy missed no event, and the service ended with counts that balance. What a
figure should be is for the reader: the disk's own syncs, before and after, stand beside.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import psutil

from harness.base.errors import SetupError
from harness.base.histogram import Histogram
from harness.base.seeds import Seed
from harness.bench._disk import sync_times
from harness.bench._load import Job, Load
from harness.bench._orders import drawn
from harness.bench._served import configured, logged, serving
from harness.pacing import Constant, PoissonArrivals
from harness.rounds import noise_pct

WARM_UP = 40_000
SYNC_BYTES, SYNCS = 4_096, 1_000
SECONDS = {"sustained": 60, "poisson": 60, "killed": 20, "idle": 10}
RATES = {"sustained": 200_000, "poisson": 100_000, "killed": 200_000}


def jobs_of(kind, sessions, rate_per_s, commands, first):
    """The orders of each session and when each is due; for the warm-up all at once."""
    orders, seed = drawn(commands // sessions, first), Seed(1)
    for number in range(sessions):
        if kind == "poisson":
            due_ns = PoissonArrivals(rate_per_s / sessions, seed.branch(str(number))).due_ns(1, len(orders.ends))
        else:
            due_ns = Constant(rate_per_s / sessions).due_ns(1, len(orders.ends)) if kind else None
        yield Job(orders, due_ns)


def quantiles(times_ns):
    return {name: times_ns.at_rank(int(np.ceil(times_ns.total * share))) for name, share in (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("max", 1))}  # fmt: skip


def tell(what, **values):
    sys.stdout.write(f"{what:<22} " + "  ".join(f"{name} {value}" for name, value in values.items()) + "\n")
    sys.stdout.flush()


def milliseconds(times_ns):
    return {name: f"{value / 1e6:.2f} ms" for name, value in quantiles(times_ns).items()}


def tell_disk(folder, when):
    times = Histogram()
    times.record(sync_times(folder / "syncs", SYNC_BYTES, SYNCS))
    tell(f"disk alone, {when}", **milliseconds(times))


@contextmanager
def cost(process, seconds):
    """Tells what a process took of the processors, as a share of one, and its memory at the end."""
    before = process.cpu_times()
    yield
    after, wall_s = process.cpu_times(), seconds()
    user, system = (after.user - before.user) / wall_s, (after.system - before.system) / wall_s
    tell(
        "service",
        user=f"{100 * user:.1f} %",
        system=f"{100 * system:.1f} %",
        memory=f"{process.memory_info().rss / 2**20:.0f} MB",
    )


def loaded(service, kind, sessions, rate_per_s, seconds):
    """Whether all was right."""
    load = Load(service.address, sessions)
    warm = list(jobs_of("", sessions, 0, WARM_UP, 1))
    load.run(warm)
    jobs = list(jobs_of(kind, sessions, rate_per_s, rate_per_s * seconds, warm[0].orders.last + 1))
    before = service.figures()
    with cost(psutil.Process(service.process.pid), lambda: told.elapsed_ns / 1e9):
        told = load.run(jobs)
    after = service.figures()
    is_whole = load.copied(service.told())
    load.close()
    tell("commands", asked=f"{rate_per_s}/s", done=f"{told.commands * 1e9 / told.elapsed_ns:.0f}/s", commands=told.commands, orders=told.orders, answered=told.answered, rejected=told.rejected, drop_copy="whole" if is_whole else "NOT WHOLE")  # fmt: skip
    tell("answers, from due", **milliseconds(told.times))
    moved = {name: after[name] - before[name] for name in after}
    syncs, in_syncs_s = moved["gonogo_journal_sync_seconds_count"], moved["gonogo_journal_sync_seconds_sum"]
    mean_s = moved["gonogo_response_seconds_sum"] / moved["gonogo_response_seconds_count"]
    tell("syncs of the journal", count=int(syncs), mean=f"{1e3 * in_syncs_s / syncs:.2f} ms", p99=f"at most {_p99_bound(moved)} s", of_the_time=f"{100e9 * in_syncs_s / told.elapsed_ns:.0f} %", of_a_mean_answer=f"{100 * in_syncs_s / syncs / mean_s:.0f} %")  # fmt: skip
    return told.is_right and is_whole


def _p99_bound(moved):
    name = "gonogo_journal_sync_seconds_bucket"
    count = moved["gonogo_journal_sync_seconds_count"]
    bounds = [(float(key.split('"')[1]), value) for key, value in moved.items() if key.startswith(name)]
    return next(bound for bound, upto in sorted(bounds) if upto >= 0.99 * count)


def idle(service, sessions, seconds):
    load = Load(service.address, sessions)
    for _ in range(2):
        # The first looks at clients that have just come, the second at a service that has come to rest.
        with cost(psutil.Process(service.process.pid), lambda: seconds):
            load.rest(seconds * 10**9)
    load.close()
    return True


def killed(service, sessions, rate_per_s, seconds):
    """How many orders were answered when the process was killed in the middle of them."""
    load = Load(service.address, sessions)
    load.run(list(jobs_of("", sessions, 0, WARM_UP, 1)))
    jobs = list(jobs_of("killed", sessions, rate_per_s, rate_per_s * seconds, WARM_UP + 1))
    timer = threading.Timer(seconds * 0.9, service.process.kill)
    timer.start()
    with suppress(SetupError, ConnectionError):
        load.run(jobs)
    timer.join()
    service.process.wait()
    load.close()
    return load.answered()


def started_again(config, answered):
    """Whether a service whose process was killed has all that it answered, and how long it took to be ready."""
    begun_ns = time.perf_counter_ns()
    with serving(config) as service:
        ready_ns = time.perf_counter_ns() - begun_ns
        said = {line["event"]: line for line in map(json.loads, lines_of(config.parent)[-200:])}
        recovered, streams = said["recovered"], said["streams made again"]
        tell("start to ready", took=f"{ready_ns / 1e9:.2f} s", recovery=f"{recovered['ms']} ms", streams=f"{streams['ms']} ms", events_told_again=streams["events"])  # fmt: skip
        tell("recovered", commands=recovered["complete"], orders_answered_before=answered, said=recovered["said"])
        return recovered["complete"] >= answered and service.end() == 0


def lines_of(folder):
    return (folder / "log").read_text(encoding="utf-8").splitlines()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=SECONDS)
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--rate", type=int, help="commands a second, over all sessions")
    parser.add_argument("--sessions", type=int, default=4)
    parser.add_argument("--syncs", choices=("batch", "interval", "none"), default="batch")
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured")
    asked = parser.parse_args()
    seconds, rate = asked.seconds or SECONDS[asked.kind], asked.rate or RATES.get(asked.kind, 0)
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        tell("host", noise=f"{noise_pct()} %")
        tell_disk(folder, "before")
        numbers = 2 * (rate * seconds + WARM_UP) // asked.sessions + 1_000
        config = configured(folder, asked.sessions, orders_max=numbers, syncs=asked.syncs)
        with serving(config) as service:
            if asked.kind == "killed":
                answered, code = killed(service, asked.sessions, rate, seconds), 0
            elif asked.kind == "idle":
                is_right, code = idle(service, asked.sessions, seconds), service.end()
            else:
                is_right, code = loaded(service, asked.kind, asked.sessions, rate, seconds), service.end()
        if asked.kind == "killed":
            is_right = started_again(config, answered)
        tell_disk(folder, "after")
        tell("end", right="yes" if is_right else "NO", exit_code=code, log=logged(folder)[-400:] if code else "clean")
    sys.exit(0 if is_right and code == 0 else 1)


if __name__ == "__main__":
    main()
