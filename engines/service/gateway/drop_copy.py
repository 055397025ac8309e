"""The drop copy: every event that the engine told, whole and in its order, for those who may read and nothing else.

A sequenced packet is one `EVENT` record of 112 bytes (`harness/base/records.py`), and its number in the stream is the engine's own number of
the event, so that a reader who has heard up to N asks for N + 1.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engines.service.config import DropCopy as Settings
from engines.service.gateway.intake import Refuse
from engines.service.gateway.streams import NO_MARK, Mark, Stream
from engines.service.trail_files import EVENT_BYTES
from harness.base.records import RECORD_BYTES, Events, Int64Array
from harness.wire.soup import PacketType, packet
from harness.wire.soup_kernel import HEADER_BYTES

HEADER = np.frombuffer(packet(PacketType.SEQUENCED, bytes(RECORD_BYTES)), np.uint8)[:HEADER_BYTES]
"""Of every packet: all are of one length."""


class DropCopyLogin:
    """One login to the stream, which all of them share."""

    def __init__(self, settings: Settings, stream: Stream) -> None:
        self.settings, self.stream = settings, stream

    def bring(self, stream: bytes, packets: Int64Array, refuse: Refuse) -> None:
        """Refuse it: this login may send nothing."""
        del stream, packets
        refuse("messages from a login that may only read")


class DropCopies:
    """The stream and its logins."""

    def __init__(self, settings: list[Settings], path: Path, mark: Mark = NO_MARK) -> None:
        """`mark`: where it goes on."""
        self.stream = Stream(path, mark)
        self.logins = [DropCopyLogin(one, self.stream) for one in settings]

    def tell(self, events: Events) -> None:
        """Put events into the stream, if anybody may read it.

        Raises:
            ValueError: events before these did not pass through here.
        """
        if not self.logins or not len(events):
            return
        first = int(events["engine_seq"][0])
        if first != self.stream.count + 1:
            raise ValueError(f"the drop copy holds {self.stream.count} events; what came begins with {first}")
        packets = np.empty((len(events), len(HEADER) + RECORD_BYTES), np.uint8)
        packets[:, : len(HEADER)] = HEADER
        packets[:, len(HEADER) :] = np.ascontiguousarray(events).view(np.uint8).reshape(-1, RECORD_BYTES)
        # numpy leaves chance bytes in the padding.
        packets[:, len(HEADER) + EVENT_BYTES :] = 0
        self.stream.append(packets.reshape(-1), np.arange(1, len(events) + 1) * packets.shape[1])
