"""A port that speaks FIX 4.4: its requests become commands, and what happens to its orders is told, also while nobody is connected.

A request is numbered by its place among all that the port ever sent; its order's id is made of that, as with OUCH of the UserRefNum. It lies in a
file before its command is offered. After a restart those that never reached the journal are forgotten, and the number that is expected of the
client goes back to the first of them: so it is asked for again.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from pathlib import Path

from engines.service.config import Port as Settings
from engines.service.gateway.fix_file import FixFile
from engines.service.gateway.fix_log import FixLog
from engines.service.gateway.fix_orders import FixOrders
from engines.service.gateway.ids import REFUSED, Parties
from engines.service.gateway.ids_kernel import PORT_AT
from engines.service.gateway.intake import A_CANCEL, AN_ORDER
from harness.base.capabilities import Instrument
from harness.base.reasons import Reason
from harness.base.records import Command, CommandKind, Events
from harness.wire.fix import Message, encode, split
from harness.wire.fix_codes import UNSUPPORTED_KIND, ExecType, Status
from harness.wire.fix_reports import Report, Standing, execution_report
from harness.wire.fix_requests import KINDS, NOTHING, Listing, read_request
from harness.wire.fix_session import Session
from harness.wire.fix_tags import Kind, Tag
from harness.wire.fix_terms import Party
from harness.wire.fix_times import time_ns, timestamp

REQUESTS, FILE = "asked", "fix"
NOT_AVAILABLE, UNKNOWN = "4", "1"
"""BusinessRejectReason."""
CHANGES = (Kind.ORDER_CANCEL_REQUEST, Kind.ORDER_CANCEL_REPLACE_REQUEST)


class FixPort:
    """One login."""

    def __init__(
        self, settings: Settings, folder: Path, numbers: int, instruments: Iterable[Instrument], firm: str
    ) -> None:
        """`numbers`: how many requests it may send; `firm`: the CompID of the service."""
        self.settings = settings
        self._firm = firm
        self.listener: Session | None = None
        self.commands = 0
        self._numbers_max = numbers
        self._listing = Listing(instruments)
        self._log = FixLog(folder / f"{settings.number}.{REQUESTS}")
        self._file = FixFile(folder / f"{settings.number}.{FILE}")
        self._requests = [_message(self._log.read(row)) for row in range(len(self._log))]
        self._orders = FixOrders(settings.number, self._listing, self._requests)
        self._told = 0
        """How many reports were made since the start."""
        self._by_cl_ord_id: dict[str, int] = {}
        self._is_settled = False

    def admit(self, logon: Message) -> Party | None:
        """The party of a Logon, if it is this port's: the CompIDs are the username and the firm of the service, and the password is right."""
        names = self.settings.username, self._firm, self.settings.username
        given = logon.get(Tag.SENDER_COMP_ID), logon.get(Tag.TARGET_COMP_ID), logon.get(Tag.USERNAME) or names[2]
        password = (logon.get(Tag.PASSWORD) or "").encode()
        if given != names or not hmac.compare_digest(password, self.settings.password.encode()):
            return None
        self._settle()
        return Party(self._firm, self.settings.username, self._file)

    def take(self, message: Message, session: Session) -> Command | None:
        """The command that a message is; None: it was answered at once."""
        if message.kind == Kind.ORDER_STATUS_REQUEST:
            session.send(Kind.EXECUTION_REPORT, self._status(message))
        elif message.kind not in set(KINDS):
            self._refuse(message, session, UNSUPPORTED_KIND, "this message is not spoken here")
        elif len(self._requests) >= self._numbers_max:
            self._refuse(message, session, NOT_AVAILABLE, f"a port may send {self._numbers_max} requests")
        else:
            return self._command(message)
        return None

    def tell(self, events: Events, parties: Parties) -> None:
        """Number and keep what concerns it, and send it to whoever is connected. What was numbered before this start is left out."""
        for kind, body in self._orders.tell(events, parties):
            self._told += 1
            if self._told <= self._file.reports and not self._is_settled:
                continue
            if self.listener is None:
                sent_ns = time_ns(next((value for tag, value in body if tag == Tag.TRANSACT_TIME), "")) or 0
                self._file.keep(kind, timestamp(sent_ns), body)
            else:
                self.listener.send(kind, body)

    def close(self) -> None:
        """Give the files back."""
        self._log.close()
        self._file.close()

    def _settle(self) -> None:
        """All that the trail holds is told again: what is not answered by now never reached the journal."""
        if self._is_settled:
            return
        self._is_settled = True
        lost = self._requests[self._orders.answered :]
        del self._requests[self._orders.answered :]
        self._log.cut(len(self._requests))
        if lost and len(self._requests) >= self._file.requests_before:
            self._file.next_in = min(self._file.next_in, lost[0].number() or 1)
        elif len(self._requests) > self._file.requests_before:
            self._file.next_in = max(self._file.next_in, (self._requests[-1].number() or 0) + 1)
        self._file.requests = len(self._requests)
        for number, request in enumerate(self._requests, 1):
            self._by_cl_ord_id.setdefault(request.get(Tag.CL_ORD_ID) or "", number)

    def _command(self, message: Message) -> Command:
        read = read_request(message, self._listing)
        reason = self._strange(message) or read.reason
        self._log.append(encode(message.kind, message.fields))
        self._requests.append(message)
        number = self._file.requests = len(self._requests)
        target = self._by_cl_ord_id.get(message.get(Tag.ORIG_CL_ORD_ID) or "", 0)
        self._by_cl_ord_id.setdefault(message.get(Tag.CL_ORD_ID) or "", number)
        self.commands += 1
        command = read.command._replace(
            order=self._id(number), target=self._id(target) if target else 0, account=self.settings.account or 0,
            session=self.settings.number,
        )  # fmt: skip
        if not reason:
            return command
        what = A_CANCEL if command.kind == CommandKind.CANCEL else AN_ORDER
        return NOTHING._replace(
            order=command.order | int(REFUSED), qty=reason, price=what, account=command.account, session=command.session
        )

    def _strange(self, message: Message) -> int:
        """Why a request cannot be carried out, for what the port knows and the engine does not; 0: it can."""
        account = message.get(Tag.ACCOUNT)
        if account is not None and account != str(self.settings.account):
            return Reason.UNKNOWN_ACCOUNT
        if (message.get(Tag.CL_ORD_ID) or "") in self._by_cl_ord_id:
            return Reason.DUPLICATE_ORDER_ID
        if message.kind not in CHANGES:
            return 0
        number = self._by_cl_ord_id.get(message.get(Tag.ORIG_CL_ORD_ID) or "")
        if number is None:
            return Reason.UNKNOWN_ORDER
        original = self._requests[number - 1]
        same = (Tag.SYMBOL, Tag.SIDE, *([Tag.ORD_TYPE] if message.kind == Kind.ORDER_CANCEL_REPLACE_REQUEST else []))
        is_same = all(message.get(tag) == original.get(tag) or original.get(tag) is None for tag in same)
        return 0 if is_same else Reason.INVALID_TERMS

    def _status(self, message: Message) -> tuple[tuple[int, str], ...]:
        """Where the order stands that a ClOrdID names, as far as its client is told by now."""
        number = self._by_cl_ord_id.get(message.get(Tag.CL_ORD_ID) or "", 0)
        standing = self._orders.standing(number) or Standing(
            "NONE", message.get(Tag.CL_ORD_ID) or "", None, message.get(Tag.SYMBOL) or "", message.get(Tag.SIDE) or "", "2",
            status=Status.REJECTED,
        )  # fmt: skip
        now_ns = time_ns(message.get(Tag.SENDING_TIME) or "") or 0
        unknown = () if number else ((Tag.ORD_REJ_REASON, "5"),)
        # A report of a state is no execution: its ExecID is 0, as the protocol has it.
        return execution_report(standing, Report(ExecType.ORDER_STATUS, "0", now_ns, unknown))

    def _refuse(self, message: Message, session: Session, reason: str, why: str) -> None:
        body = (
            (Tag.REF_SEQ_NUM, message.get(Tag.MSG_SEQ_NUM) or "0"), (Tag.REF_MSG_TYPE, message.kind),
            (Tag.BUSINESS_REJECT_REF_ID, message.get(Tag.CL_ORD_ID) or ""), (Tag.BUSINESS_REJECT_REASON, reason), (Tag.TEXT, why),
        )  # fmt: skip
        if message.kind == Kind.REJECT:
            # A Reject of one of ours: nothing is to be answered.
            return
        session.send(Kind.BUSINESS_MESSAGE_REJECT, tuple((tag, value) for tag, value in body if value))

    def _id(self, number: int) -> int:
        return self.settings.number << int(PORT_AT) | number


def _message(raw: bytes) -> Message:
    (message,) = split(raw).messages
    return message
