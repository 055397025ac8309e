"""Sends what lies ready when it is due, from a thread that holds no interpreter lock: whatever Python does meanwhile makes nothing late.

Each line is a connection's queue: bytes in a ring, and of each packet in it when it is due, where it ends and whose number it has. Python puts
packets behind the head, this thread sends from the tail on; each writes its own end only, and publishes it last. `sent_ns` is written before
the packet goes out, so that whoever reads its answer finds it there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from harness.base.atomics import load_acquire, store_release
from harness.base.kernels import compiled
from harness.base.records import Int64Array
from harness.wire.system import now_ns, send_bytes, sleep_ns

PACKET = np.dtype([("due_ns", "<i8"), ("end", "<i8"), ("number", "<i8")])
"""When it is due, how many bytes of the line end with it, and whose `sent_ns` it is; below 0: nobody's."""
PACKETS = 1 << 13
"""Packets that a line holds."""
BYTES = 1 << 19
"""Bytes that a line holds."""
STAMPS = 1 << 20
"""Numbers whose times are kept, each at its number modulo this."""
MOST = 512
"""Packets of a line that go out in one call, before the other lines have their turn."""
STOP, LINES, PASSED, ROUNDS = range(4)
"""Words: whether to end, how many lines there are, up to when all that was due has had its turn, and rounds so far."""
IDLE_NS = np.int64(200_000)
"""The longest sleep: what is put in meanwhile is due no sooner, but by who is late."""
SPIN_NS = np.int64(30_000)
"""The last stretch before a due time is not slept: a sleep ends some 20 us late. Nor is the processor given away: it comes back milliseconds later."""
GRAIN_NS = np.int64(10_000)
"""How long it sleeps for each packet that a round sent, where the next ones are due at once: they go out in one call, some 30 us late."""
GRAINS_MOST = 16
"""Beyond 100,000 packets a second they are up to 0.2 ms late, since each call costs the sender as much as ten packets, and wakes the engine."""
RETRY_NS = np.int64(50_000)
"""How soon a socket that took nothing is tried again."""


class Lines(NamedTuple):
    """All that both threads share."""

    words: Int64Array
    packets: npt.NDArray[np.void]
    """By line, and number of the packet modulo `PACKETS`."""
    heads: Int64Array
    tails: Int64Array
    """By line: how many packets were put in, and how many are gone."""
    gone: Int64Array
    """By line: how many of its bytes are gone."""
    descriptors: Int64Array
    """By line; below 0: it is paused."""
    stuck: Int64Array
    """By line: 0, or when its socket is tried again."""
    starts: Int64Array
    """By line: the address of its bytes."""
    sent_ns: Int64Array
    """By number modulo `STAMPS`."""
    time: Int64Array
    address: int
    """Of `time`."""


def _dispatch(lines: Lines) -> None:
    """Until it is told to stop."""
    words = lines.words
    while load_acquire(words, STOP) == 0:
        begun_ns = now_ns(lines.time, lines.address)
        next_ns, sent = begun_ns + IDLE_NS, 0
        for line in range(load_acquire(words, LINES)):
            if first_ns(lines, line) <= begun_ns:
                sent += send(lines, line, begun_ns)
            next_ns = min(next_ns, first_ns(lines, line))
        words[ROUNDS] += 1
        # A line that had more to send than goes in one turn has not had its turn for that.
        store_release(words, PASSED, min(begun_ns, next_ns - 1))
        left_ns = next_ns - now_ns(lines.time, lines.address)
        if left_ns > SPIN_NS:
            sleep_ns(lines.time, lines.address, left_ns - SPIN_NS)
        elif sent:
            sleep_ns(lines.time, lines.address, GRAIN_NS * min(sent, GRAINS_MOST))


def _first_ns(lines: Lines, line: Any) -> Any:
    """When the line wants its next turn."""
    tail = lines.tails[line]
    if load_acquire(lines.heads, line) == tail or load_acquire(lines.descriptors, line) < 0:
        return np.int64(2**62)
    return max(lines.packets[line, tail % PACKETS]["due_ns"], lines.stuck[line])


def _send(lines: Lines, line: Any, begun_ns: Any) -> Any:
    """Send what is due of a line, in one call; how many packets."""
    packets, tail, gone = lines.packets[line], lines.tails[line], lines.gone[line]
    head = min(load_acquire(lines.heads, line), tail + MOST)
    before_ns = now_ns(lines.time, lines.address)
    upto = tail
    while upto < head and packets[upto % PACKETS]["due_ns"] <= begun_ns:
        stamp(lines, packets[upto % PACKETS]["number"], before_ns)
        upto += 1
    begin = gone % BYTES
    count = min(packets[(upto - 1) % PACKETS]["end"] - gone, BYTES - begin)
    took = send_bytes(lines.descriptors[line], lines.starts[line] + begin, count)
    lines.gone[line] = gone = gone + max(took, 0)
    lines.stuck[line] = 0 if took == count else before_ns + RETRY_NS
    while tail < upto and packets[tail % PACKETS]["end"] <= gone:
        tail += 1
    for left in range(tail, upto):
        stamp(lines, packets[left % PACKETS]["number"], 0)
    went = tail - lines.tails[line]
    store_release(lines.tails, line, tail)
    return went


def _stamp(lines: Lines, number: Any, when_ns: Any) -> None:
    if number >= 0:
        store_release(lines.sent_ns, number % STAMPS, when_ns)


stamp = compiled(_stamp, inner=True)
first_ns = compiled(_first_ns, inner=True)
send = compiled(_send, inner=True)
dispatch = compiled(_dispatch)
