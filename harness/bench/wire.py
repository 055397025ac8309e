"""The codecs: OUCH packets and JSON lines to records and back, beside plain `struct` and `json`, one message after another.

Streams are read 256 messages a call, as a busy gateway finds them: to find the packets is part of decoding, to frame them of encoding. A
round is right if every byte, or every record, came out as it must.
"""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias

import numpy as np

from harness.base.capabilities import Instrument
from harness.base.records import NONE, CommandKind, Commands, Int64Array, OrderType, Side, TimeInForce, empty_commands
from harness.bench import Case, Goal, Round, Site
from harness.wire import ouch, soup
from harness.wire.json_lines import decode_commands, encode_commands
from harness.wire.ouch import Records
from harness.wire.ouch_layout import LENGTH_PRESENT, REPLY
from harness.wire.ouch_requests import to_commands, to_requests
from harness.wire.ouch_symbols import symbols_of
from harness.wire.ouch_terms import Ids
from harness.wire.soup_kernel import Bytes

MESSAGES = 1_000_000
LINES = 200_000
SHARE_ONE_BY_ONE = 20
"""The baselines do one in so many."""
CALL = 256
TICK_1E9 = 10_000_000
INSTRUMENTS = tuple(Instrument(id=number, symbol=f"SYM{number}", tick_1e9=TICK_1E9) for number in range(1, 9))
ACCOUNT, FIRM = 3, ouch.word("FIRM", 4)
HEADER = struct.Struct(">HB")
ENTER_ORDER = struct.Struct(">BIBI8sQBBBBB14sH")
EXECUTED = struct.Struct(">BQIIQBQH")
GOAL = Goal(least=2_000_000)
"""A service of 200,000 commands a second spends a tenth of its time on each such step."""
Decode: TypeAlias = Callable[[memoryview, Int64Array], ouch.Decoded]


class _Ouch(NamedTuple):
    """Messages of one kind and how they are read and written."""

    name: str
    about: str
    records: Records
    decode: Decode
    encode: Callable[[Records], Bytes]
    plain: struct.Struct


def _wire(site: Site) -> Iterator[Sequence[Case]]:
    count = site.part(MESSAGES)
    commands = _commands(count)
    requests = to_requests(commands, _ids(commands), symbols_of(INSTRUMENTS), FIRM).requests
    for kind in (
        _Ouch("orders", "Enter Orders", requests, ouch.decode_requests, ouch.encode_requests, ENTER_ORDER),
        _Ouch("fills", "Order Executeds", _executed(count), ouch.decode_replies, ouch.encode_replies, EXECUTED),
    ):
        yield from _ouch_cases(kind, count)
    yield (
        Case(
            name="wire.words", about="orders from our words to OUCH's and back", amount=2 * count, category="wire",
            run=lambda: _translated(commands),
        ),
    )  # fmt: skip
    yield from _json_cases(commands[: site.part(LINES)])


def _ouch_cases(kind: _Ouch, count: int) -> Iterator[Sequence[Case]]:
    stream = kind.encode(kind.records).tobytes()
    few = max(count // SHARE_ONE_BY_ONE, 1)
    part = stream[: len(stream) // count * few]
    for act, run, plainly in (
        ("decode", partial(_decoded, kind, stream), partial(_unpacked, kind.plain, part)),
        ("encode", partial(_encoded, kind, stream), partial(_packed, kind.plain, part)),
    ):
        name = f"wire.{kind.name}.{act}"
        yield (
            Case(
                name=name, about=f"OUCH {kind.about}, {act}d, {CALL} a call", amount=count, category="wire", run=run,
                baseline=f"{name}.struct", goal=GOAL,
            ),
            Case(
                name=f"{name}.struct", about="the same with struct, one by one", amount=few, category="wire", run=plainly,
                warms=False, most_rounds=5,
            ),
        )  # fmt: skip


def _json_cases(commands: Commands) -> Iterator[Sequence[Case]]:
    count = len(commands)
    lines = encode_commands(commands).splitlines(keepends=True)
    calls = [b"".join(lines[at : at + CALL]) for at in range(0, count, CALL)]
    few = lines[: max(count // SHARE_ONE_BY_ONE, 1)]
    yield (
        Case(
            name="wire.json.decode", about=f"commands as JSON lines, decoded, {CALL} a call", amount=count, category="wire",
            run=lambda: _read_json(calls, commands), baseline="wire.json.decode.json", goal=Goal(least=400_000),
        ),
        Case(
            name="wire.json.decode.json", about="the same with json, one by one", amount=len(few), category="wire",
            run=lambda: _loaded(few), warms=False, most_rounds=5,
        ),
        Case(
            name="wire.json.encode", about=f"commands as JSON lines, encoded, {CALL} a call", amount=count, category="wire",
            run=lambda: _written_json(calls, commands), goal=Goal(least=400_000),
        ),
    )  # fmt: skip


def _commands(count: int) -> Commands:
    """New orders that differ in all that orders differ in."""
    number = np.arange(1, count + 1)
    commands = empty_commands(count)
    commands["kind"], commands["type"], commands["account"] = CommandKind.NEW, OrderType.LIMIT, ACCOUNT
    commands["order"], commands["qty"], commands["price"] = number, 1 + number % 900, 18_000 + number % 1_000
    commands["instrument"] = 1 + number % len(INSTRUMENTS)
    commands["side"] = np.where(number % 2, Side.BUY, Side.SELL)
    commands["tif"] = np.where(number % 5, TimeInForce.DAY, TimeInForce.IOC)
    return commands


def _ids(commands: Commands) -> Ids:
    return Ids(
        commands["order"].copy(), commands["target"].copy(), np.full(len(commands), NONE), commands["instrument"].copy()
    )


def _executed(count: int) -> Records:
    number = np.arange(1, count + 1)
    replies: Records = np.zeros(count, REPLY)
    replies["type"], replies["present"] = ord("E"), LENGTH_PRESENT
    replies["timestamp"], replies["match_number"], replies["user_ref_num"] = 34_200_000_000_000 + number, number, number
    replies["quantity"], replies["price"], replies["liquidity_flag"] = 1 + number % 900, 1_800_000 + number, ord("A")
    return replies


def _decoded(kind: _Ouch, stream: bytes) -> Round:
    size = len(stream) // len(kind.records) * CALL
    view, parts = memoryview(stream), []
    begun_ns = time.perf_counter_ns()
    for at in range(0, len(stream), size):
        part = view[at : at + size]
        parts.append(kind.decode(part, soup.split(part).packets))
    elapsed_ns = time.perf_counter_ns() - begun_ns
    records = np.concatenate([part.records for part in parts], dtype=kind.records.dtype)
    wrong = any(part.defects.any() for part in parts)
    return Round(elapsed_ns, not wrong and bool((records == kind.records).all()))


def _encoded(kind: _Ouch, stream: bytes) -> Round:
    begun_ns = time.perf_counter_ns()
    parts = [kind.encode(kind.records[at : at + CALL]) for at in range(0, len(kind.records), CALL)]
    elapsed_ns = time.perf_counter_ns() - begun_ns
    return Round(elapsed_ns, np.concatenate(parts).tobytes() == stream)


def _unpacked(plain: struct.Struct, stream: bytes) -> Round:
    at, messages = 0, []
    begun_ns = time.perf_counter_ns()
    while at < len(stream):
        length, _ = HEADER.unpack_from(stream, at)
        messages.append(plain.unpack_from(stream, at + 3))
        at += 2 + length
    elapsed_ns = time.perf_counter_ns() - begun_ns
    return Round(elapsed_ns, _joined(plain, messages, stream[2]) == stream)


def _packed(plain: struct.Struct, stream: bytes) -> Round:
    size = HEADER.size + plain.size
    messages = [plain.unpack_from(stream, at + HEADER.size) for at in range(0, len(stream), size)]
    begun_ns = time.perf_counter_ns()
    told = _joined(plain, messages, stream[2])
    return Round(time.perf_counter_ns() - begun_ns, told == stream)


def _joined(plain: struct.Struct, messages: list[tuple[object, ...]], packet_type: int) -> bytes:
    header = HEADER.pack(plain.size + 1, packet_type)
    return b"".join([header + plain.pack(*message) for message in messages])


def _translated(commands: Commands) -> Round:
    symbols, right, elapsed_ns = symbols_of(INSTRUMENTS), True, 0
    for at in range(0, len(commands), CALL):
        part = commands[at : at + CALL]
        ids = _ids(part)
        begun_ns = time.perf_counter_ns()
        asked = to_requests(part, ids, symbols, FIRM)
        read = to_commands(asked.requests, ids, symbols, ACCOUNT, FIRM)
        elapsed_ns += time.perf_counter_ns() - begun_ns
        right = right and bool((read.commands == part).all())
    return Round(elapsed_ns, right)


def _read_json(calls: list[bytes], commands: Commands) -> Round:
    begun_ns = time.perf_counter_ns()
    parts = [decode_commands(call).records for call in calls]
    elapsed_ns = time.perf_counter_ns() - begun_ns
    return Round(elapsed_ns, bool((np.concatenate(parts) == commands).all()))


def _written_json(calls: list[bytes], commands: Commands) -> Round:
    begun_ns = time.perf_counter_ns()
    told = [encode_commands(commands[at : at + CALL]) for at in range(0, len(commands), CALL)]
    return Round(time.perf_counter_ns() - begun_ns, told == calls)


def _loaded(lines: list[bytes]) -> Round:
    begun_ns = time.perf_counter_ns()
    told = [json.loads(line) for line in lines]
    elapsed_ns = time.perf_counter_ns() - begun_ns
    return Round(elapsed_ns, [line["order"] for line in told] == list(range(1, len(lines) + 1)))


BENCH = _wire
