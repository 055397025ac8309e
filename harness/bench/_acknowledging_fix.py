"""A venue of FIX 4.4 without a book: it accepts every order and refuses every cancel. Run as a program, it listens at the given port.

    python -m harness.bench._acknowledging_fix PORT

One connection at a time. It is made of gonogo's own codec, so what a bench finds is the cost of both ends together.
"""

from __future__ import annotations

import socket
import sys
import time

from harness.base.reasons import Reason
from harness.wire.fix import Fields, Message, split
from harness.wire.fix_codes import NO_ORDER, ExecType, Status, cancel_code
from harness.wire.fix_reports import cancel_reject
from harness.wire.fix_session import Session
from harness.wire.fix_store import MemoryStore
from harness.wire.fix_tags import Kind, Tag
from harness.wire.fix_terms import Party

READ_BYTES = 1 << 18
REPEATED = (
    Tag.CL_ORD_ID, Tag.SYMBOL, Tag.SIDE, Tag.ORDER_QTY, Tag.ORD_TYPE, Tag.PRICE, Tag.TIME_IN_FORCE, Tag.TRANSACT_TIME,
)  # fmt: skip
"""What a report repeats of its order."""


def _listen(port: int) -> None:
    with socket.create_server(("127.0.0.1", port)) as door:
        while True:
            connected, _ = door.accept()
            with connected:
                connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                _serve(connected)


def _serve(connected: socket.socket) -> None:
    """Talk until the other side hangs up."""
    session = Session(_admit, time.time_ns, time.monotonic_ns())
    rest = b""
    while session.over is None and (got := connected.recv(READ_BYTES)):
        found = split(rest + got)
        rest = (rest + got)[found.used :]
        for message in found.messages:
            if session.take(message, time.monotonic_ns()) is not None:
                _answer(session, message)
        connected.sendall(session.outbox)
        session.outbox.clear()


def _admit(logon: Message) -> Party:
    """Whoever knocks, from 1 on."""
    return Party(logon.get(Tag.TARGET_COMP_ID) or "", logon.get(Tag.SENDER_COMP_ID) or "", MemoryStore())


def _answer(session: Session, request: Message) -> None:
    if request.kind == Kind.NEW_ORDER_SINGLE:
        session.send(Kind.EXECUTION_REPORT, _accepted(request))
    else:
        code = cancel_code(Reason.UNKNOWN_ORDER)
        session.send(Kind.ORDER_CANCEL_REJECT, cancel_reject(request, None, code, Reason.UNKNOWN_ORDER, NO_ORDER))


def _accepted(order: Message) -> Fields:
    own = order.get(Tag.CL_ORD_ID) or ""
    echoed = ((tag, order.get(tag)) for tag in REPEATED)
    return (
        (Tag.ORDER_ID, own), (Tag.EXEC_ID, own), (Tag.EXEC_TYPE, ExecType.NEW), (Tag.ORD_STATUS, Status.NEW),
        *((tag, value) for tag, value in echoed if value is not None),
        (Tag.LEAVES_QTY, order.get(Tag.ORDER_QTY) or "0"), (Tag.CUM_QTY, "0"), (Tag.AVG_PX, "0"),
    )  # fmt: skip


if __name__ == "__main__":
    _listen(int(sys.argv[1]))
