"""A small acceptor of OUCH 5.0 that offers what the bundled service does not; without a book. It can be wrong about each of the rows that are about that."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress

import numpy as np

from harness.wire import ouch, soup
from harness.wire.ouch_layout import LENGTH_PRESENT, REPLY
from harness.wire.soup import PacketType

LOOK_S = 0.01
SHARES_MOST = 999_999
INVALID_QUANTITY, INVALID_SYMBOL, NOT_AUTHORIZED = 0x13, 0x17, 0x0C
TO_QUANTITY = "a cancel to a quantity leaves the order with no more in all"
TO_THE_SAME = "a cancel to what is there changes nothing"
MODIFY, MODIFY_UP = "a modify takes quantity away", "a modify that adds quantity is ignored"
DISABLE = "no order is taken while order entry is disabled"
QUERY = "the next number can be asked for"
FREE, INVALID = "a replace that is ignored leaves its number free", "a replace to what cannot be cancels the order"
NOT_OFFERED_BY_THE_SERVICE = {
    **dict.fromkeys((TO_QUANTITY, TO_THE_SAME, MODIFY, MODIFY_UP, DISABLE, QUERY), "not tried"),
    **dict.fromkeys((FREE, INVALID), "not held"),
}
"""What the service's answers to these rows come to."""


class Offering:
    """One session, on a port of its own."""

    def __init__(self, wrong: str = "") -> None:
        self._wrong = wrong
        self._open: dict[int, int] = {}
        self._stream: list[bytes] = []
        self._last = 0
        self._is_disabled = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._is_over.set()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while not self._is_over.is_set():
            if select.select([self._listener], [], [], LOOK_S)[0]:
                client, _ = self._listener.accept()
                with suppress(OSError), client:
                    self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        rest, told = b"", None
        while not self._is_over.is_set():
            if not select.select([client], [], [], LOOK_S)[0]:
                continue
            if not (got := client.recv(1 << 16)):
                return
            stream, found = rest + got, soup.split(rest + got)
            rest = stream[found.used :]
            for row in found.packets:
                kind, payload = int(row[0]), stream[row[1] : row[2]]
                if kind == PacketType.LOGOUT:
                    return
                if kind == PacketType.LOGIN:
                    told = soup.read_login(payload).sequence - 1
                    client.sendall(soup.accepted_packet(soup.Accepted("OFFERS", told + 1)))
                elif kind == PacketType.UNSEQUENCED:
                    self._carry_out(ouch.decode_requests(stream, row[None]).records[0])
            if told is not None:
                client.sendall(b"".join(self._stream[told:]))
                told = len(self._stream)

    def _carry_out(self, asked: np.void) -> None:
        kind, number, quantity = chr(asked["type"]), int(asked["user_ref_num"]), int(asked["quantity"])
        if kind in "OUDE" and number <= self._last:
            return
        if kind == "O":
            self._last = number
            self._enter(number, quantity, ouch.text_of(int(asked["symbol"]), 8))
        elif kind == "U":
            self._replace(int(asked["orig_user_ref_num"]), number, quantity)
        elif kind in "DE":
            self._last, self._is_disabled = number, kind == "D" and self._wrong != DISABLE
            self._tell("G" if kind == "D" else "K", number)
        elif kind == "Q":
            self._tell("Q", 0, next_user_ref_num=self._last + (self._wrong != QUERY))
        elif kind == "X" and number in self._open:
            self._cancel(number, quantity)
        elif kind == "M" and number in self._open and (quantity < self._open[number] or self._wrong == MODIFY_UP):
            self._open[number] = quantity
            self._tell("M", number, side=asked["side"], quantity=quantity + (self._wrong == MODIFY))

    def _enter(self, number: int, quantity: int, symbol: str) -> None:
        if symbol != "ONE" or self._is_disabled:
            self._tell("J", number, reject_reason=NOT_AUTHORIZED if self._is_disabled else INVALID_SYMBOL)
        else:
            self._open[number] = quantity
            self._tell("A", number, quantity=quantity, order_state=ord("L"))

    def _replace(self, original: int, number: int, quantity: int) -> None:
        if original not in self._open:
            self._last = number if self._wrong == FREE else self._last
        elif quantity > SHARES_MOST and self._wrong == INVALID:
            self._tell("J", number, reject_reason=INVALID_QUANTITY)
        elif quantity > SHARES_MOST:
            self._cancel(original, 0)

    def _cancel(self, number: int, most: int) -> None:
        if self._wrong == TO_QUANTITY:
            most = 0
        removed = self._open[number] - most
        if removed > 0 or self._wrong == TO_THE_SAME:
            self._open[number] = most
            self._tell("C", number, quantity=max(removed, 0), reason=ord("U"))
        if not self._open[number]:
            del self._open[number]

    def _tell(self, kind: str, number: int, **fields: int) -> None:
        reply = np.zeros(1, REPLY)
        reply["type"], reply["user_ref_num"] = ord(kind), number
        reply["present"] = LENGTH_PRESENT if kind in "AGK" else 0
        for name, value in fields.items():
            reply[name] = value
        self._stream.append(ouch.encode_replies(reply).tobytes())
