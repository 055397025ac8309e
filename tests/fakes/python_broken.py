"""A Python object that goes wrong in the way that its environment names, at its command AT; before, it answers as the plain engine does."""

import ctypes
import os
import signal
import sys
import time

from python_engine import Single

from harness.base.records import Event, EventKind

WAY, AT = os.environ["WAY"], int(os.environ.get("AT", "0"))
WORD = {"kind": "accepted"}

if WAY == "hangs when it is imported":
    time.sleep(3600)
if WAY == "exits when it is imported":
    os._exit(7)
if WAY == "raises when it is imported":
    raise ValueError("no such licence")


def away():
    """A process in a session of its own, which lives on."""
    if not os.fork():
        os.setsid()
        time.sleep(3600)


WAYS = {
    "raises": lambda: {}["no such level"],
    "asks to end": lambda: sys.exit(3),
    "exits": lambda: os._exit(7),
    "dies of a segmentation fault": lambda: ctypes.string_at(0),
    "is killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "hangs": lambda: time.sleep(3600),
    "ignores what ends it": lambda: (signal.signal(signal.SIGTERM, signal.SIG_IGN), time.sleep(3600)),
    "eats memory": lambda: bytearray(2**40),
    "dies and leaves children": lambda: (away(), os.abort()),
    "closes all that is open": lambda: os.closerange(0, 2**10),
    "gives nothing": lambda: None,
    "gives no list": lambda: WORD,
    "gives no event": lambda: [7],
    "gives a word that there is not": lambda: [WORD | {"reason": "because"}],
    "gives a field that there is not": lambda: [WORD | {"prise": 7}],
    "gives a price that is no whole number": lambda: [WORD | {"price": 7.5}],
    "gives a number that no record holds": lambda: [Event(kind=EventKind.ACCEPTED, order=-1)],
    "floods": lambda: (WORD for _ in iter(int, 1)),
    "answers nothing": list,
    "answers twice": lambda: [WORD, WORD],
}


class Broken(Single):
    def __init__(self, setup):
        if WAY == "raises when it is made":
            raise ValueError("no such licence")
        super().__init__(setup)
        self.taken = 0
        if WAY == "has children":
            away()
        if WAY == "offers what there is not":
            self.capabilities = {"commands": "new"}

        if WAY == "changes its mind":
            self.version = str(os.getpid())

    def snapshot(self):
        if WAY == "hangs at its book":
            time.sleep(3600)
        return {"raises at its book": lambda: {}[7], "tells no book": lambda: (1, [7])}.get(WAY, super().snapshot)()

    def counters(self):
        return {"events": "many"} if WAY == "counts no numbers" else super().counters()

    def submit(self, command):
        self.taken += 1
        if WAY == "never answers":
            return []
        if WAY in {"prints", "has children"}:
            print("to the log")  # noqa: T201 - that is the point
        if self.taken == AT and WAY in WAYS:
            return WAYS[WAY]()
        return super().submit(command)


class Silent:
    def __init__(self, setup):
        """It has no way to be called."""


NUMBER = 7
