"""A program that refuses every order and goes wrong in one way, at one order: `hostile_program.py SPEECH WAY ORDER [PORT]`.

Without a port it speaks over its standard streams. Nothing but the standard library: it starts in a few milliseconds.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from hostile_speech import SPEECHES, Fix

LOOK_S = 0.05
EATS_MOST = 2**31
"""A test that fails must not be the machine's end."""


def sleep_for_ever() -> None:
    while True:
        time.sleep(60)


class Line:
    """One connection, and what is said on it."""

    def __init__(self, speaks: str, reading: int, writing: int) -> None:
        self.speech = SPEECHES[speaks]()
        self.reading, self.writing = reading, writing
        self.last: object = None
        """The order that was answered last."""

    def say(self, said: bytes) -> None:
        while said:
            said = said[os.write(self.writing, said) :]


class Program:
    """All its connections, and the way in which it goes wrong."""

    def __init__(self, speaks: str, way: str, at: int, listener: socket.socket | None) -> None:
        self.speaks, self.way, self.at, self.listener = speaks, way, at, listener
        self.orders = 0
        self.lines: dict[int, Line] = {}
        self.kept: list[socket.socket] = []

    def run(self) -> None:
        """Answer what comes, for as long as anything can come."""
        self._behave()
        if self.listener is None:
            self.lines[0] = Line(self.speaks, 0, 1)
        while self.lines or self.listener:
            others = [self.listener.fileno()] if self.listener else []
            for ready in select.select([*self.lines, *others], [], [])[0]:
                if ready in self.lines:
                    self._hear(self.lines[ready])
                else:
                    self._accept()

    def _behave(self) -> None:
        """What is done before anything comes."""
        match self.way:
            case "dies at once":
                sys.stderr.write("cannot open /etc/engine.conf\n")
                sys.exit(3)
            case "ignores what ends it":
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
            case "answers at its end":
                signal.signal(signal.SIGTERM, lambda *_: self._end())
                # Python looks for signals between its steps: one that comes right before a call that waits is seen when the next one comes.
                signal.signal(signal.SIGALRM, lambda *_: None)
                signal.setitimer(signal.ITIMER_REAL, LOOK_S, LOOK_S)

    def _accept(self) -> None:
        assert self.listener
        made, _ = self.listener.accept()
        self.kept.append(made)
        self.lines[made.fileno()] = Line(self.speaks, made.fileno(), made.fileno())

    def _hear(self, line: Line) -> None:
        try:
            came = os.read(line.reading, 1 << 20)
        except ConnectionError:
            came = b""
        if not came:
            self._close(line)
            return
        heard = line.speech.hear(came)
        line.say(heard.reply)
        for order in heard.orders:
            self.orders += 1
            if self.way == "never answers":
                continue
            if self.orders >= self.at:
                self._go_wrong(line, order)
            if line.reading not in self.lines:
                return
            line.last = order
            line.say(line.speech.answer(order))

    def _close(self, line: Line) -> None:
        """The other side has no more to say."""
        if self.way == "answers at its end":
            self._answer_on(line)
        if self.way == "ignores what ends it" and self.listener is None:
            sleep_for_ever()
        if self.listener:
            self._cut(line)
        else:
            del self.lines[line.reading]

    def _go_wrong(self, line: Line, order: object) -> None:
        """From the order on at which it does, but for what is done once."""
        ways: dict[str, Callable[[], object]] = {
            "floods": lambda: _floods(line, order),
            "floods and hears nothing": lambda: _asks_for_ever(line),
            "closes its connections": lambda: self._cut(line),
        }
        once: dict[str, Callable[[], object]] = {
            "answers twice": lambda: line.say(line.speech.answer(order)),
            "answers garbage": lambda: line.say(line.speech.GARBAGE),
            "answers as if it spoke something else": lambda: line.say(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 30),
            "dies late": _die,
            "closes its output": lambda: self._close_all(line),
            "has children": _have_children,
            "dies and leaves children": lambda: (_have_children(), _die()),
            "eats memory": _eat,
            "children eat memory": lambda: None if os.fork() else _eat(),
            "prints": lambda: (sys.stdout.write("to its output\n"), sys.stdout.flush()),
        }
        if self.orders == self.at:
            once.get(self.way, int)()
        ways.get(self.way, int)()

    def _cut(self, line: Line) -> None:
        """It takes further ones."""
        del self.lines[line.reading]
        (end,) = (one for one in self.kept if one.fileno() == line.reading)
        self.kept.remove(end)
        end.close()

    def _close_all(self, line: Line) -> None:
        """It takes no further ones, and lives on."""
        if self.listener:
            self.listener.close()
            self._cut(line)
        os.close(1)
        sleep_for_ever()

    def _end(self) -> None:
        """It was told to end."""
        for line in self.lines.values():
            self._answer_on(line)
        # No exception: it would be raised wherever the signal found this, and a finalizer swallows what is raised in it.
        os._exit(0)

    def _answer_on(self, line: Line) -> None:
        """Answer once more, more often than any pipe can hold."""
        with suppress(OSError):
            for _ in range(1 << 15):
                line.say(line.speech.answer(line.last))


def _floods(line: Line, order: object) -> None:
    """One order is answered without end."""
    while True:
        line.say(b"".join(line.speech.answer(order) for _ in range(1000)))


def _asks_for_ever(line: Line) -> None:
    """What must be answered comes without end, and no answer to it is read."""
    assert isinstance(line.speech, Fix)
    while True:
        line.say(line.speech.test_request())


def _die() -> None:
    sys.stderr.write("out of luck\n")
    sys.stderr.flush()
    os._exit(7)


def _have_children() -> None:
    """One beside it, one in a session of its own, one whose parent is gone: all hold whatever is open."""
    for moves in (False, True):
        if not os.fork():
            if moves:
                os.setsid()
            if moves and os.fork():
                os._exit(0)
            sleep_for_ever()


def _eat() -> None:
    eaten = []
    while len(eaten) << 24 < EATS_MOST:
        eaten.append(bytearray(b"x") * (1 << 24))
    sleep_for_ever()


def main(speaks: str, way: str, at: str, port: str = "") -> None:
    listener = socket.create_server(("127.0.0.1", int(port))) if port and way != "dies at once" else None
    with suppress(BrokenPipeError):
        Program(speaks, way, int(at), listener).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
