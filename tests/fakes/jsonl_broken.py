"""A program that speaks JSON lines and goes wrong in the way that its first word names, at the command that its second word names.

It refuses all commands. Nothing but the standard library: it starts in a few milliseconds.
"""

import json
import os
import signal
import sys
import time

OFFER = {"commands": ["new", "cancel"], "types": ["limit"], "tifs": ["day"], "carries": ["reason"], "reset": "restart"}


def say(**line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def sleep_for_ever() -> None:
    while True:
        time.sleep(60)


def meet(way: str) -> None:
    """Answer `init`, or not."""
    if way == "hangs at start":
        sleep_for_ever()
    if way == "speaks another version":
        say(type="init_ok", version=2, name="broken", capabilities=OFFER)
    elif way == "says at start why it cannot":
        say(type="error", text="no licence")
    elif way == "talks of other things at start":
        sys.stdout.write("Engine 3.1 starting\n")
        sys.stdout.flush()
    else:
        book = ["snapshot"] if "book" in way else []
        reset = "call" if "reset" in way else "restart"
        say(type="init_ok", version=1, name="broken", capabilities={**OFFER, "book": book, "reset": reset})


WRITTEN = {
    "misspells": '{"type": "acepted", "command": 1}\n',
    "writes without end": "x" * (1 << 25),
    "says that it cannot go on": '{"type": "error", "text": "the book is full"}\n',
    "says what nobody asked": '{"type": "reset_ok"}\n',
}


def go_wrong(way: str) -> None:
    sys.stdout.write(WRITTEN.get(way, ""))
    sys.stdout.flush()
    match way:
        case "dies":
            sys.stderr.write("out of memory\n")
            sys.exit(7)
        case "is killed":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "hangs":
            sleep_for_ever()


def main(way: str, at: int) -> None:
    for line in sys.stdin:
        told = json.loads(line)
        if told["type"] == "init":
            meet(way)
        elif told["type"] == "reset" and way == "tells no reset":
            continue
        elif told["type"] == "snapshot":
            if way != "tells no book":
                side = 2**40 if way == "tells a strange book" else 0
                say(type="snapshot_ok", engine_seq=0, rows=[[1, side, 1, 0, 1, 1]])
        else:
            if told["number"] == at:
                go_wrong(way)
            say(type="rejected", command=told["number"], order=told.get("order", 0), instrument=1, reason="other")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
