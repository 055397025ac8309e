"""A shared library of the C ABI in the process that it was loaded into: its symbols, its transport or ours, and the calls of a batch."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from ctypes import CDLL, CFUNCTYPE, Structure, c_int64, c_uint8, c_uint32, c_uint64, c_void_p
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir

from engines.adapters._c_abi_memory import AT, COUNT, FULL, MESSAGE_BYTES, REPORT_BYTES, ROOM, WORD_BYTES, Memory

OWN_ROOM = 2**20
"""Reports for which an engine's own transport is asked to have room: one call may fill it."""
SEED = 1
"""What an engine may mix into its hashes: the same at each start, so that a run can be repeated."""
REQUIRED: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "engine_init": (None, (c_uint64, c_void_p, c_void_p)),
    "engine_shutdown": (None, ()),
    "engine_on_new_order": (None, (c_void_p,)),
    "engine_on_cancel": (None, (c_void_p,)),
    "engine_on_modify": (None, (c_void_p,)),
    "engine_flush": (None, ()),
    "engine_query_best_bid": (c_int64, ()),
    "engine_query_best_ask": (c_int64, ()),
    "engine_query_depth_at": (c_uint64, (c_int64, c_uint8)),
}
OPTIONAL: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "engine_get_transport": (c_void_p, ()),
    "engine_prebuild": (None, (c_uint8, c_void_p)),
    "engine_on_batch": (None, (c_void_p, c_uint32)),
}
"""Symbols: what they give, and what they take."""

Create = CFUNCTYPE(c_void_p, c_uint32)
Drain = CFUNCTYPE(c_uint32, c_void_p, c_void_p, c_uint32)
OfQueue = CFUNCTYPE(None, c_void_p)


class Transport(Structure):
    """`me_transport_t`: how an engine hands over its reports."""

    _fields_ = (("create", Create), ("push", c_void_p), ("drain", Drain), ("flush", OfQueue), ("destroy", OfQueue))


class NotLoadedError(Exception):
    """The library cannot be used, in words."""


class Library:
    """The engine, loaded and begun."""

    def __init__(self, path: str, memory: Memory, queue: Queue) -> None:
        self._memory = memory
        self._call = _loaded(path)
        self._own: Transport | None = None
        self._sink: int | None = memory.head
        transport = self._call["engine_get_transport"]() if "engine_get_transport" in self._call else None
        if transport:
            self._own = Transport.from_address(transport)
            self._sink = self._own.create(OWN_ROOM)
            if not self._sink:
                raise NotLoadedError(f"its own transport has no room for {OWN_ROOM} reports")
        self._call["engine_init"](SEED, transport or ctypes.addressof(queue.transport), self._sink)

    def how(self) -> str:
        """In words: whether it takes batches, and whose transport is used."""
        return f"{'batch' if 'engine_on_batch' in self._call else 'single'} {'own' if self._own else 'ours'}"

    def carry_out(self, count: int) -> None:
        """Hand it so many messages, until all their reports are there."""
        memory = self._memory
        memory.words[COUNT] = memory.words[FULL] = 0
        if prebuild := self._call.get("engine_prebuild"):
            for at in range(count):
                prebuild(memory.types[at], memory.messages + at * MESSAGE_BYTES + WORD_BYTES)
        if on_batch := self._call.get("engine_on_batch"):
            memory.words[AT] = count
            on_batch(memory.messages, count)
        else:
            self._one_by_one(count)
        self._call["engine_flush"]()
        if self._own:
            self._drain(self._own)

    def _one_by_one(self, count: int) -> None:
        memory = self._memory
        calls = [self._call[f"engine_on_{name}"] for name in ("new_order", "cancel", "modify")]
        words, at = memory.words, memory.messages + WORD_BYTES
        for place, kind in enumerate(memory.types[:count].tolist()):
            words[AT] = place
            calls[kind](at)
            at += MESSAGE_BYTES

    def _drain(self, own: Transport) -> None:
        """Take all that stands in the engine's own queue."""
        memory = self._memory
        own.flush(self._sink)
        count = 0
        while more := own.drain(self._sink, memory.reports + count * REPORT_BYTES, memory.room - count):
            count += min(more, memory.room - count)
            memory.words[COUNT] = count
        memory.words[FULL] = count == memory.room

    def shut_down(self) -> None:
        """Let it end by its own means."""
        self._call["engine_shutdown"]()
        if self._own:
            self._own.destroy(self._sink)


class Queue:
    """Our transport. Its `push` runs at every report, on whichever thread the engine likes, so it is compiled; an engine calls no other."""

    def __init__(self, memory: Memory) -> None:
        self._code = _compiled(str(_push(memory.reports - memory.head)))
        nothing = OfQueue(lambda _: None)
        push = self._code.get_function_address("push")
        self.transport = Transport(Create(lambda _: memory.head), push, Drain(lambda *_: 0), nothing, nothing)


def _push(reports_at: int) -> ir.Module:
    """`int push(void *queue, const me_report_t *report)`: behind the last one; where there is no room, the end of the engine."""
    word, answer = ir.IntType(64), ir.IntType(32)
    module = ir.Module()
    function = ir.Function(module, ir.FunctionType(answer, [word.as_pointer(), word.as_pointer()]), "push")
    queue, report = function.args
    block = ir.IRBuilder(function.append_basic_block())

    def entry(words: ir.Value, at: ir.Value | int) -> ir.Value:
        return block.gep(words, [at if isinstance(at, ir.Value) else word(at)])

    count = block.load(entry(queue, COUNT))
    with block.if_then(block.icmp_unsigned(">=", count, block.load(entry(queue, ROOM)))):
        # Nobody takes reports out before the call is done: an engine that waits for room would wait for ever.
        block.store(word(1), entry(queue, FULL))
        block.call(module.declare_intrinsic("llvm.trap", (), ir.FunctionType(ir.VoidType(), [])), [])
        block.unreachable()
    words = REPORT_BYTES // WORD_BYTES
    to = entry(queue, block.add(block.mul(count, word(words)), word(reports_at // WORD_BYTES)))
    for at in range(words):
        block.store(block.load(entry(report, at)), entry(to, at))
    block.store(block.add(count, word(1)), entry(queue, COUNT))
    block.ret(answer(1))
    return module


def _compiled(text: str) -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(opt=2)
    code = llvm.create_mcjit_compiler(llvm.parse_assembly(text), machine)
    code.finalize_object()
    return code


def _loaded(path: str) -> dict[str, Callable[..., Any]]:
    """The symbols of a library, by name."""
    try:
        library = CDLL(path, mode=os.RTLD_NOW)
    except OSError as error:
        raise NotLoadedError(f"{path} cannot be loaded: {error}") from error
    missing = [name for name in REQUIRED if not hasattr(library, name)]
    if missing:
        raise NotLoadedError(f"{path} has no {', '.join(missing)}")
    found = {name: kind for name, kind in {**REQUIRED, **OPTIONAL}.items() if hasattr(library, name)}
    for name, (gives, takes) in found.items():
        symbol = getattr(library, name)
        symbol.restype, symbol.argtypes = gives, takes
    return {name: getattr(library, name) for name in found}
