"""What kernels ask of the operating system while they hold no interpreter lock: the clock, a short sleep, to send bytes (POSIX.1-2017).

Each is a plain function, which is what runs when kernels are not compiled, and the same call of the C library when they are.
`time` is two words for a timespec, and `address` where these lie.
"""

from __future__ import annotations

import ctypes
import time as clock
from collections.abc import Callable
from typing import Any

import numpy as np
from numba.core import types
from numba.extending import overload

Number = Any
SECOND_NS = np.int64(10**9)
MONOTONIC = np.int32(clock.CLOCK_MONOTONIC)
NOT_NOW = np.int32(0x40 | 0x4000)
"""MSG_DONTWAIT and MSG_NOSIGNAL of Linux: what a socket does not take is not waited for, and one that is gone raises no signal."""
_C = ctypes.CDLL(None)
_C.send.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
_C.send.restype = ctypes.c_ssize_t
_clock_gettime: Any = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.uintp))
_nanosleep: Any = types.ExternalFunction("nanosleep", types.int32(types.uintp, types.uintp))
_send: Any = types.ExternalFunction("send", types.intp(types.int32, types.uintp, types.uintp, types.int32))


def now_ns(time: Number, address: Number) -> Number:
    """The monotonic clock."""
    del time, address
    return clock.perf_counter_ns()


def sleep_ns(time: Number, address: Number, nanoseconds: Number) -> None:
    """Sleep so long, less than a second."""
    del time, address
    clock.sleep(nanoseconds / 1e9)


def send_bytes(descriptor: Number, start: Number, count: Number) -> Number:
    """Give a socket so many bytes that begin at the address `start`, as far as it takes them at once: how many, below 0 if none."""
    return _C.send(int(descriptor), int(start), int(count), int(NOT_NOW))


@overload(now_ns, strict=False)  # type: ignore[untyped-decorator]  # numba ships no types
def _now_ns(time: Any, address: Any) -> Callable[..., Any]:
    del time, address

    def code(time: Any, address: Any) -> Any:
        _clock_gettime(MONOTONIC, address)
        return time[0] * SECOND_NS + time[1]

    return code


@overload(sleep_ns, strict=False)  # type: ignore[untyped-decorator]  # numba ships no types
def _sleep_ns(time: Any, address: Any, nanoseconds: Any) -> Callable[..., Any]:
    del time, address, nanoseconds

    def code(time: Any, address: Any, nanoseconds: Any) -> Any:
        time[0], time[1] = 0, nanoseconds
        _nanosleep(address, 0)

    return code


@overload(send_bytes, strict=False)  # type: ignore[untyped-decorator]  # numba ships no types
def _send_bytes(descriptor: Any, start: Any, count: Any) -> Callable[..., Any]:
    del descriptor, start, count

    def code(descriptor: Any, start: Any, count: Any) -> Any:
        return _send(np.int32(descriptor), start, count, NOT_NOW)

    return code
