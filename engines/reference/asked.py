"""Reads commands: a command is fourteen 64-bit words, and this is the one place that knows which field lies where in them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engines.reference.layout import Amounts, Words
from engines.reference.machine import Number, U
from harness.base.kernels import compiled
from harness.base.records import COMMAND, NONE, RECORD_BYTES, CommandKind, Commands, OrderType, TimeInForce

NUMBER, ORDER, TARGET, PRICE, STOP, QTY, MIN_QTY, DISPLAY = range(8)
HOME, WHAT, FLAGS = 11, 12, 13
"""Instrument and account << 32; session, kind << 32, type << 40, time in force << 48 and side << 56; flags and padding."""
LOW, BYTE = U(0xFFFFFFFF), U(0xFF)
KIND_AT, TERMS_AT, SIDE_AT, ACCOUNT_AT = U(32), U(40), U(56), U(32)
TIF_AT, FLAGS_AT = U(8), U(16)
"""Where time in force and flags lie in the terms of an order; its type lies at 0."""

ABSENT = np.int64(NONE)
NEW, CANCEL, REPLACE, MASS_CANCEL = (
    U(int(kind)) for kind in (CommandKind.NEW, CommandKind.CANCEL, CommandKind.REPLACE, CommandKind.MASS_CANCEL)
)
LIMIT, MARKET, STOPS, STOP_LIMIT = (
    U(int(kind)) for kind in (OrderType.LIMIT, OrderType.MARKET, OrderType.STOP, OrderType.STOP_LIMIT)
)
DAY, IOC, FOK, GTC = (
    U(int(tif)) for tif in (TimeInForce.DAY, TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTC)
)  # fmt: skip


class Asked(NamedTuple):
    """A batch of commands as words, shape (n, 14): the same memory unsigned and signed."""

    words: Words
    amounts: Amounts


def asked_of(commands: Commands) -> Asked:
    """The commands without a copy, if they lie one after another and have their padding, which numpy drops when it joins arrays."""
    words = np.ascontiguousarray(commands, COMMAND).view(np.uint64).reshape(len(commands), RECORD_BYTES // 8)
    return Asked(words, words.view(np.int64))


def _terms_of(asked: Asked, at: Number) -> Number:
    """Type, time in force and flags of a new order."""
    words = asked.words
    return ((words[at, WHAT] >> TERMS_AT) & U(0xFFFF)) | ((words[at, FLAGS] & BYTE) << FLAGS_AT)


terms_of = compiled(_terms_of, inner=True)
