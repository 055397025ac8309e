"""What an OUCH reply repeats of the request that it answers, byte by byte: every field and tag that the two layouts have in common."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from harness.base.records import Int64Array
from harness.wire.ouch_layout import FORMS, REPLIES, REPLY, REQUEST, TAGS, Appendage, Message, width


class Echoes(NamedTuple):
    """By the character of a reply."""

    pairs: Int64Array
    """A byte of the request's record, and the byte of the reply's that it becomes."""
    counts: Int64Array
    """How many pairs there are."""
    tags: Int64Array
    """The bits of `present` that it repeats."""
    always: Int64Array
    """1: its appendage has a length even if it is empty. Else it has one only if the request named a channel (UserRefIdx)."""


def _echoes() -> Echoes:
    pairs = {ord(message.type): _pairs(message) for message in REPLIES}
    most = max(map(len, pairs.values()))
    echoes = Echoes(np.zeros((256, most, 2), np.int64), *(np.zeros(256, np.int64) for _ in range(3)))
    for message in REPLIES:
        letter = ord(message.type)
        echoes.pairs[letter, : len(pairs[letter])] = np.reshape(pairs[letter], (-1, 2))
        echoes.counts[letter] = len(pairs[letter])
        echoes.tags[letter] = sum(1 << tag for tag in message.tags if TAGS[tag] in (REQUEST.names or ()))
        echoes.always[letter] = message.appendage == Appendage.ALWAYS
    return echoes


def _pairs(message: Message) -> list[tuple[int, int]]:
    places = [{name: at for name, (_, at, *_) in (record.fields or {}).items()} for record in (REQUEST, REPLY)]
    names = [name for name in (*message.fields, *(TAGS[tag] for tag in message.tags)) if name in places[0]]
    return [(places[0][name] + at, places[1][name] + at) for name in names for at in range(width(FORMS[name]))]


ECHOES = _echoes()
