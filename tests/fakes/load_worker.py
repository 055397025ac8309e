"""A worker of a load that sends nothing: `python load_worker.py HOW HOST PORT FOLDER` does as it is told by the first word."""

import os
import sys
import threading

from harness.base.histogram import Histogram
from harness.load.messages import Done, Ready, Tally


class Sending:
    """Reports three commands, each answered after 5 us."""

    def __init__(self, how, seats, folder):
        self.how, self.seats, self.folder = how, seats, folder
        self.told = 0

    def run(self, begin, stopped):
        if self.how == "cannot":
            raise ValueError("it has no words")
        begin(Ready(drawn=self.folder if self.how == "differs" else "same"))
        if self.how == "dies":
            os._exit(3)
        while self.how == "goes on" and not stopped():
            pass
        return Done(status="interrupted" if stopped() else "finished", sent=3, received=len(self.seats.accounts))

    def tally(self):
        self.told += 1
        return Tally(sent=3, response=timed(), service=timed()) if self.told == 1 else Tally()

    def in_all(self):
        return timed(), timed()


def timed():
    histogram = Histogram()
    histogram.record(Histogram().counts[:3] + 5_000)
    return histogram.distribution()


if __name__ == "__main__":
    from harness.load.worker import Worker

    threading.Thread(target=lambda: (os.read(0, 1), os._exit(0)), daemon=True).start()
    how, host, port, folder = sys.argv[1:]
    Worker(host, int(port), lambda job, seats: Sending(how, seats, folder)).run()
