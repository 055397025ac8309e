"""An engine spoken to in JSON lines (docs/json-lines.md): one conversation, from `init` to the end of input.

It knows no stream: whoever holds one hands over what came and writes what is answered. `gonogo serve --stdio` does so for the bundled engine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import msgspec

from harness.base.bits import BookRows
from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.records import Commands, Events
from harness.wire.json_lines import Lines, decode_commands, encode_events, encode_message
from harness.wire.json_messages import VERSION, AskBook, Book, Error, Init, InitOk, Message, Reset, ResetOk


class Spoken(Protocol):
    """What an engine must be able to do."""

    @property
    def engine_seq(self) -> int: ...

    def submit(self, commands: Commands) -> Events: ...

    def snapshot(self) -> BookRows: ...


class Offer(NamedTuple):
    """An engine that can be spoken to."""

    name: str
    version: str
    capabilities: Capabilities
    conventions: Conventions
    build: Callable[[tuple[Instrument, ...], Conventions], Spoken]


class Conversation:
    """What is said to an engine, and what it answers."""

    def __init__(self, offer: Offer) -> None:
        self._offer = offer
        self._engine: Spoken | None = None
        self._init: Init | None = None
        self._begun = b""
        self.commands = self.events = 0
        self.wrong = ""
        """Why it cannot go on; empty: it can."""

    def answer(self, said: bytes) -> bytes:
        """Take in what came; what is to be said to it."""
        buffer = self._begun + said
        lines = decode_commands(buffer)
        whole, self._begun = buffer[: lines.used], buffer[lines.used :]
        if len(lines.records) and lines.messages:
            # Somebody did not wait for an answer: each line by itself, since what stood before what is not told.
            return b"".join(self._answered(decode_commands(line)) for line in whole.splitlines(keepends=True))
        return self._answered(lines)

    def _answered(self, lines: Lines) -> bytes:
        if self.wrong:
            return b""
        if lines.wrong:
            return self._give_up(lines.wrong[0].reason)
        told = self._carried_out(lines.records) if len(lines.records) else b""
        return told + b"".join(self._replied(message) for message in lines.messages if not self.wrong)

    def _carried_out(self, commands: Commands) -> bytes:
        if self._engine is None:
            return self._give_up("a command came before init")
        events = self._engine.submit(commands)
        self.commands += len(commands)
        self.events += len(events)
        return encode_events(events)

    def _replied(self, message: Message) -> bytes:
        if isinstance(message, Init):
            return self._met(message)
        if self._init is None or self._engine is None:
            return self._give_up("something else came before init")
        if isinstance(message, Reset):
            self._build(self._init)
            return encode_message(ResetOk())
        if isinstance(message, AskBook):
            rows = tuple(self._engine.snapshot().tolist())
            return encode_message(Book(self._engine.engine_seq, rows))
        return self._give_up("what an engine says was said to it")

    def _met(self, init: Init) -> bytes:
        if init.version != VERSION:
            return self._give_up(f"version {init.version} of the protocol; this engine speaks {VERSION}")
        self._build(init)
        # Over a wire nothing is answered when it was sent.
        capabilities = msgspec.structs.replace(self._offer.capabilities, answers_at_once=False)
        conventions = init.conventions or self._offer.conventions
        return encode_message(InitOk(VERSION, self._offer.name, capabilities, conventions, self._offer.version))

    def _build(self, init: Init) -> None:
        self._init = init
        self._engine = self._offer.build(init.instruments, init.conventions or self._offer.conventions)

    def _give_up(self, why: str) -> bytes:
        self.wrong = why
        return encode_message(Error(why))
