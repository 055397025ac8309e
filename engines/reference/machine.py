"""What the processor offers and Python does not: the lowest and the highest set bit of a word, and a hint to fetch memory.

Each is a plain function, which is what runs when kernels are not compiled, and the one instruction that stands for it when they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, overload

Number = Any
"""A machine integer, unsigned for indices and signed for amounts; which one numba works out."""
U, S = np.uint64, np.int64
ZERO, ONE = U(0), U(1)


def lowest_bit(word: Number) -> Number:
    """The place of the lowest set bit of a 64-bit word that is not 0."""
    return U((int(word) & -int(word)).bit_length() - 1)


def highest_bit(word: Number) -> Number:
    """The place of the highest set bit of a 64-bit word that is not 0."""
    return U(int(word).bit_length() - 1)


def fetch(array: Number, index: Number) -> None:
    """Have the row of a two-dimensional array brought into the cache; the result of nothing depends on it."""


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def _count_trailing(typing: Any, word: Any) -> tuple[Any, Callable[..., Any]]:
    del typing, word

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        del context, signature
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), code


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def _count_leading(typing: Any, word: Any) -> tuple[Any, Callable[..., Any]]:
    del typing, word

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        del context, signature
        return builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), code


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def _prefetch(typing: Any, array: Any, index: Any) -> tuple[Any, Callable[..., Any]]:
    del typing, index

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        made = context.make_array(signature.args[0])(context, builder, arguments[0])
        stride = cgutils.unpack_tuple(builder, made.strides)[0]
        start = builder.ptrtoint(made.data, ir.IntType(64))
        address = builder.add(start, builder.mul(arguments[1], stride))
        pointer = builder.inttoptr(address, ir.IntType(8).as_pointer())
        word, read = ir.IntType(32), builder.module.globals.get("llvm.prefetch.p0")
        if read is None:
            kind = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer(), word, word, word])
            read = ir.Function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(read, [pointer, word(0), word(3), word(1)])
        return context.get_dummy_value()

    return types.void(array, types.uint64), code


@overload(lowest_bit, inline="always", strict=False)  # type: ignore[untyped-decorator]  # numba ships no types
def _lowest_bit(word: Any) -> Callable[..., Any]:
    del word

    def code(word: Any) -> Any:
        return _count_trailing(word)

    return code


@overload(highest_bit, inline="always", strict=False)  # type: ignore[untyped-decorator]  # numba ships no types
def _highest_bit(word: Any) -> Callable[..., Any]:
    del word

    def code(word: Any) -> Any:
        return U(63) - _count_leading(word)

    return code


@overload(fetch, inline="always", strict=False)  # type: ignore[untyped-decorator]  # numba ships no types
def _fetch(array: Any, index: Any) -> Callable[..., Any]:
    del array, index

    def code(array: Any, index: Any) -> Any:
        return _prefetch(array, index)

    return code
