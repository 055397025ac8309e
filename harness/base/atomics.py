"""Words that two threads share: a store that publishes all stores before it, a load that sees them, and an exchange in one order for all.

Each is a plain function, which is what runs when kernels are not compiled (the interpreter lock orders single steps then), and the
instruction that stands for it when they are. The names are those of C11 (ISO/IEC 9899:2011, 7.17.3).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from numba.core import cgutils, types
from numba.extending import intrinsic, overload

Number = Any
WORD_BYTES = 8
_exchanging = threading.Lock()


def load_acquire(words: Number, at: Number) -> Number:
    """The word; all that was stored before it was published is seen after."""
    return words[at]


def store_release(words: Number, at: Number, value: Number) -> None:
    """Publish the word, and with it all that was stored before."""
    words[at] = value


def exchange(words: Number, at: Number, value: Number) -> Number:
    """Store the word and give the one before, in one order for all threads and all exchanges."""
    with _exchanging:
        before = words[at]
        words[at] = value
    return before


def _place(context: Any, builder: Any, kind: Any, array: Any, at: Any) -> Any:
    made = context.make_array(kind)(context, builder, array)
    return cgutils.get_item_pointer(context, builder, kind, made, [at], wraparound=False)


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def _load(typing: Any, words: Any, at: Any) -> tuple[Any, Callable[..., Any]]:
    del typing, at

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = _place(context, builder, signature.args[0], arguments[0], arguments[1])
        return builder.load_atomic(place, "acquire", WORD_BYTES)

    return types.int64(words, types.intp), code


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def _store(typing: Any, words: Any, at: Any, value: Any) -> tuple[Any, Callable[..., Any]]:
    del typing, at, value

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = _place(context, builder, signature.args[0], arguments[0], arguments[1])
        builder.store_atomic(arguments[2], place, "release", WORD_BYTES)
        return context.get_dummy_value()

    return types.void(words, types.intp, types.int64), code


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def _exchange(typing: Any, words: Any, at: Any, value: Any) -> tuple[Any, Callable[..., Any]]:
    del typing, at, value

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = _place(context, builder, signature.args[0], arguments[0], arguments[1])
        return builder.atomic_rmw("xchg", place, arguments[2], "seq_cst")

    return types.int64(words, types.intp, types.int64), code


@overload(load_acquire, inline="always", strict=False)  # type: ignore[untyped-decorator]  # numba ships no types
def _load_acquire(words: Any, at: Any) -> Callable[..., Any]:
    del words, at

    def code(words: Any, at: Any) -> Any:
        return _load(words, at)

    return code


@overload(store_release, inline="always", strict=False)  # type: ignore[untyped-decorator]  # numba ships no types
def _store_release(words: Any, at: Any, value: Any) -> Callable[..., Any]:
    del words, at, value

    def code(words: Any, at: Any, value: Any) -> Any:
        return _store(words, at, value)

    return code


@overload(exchange, inline="always", strict=False)  # type: ignore[untyped-decorator]  # numba ships no types
def _exchanged(words: Any, at: Any, value: Any) -> Callable[..., Any]:
    del words, at, value

    def code(words: Any, at: Any, value: Any) -> Any:
        return _exchange(words, at, value)

    return code
