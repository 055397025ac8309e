"""An engine in any language that speaks JSON lines (docs/json-lines.md) over its standard input and output, or over TCP.

It forwards whole arrays and holds no state of the market. What an engine offers it says itself when it is started: it is asked once before
the first scenario, since what is sent to it follows from that. One that cannot be asked is an engine that does not start.
"""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import TypeVar

import msgspec

from engines.adapters._at_once import Sender
from engines.adapters._json_channel import JsonChannel
from engines.adapters._program import Program
from harness.base.bits import book_rows, joined
from harness.base.capabilities import Capabilities, Conventions
from harness.base.ending import Ended
from harness.base.errors import EngineDiedError, EngineError, EngineStartError, MisspokeError, SetupError
from harness.base.records import EVENT, Commands, Events
from harness.engine_file import ORDERS
from harness.port import EngineSetup, Processes, Snapshot
from harness.wire.json_messages import VERSION, AskBook, Book, Error, FromEngine, Init, InitOk, Message, Reset, ResetOk

Answer = TypeVar("Answer", bound=FromEngine)
ENDED_S = 1.0
"""How long an engine that closed its output may take to end, so that its exit code can be told."""

_ASKED: dict[tuple[str, Conventions | None], InitOk | EngineStartError] = {}
"""What each engine said of itself under these conventions, or why it could not: a run of ten scenarios does not start it twenty times."""


class Jsonl:
    """One engine seen through the port."""

    def __init__(self, setup: EngineSetup) -> None:
        if setup.file is None:
            raise SetupError("the adapter jsonl needs an engine.toml: give its path to --engine (docs/adapters.md)")
        self._file = file = setup.file
        self._program = Program(file, speaks=ORDERS not in file.endpoints)
        self._channel: JsonChannel | None = None
        self._socket: socket.socket | None = None
        self._events: list[Events] = []
        self._answers: list[Message] = []
        self._gone = "the engine was not started"
        self._kind: type[EngineDiedError] = EngineDiedError
        """What is raised for it."""
        self.instruments = tuple(file.instrument) or setup.instruments
        self._init = Init(VERSION, self.instruments, setup.conventions or file.conventions)
        self._said = said = self._asked()
        told = said if isinstance(said, InitOk) else InitOk(VERSION, file.name, Capabilities())
        self.says_how_it_ended = file.says_how_it_ended
        self.name = file.name
        self.version = told.engine_version or file.version or "unknown"
        # It works in a process of its own: what it was sent is not answered when `send` returns, whatever it says.
        offered = file.capabilities or told.capabilities
        durable = offered.durable or file.verify is not None
        self.capabilities = msgspec.structs.replace(offered, answers_at_once=False, durable=durable)
        self.conventions = file.conventions or told.conventions

    def _asked(self) -> InitOk | EngineStartError:
        key = (repr(self._file), self._init.conventions)
        if key not in _ASKED:
            try:
                _ASKED[key] = self._meet()
            except EngineStartError as error:
                # Without its traceback, which would hold the channel as long as gonogo runs.
                _ASKED[key] = EngineStartError(str(error))
            finally:
                self.stop(graceful=True)
        return _ASKED[key]

    def log_to(self, path: Path) -> None:
        """Where it prints to from its next start on."""
        self._program.log_to(path)

    def processes(self) -> Processes:
        """Those of the program."""
        return self._program.processes()

    def start(self) -> None:
        """Start it and shake hands; what it says of itself must be what it said before."""
        if isinstance(self._said, EngineStartError):
            raise EngineStartError(str(self._said)) from self._said
        told = self._meet()
        if told != self._said:
            self.stop(graceful=False)
            raise EngineStartError("the engine says other things of itself than when it was asked before")

    def _meet(self) -> InitOk:
        """A running engine that has answered `init`."""
        self.stop(graceful=False)
        try:
            self._program.start()
            self._channel = self._connected()
            self._gone = ""
            told = self._ask(self._init, InitOk, self._file.start.timeout_s if self._file.start else self._file.answer_timeout_s)  # fmt: skip
            if told.version != VERSION:
                self._misspeak(f"it speaks version {told.version} of the protocol, and gonogo version {VERSION}")
            self._living()
        except EngineError as error:
            self.stop(graceful=False)
            raise EngineStartError(str(error)) from error
        return told

    def _connected(self) -> JsonChannel:
        if ORDERS in self._file.endpoints:
            self._socket = self._program.connect(ORDERS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.setblocking(False)
            return JsonChannel(self._socket.fileno(), self._socket.fileno())
        process = self._program.process
        if process is None:
            raise EngineStartError(f"the engine file has neither [start] nor an endpoint {ORDERS!r}")
        return JsonChannel(process.stdout, process.stdin)

    def session(self, account: int) -> Sender:
        """All sessions share the one connection: a command names its session and its account itself."""
        del account
        self._living()
        return Sender(self)

    def take(self, commands: Commands) -> int:
        """Hand the engine commands of one session; how many it, or the room before it, took."""
        return self._living().send(commands)

    def poll(self, wait_ns: int) -> Events:
        """What came since the last poll. What an engine said before it failed is handed on first, and then its failure told."""
        if not self._gone:
            self._hear(0.0 if self._events else wait_ns / 1e9)
            if self._answers:
                self._misspeak(f"it wrote {self._answers[0]!r}, for which nobody asked")
        if not self._events:
            self._living()
        told, self._events = self._events, []
        return told[0] if len(told) == 1 else joined(told, EVENT)

    def snapshot(self) -> Snapshot | None:
        """The book as the engine tells it, where it can; a failure that came behind its last answer is told here."""
        self._hear(0.0)
        self._living()
        if "snapshot" not in self.capabilities.book:
            return None
        book = self._ask(AskBook(), Book, self._file.answer_timeout_s)
        try:
            return Snapshot(book.engine_seq, book_rows(list(book.rows)))
        except OverflowError as error:
            self._misspeak(f"its book holds a number that no row can: {error}")
            raise self._kind(self._gone) from error

    def counters(self) -> dict[str, int]:
        """The protocol tells none."""
        return {}

    def reset(self) -> None:
        """An empty engine: by asking it, where it can and is there to be asked; else by starting it again."""
        if self.capabilities.reset == "none":
            raise EngineError("the engine offers no reset")
        if self.capabilities.reset == "call" and not self._gone:
            self._ask(Reset(), ResetOk, self._file.answer_timeout_s)
            self._events.clear()
        else:
            self.start()

    def stop(self, *, graceful: bool) -> None:
        """End it, and all that it started."""
        self._channel = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._program.end(graceful=graceful)
        self._events.clear()
        self._answers.clear()
        self._gone, self._kind = "the engine was stopped", EngineDiedError

    def ended(self) -> Ended | None:
        """How the program ended, and what it keeps."""
        return self._program.ended()

    def _living(self) -> JsonChannel:
        if self._gone or self._channel is None:
            raise self._kind(self._gone)
        return self._channel

    def _hear(self, wait_s: float) -> None:
        """Take in what comes; a failure is kept for whoever asks next."""
        heard = self._living().hear(wait_s)
        if len(heard.events):
            self._events.append(heard.events)
        for message in heard.messages:
            if isinstance(message, Error):
                self._die(f"it says that it cannot go on: {message.text}")
            else:
                self._answers.append(message)
        if heard.wrong:
            self._misspeak(heard.wrong)
        if heard.ended:
            self._die("it closed its output", ENDED_S)

    def _ask(self, message: Message, kind: type[Answer], wait_s: float) -> Answer:
        """Say it and wait for the answer; events that come before it are kept."""
        self._living().say(message)
        give_up = time.monotonic() + wait_s
        while not self._answers:
            self._living()
            left_s = give_up - time.monotonic()
            if left_s <= 0:
                self._die(f"it did not answer {type(message).__name__.lower()} within {wait_s:g} s")
            else:
                self._hear(left_s)
        answer = self._answers.pop(0)
        if not isinstance(answer, kind):
            self._misspeak(f"it answered {type(message).__name__.lower()} with {answer!r}")
            raise self._kind(self._gone)
        return answer

    def _die(self, why: str, wait_s: float = 0.0) -> None:
        """The engine failed: end what is left of it, so that nothing more comes. The first reason is the one that is told."""
        if not self._gone:
            self._gone = self._program.fail(f"the engine failed: {why}", wait_s)

    def _misspeak(self, why: str) -> None:
        """The same where what it said is none of the protocol."""
        self._kind = self._kind if self._gone else MisspokeError
        self._die(why)


ENGINE = Jsonl
