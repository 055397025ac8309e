"""A worker of a load that sends nothing: `python load_worker.py HOW HOST PORT FOLDER` does as it is told by the first word."""

import os
import sys
import threading
import time
from pathlib import Path

import numpy as np

import harness
from harness.base.histogram import Histogram
from harness.evidence.journal import Journal
from harness.load.clocks import CLOCKS
from harness.load.messages import Done, Ready, Tally
from harness.load.parcels import leaves
from harness.load.sources import write_part

FAR = ("leaves", "ahead", "keeps")
"""Those that have a folder of their own."""
ELSEWHERE = "192.0.2.7"
AHEAD_NS = 90 * 10**9


class Sending:
    """Reports three commands, each answered after 5 us."""

    def __init__(self, how, seats, folder):
        self.how, self.seats, self.folder = how, seats, folder
        self.told = 0

    def run(self, begin, stopped):
        if self.how == "cannot":
            raise ValueError("it has no words")
        begin_ns = begin(Ready(drawn=self.folder if self.how == "differs" else "same"))
        if self.how == "dies":
            os._exit(3)
        goes_on = self.how in ("goes on", "leaves one unsaid")
        while goes_on and not stopped():
            time.sleep(0.001)
        if goes_on:
            # Nothing of what it says that it sent: whoever merges finds a whole part.
            Journal(Path(self.folder)).close()
            write_part(Path(self.folder), np.zeros(0, np.int64), ())
        return Done(
            status="interrupted" if stopped() else "finished", sent=3, received=len(self.seats.accounts),
            elapsed_ns=begin_ns - CLOCKS["day"](), left=leaves(Path(self.folder)) if self.how in FAR else (),
        )  # fmt: skip

    def tally(self):
        self.told += 1
        if self.told > 1:
            return Tally()
        return Tally(sent=3, unsaid=int(self.how == "leaves one unsaid"), response=timed(), service=timed())

    def in_all(self):
        return timed(), timed()


def timed():
    histogram = Histogram()
    histogram.record(Histogram().counts[:3] + 5_000)
    return histogram.distribution()


if __name__ == "__main__":
    from harness.load import worker
    from harness.load.places import Place

    threading.Thread(target=lambda: (os.read(0, 1), os._exit(0)), daemon=True).start()
    how, host, port, folder = sys.argv[1:]
    if how == "ahead":
        # The clocks of another machine.
        CLOCKS.update(day=lambda: time.time_ns() + AHEAD_NS, steady=lambda: time.perf_counter_ns() + AHEAD_NS)
    if how == "old":
        harness.__version__ = "0.0.1"
    if how == "impatient":
        worker.GONE_S = 0.5
    parts = Path(folder) if how in FAR and how != "keeps" else None
    address = ELSEWHERE if how == "from elsewhere" else ""
    ended = worker.Worker(
        Place(host, int(port)), lambda job, seats: Sending(how, seats, folder), parts=parts, address=address
    ).run()
    sys.stdout.write(f"{ended.why}|{ended.later}|{ended.setup}\n")
