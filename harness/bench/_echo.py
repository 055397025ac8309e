"""A venue that only answers: it reads orders of OUCH and accepts them, without an engine, a journal or a second thread. Run as a program.

    python -m harness.bench._echo CONNECTIONS

It says where it listens on stdout, takes so many connections, and ends when they are gone.
"""

from __future__ import annotations

import selectors
import socket
import sys

import numpy as np

from harness.wire import ouch
from harness.wire.ouch_layout import LENGTH_PRESENT, REPLY
from harness.wire.soup import Accepted, PacketType, accepted_packet, split
from harness.wire.soup_kernel import TYPE

READ_BYTES = 2**18
NEW = ord("O")


class _Line:
    """One connection."""

    def __init__(self, to: socket.socket) -> None:
        self.socket = to
        self._rest, self._out = b"", b""

    def fileno(self) -> int:
        return self.socket.fileno()

    def turn(self) -> bool:
        """Answer what is there; whether it is still open."""
        got = self.socket.recv(READ_BYTES)
        stream = self._rest + got
        found = split(stream)
        self._rest = stream[found.used :]
        if (found.packets[:, TYPE] == PacketType.LOGIN).any():
            self.socket.sendall(accepted_packet(Accepted("ECHO", 1)))
        orders = found.packets[found.packets[:, TYPE] == PacketType.UNSEQUENCED]
        if len(orders):
            requests = ouch.decode_requests(stream, orders).records
            self.socket.sendall(_accepted(requests[requests["type"] == NEW]))
        return bool(got)


def _accepted(requests: ouch.Records) -> memoryview:
    replies = np.zeros(len(requests), REPLY)
    for name in (
        "user_ref_num",
        "side",
        "quantity",
        "symbol",
        "price",
        "time_in_force",
        "display",
        "capacity",
        "cross_type",
    ):
        replies[name] = requests[name]
    replies["type"], replies["present"], replies["order_state"] = ord("A"), LENGTH_PRESENT, ord("L")
    return ouch.encode_replies(replies).data


def _serve(connections: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)  # noqa: T201 - for whoever started it
        with selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            while selector.get_map():
                for key, _ in selector.select():
                    if not isinstance(key.fileobj, _Line):
                        selector.register(_Line(listener.accept()[0]), selectors.EVENT_READ)
                        connections -= 1
                        if not connections:
                            selector.unregister(listener)
                    elif not key.fileobj.turn():
                        selector.unregister(key.fileobj)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
