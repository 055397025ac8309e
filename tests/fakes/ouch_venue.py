"""A venue that speaks OUCH and a client of it, both as short as can be, one command at a time: what the codec is tried with end to end."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from engines.plain.engine import PlainEngine
from harness.base.capabilities import Conventions, Instrument
from harness.base.records import NONE, CommandKind, Commands, EventKind, event_rows
from harness.wire import ouch, soup
from harness.wire.ouch_layout import REQUEST
from harness.wire.ouch_replies import to_events, to_replies
from harness.wire.ouch_requests import inherited, to_commands, to_requests
from harness.wire.ouch_symbols import symbols_of
from harness.wire.ouch_terms import ASKED, Entered, Ids

FIRM = ouch.word("ABCD", 4)
ENGINE_NS = 44_647_480_000_000


def one(value, dtype=np.uint64):
    return np.array([value], dtype)


class Venue:
    """An engine behind a gateway that knows which order came by which request, and nothing of books."""

    def __init__(self, instruments: tuple[Instrument, ...], conventions: Conventions) -> None:
        self.engine = PlainEngine(instruments, conventions)
        self.symbols = symbols_of(instruments)
        self.requests = np.zeros(1, REQUEST)
        """By the id that the venue gives, from 1 on."""
        self.accounts, self.instruments, self.totals = [0], [0], [0]
        self.ids: dict[tuple[int, int], int] = {}
        self.commands = 0

    def answer(self, account: int, stream: bytes) -> list[tuple[int, bytes]]:
        """The packets that one request gives, each with the account that it goes to."""
        request = ouch.decode_requests(stream, soup.split(stream).packets).records
        kind, named = chr(request["type"][0]), request["orig_user_ref_num" if request["type"][0] == ord("U") else "user_ref_num"][0]  # fmt: skip
        target = self.ids.get((account, int(named)), 0) if kind in "UX" else 0
        if kind == "U" and target:
            request = inherited(request, self.requests[target : target + 1])
        own = 0 if kind == "X" else self.enter(request, account)
        ids = Ids(one(own), one(target), one(self.totals[target] if target else NONE, np.int64), one(self.instruments[target], np.uint32))  # fmt: skip
        read = to_commands(request, ids, self.symbols, account, FIRM)
        assert not read.reasons.any(), "the client says only what can be said"
        self.commands += 1
        read.commands["number"] = self.commands
        if own:
            self.instruments[own] = int(read.commands["instrument"][0])
        return self.told(self.engine.submit(read.commands), own)

    def enter(self, request, account: int) -> int:
        self.requests = np.concatenate([self.requests, request], dtype=REQUEST)
        self.accounts.append(account)
        self.instruments.append(0)
        self.totals.append(int(request["quantity"][0]))
        own = len(self.requests) - 1
        self.ids[account, int(request["user_ref_num"][0])] = own
        return own

    def told(self, events, own: int) -> list[tuple[int, bytes]]:
        events["engine_ns"] = ENGINE_NS
        rows = {
            EventKind.REPLACED: events["new_order"],
            EventKind.REPLACE_REJECTED: events["new_order"],
            EventKind.DONE: own,
        }
        orders = events["order"].astype(np.int64)
        for kind, row in rows.items():
            orders = np.where(events["kind"] == kind, row, orders).astype(np.int64)
        makers = np.where(events["maker"] == 0, -1, events["maker"]).astype(np.int64)
        for event in event_rows(events):
            if event.kind == EventKind.CANCELED:
                self.totals[event.order] -= event.qty
        told = to_replies(events, Entered(self.requests, orders, makers), self.symbols)
        owners = [self.accounts[row] for row in told.owners.tolist()]
        return [(owner, ouch.encode_replies(told.replies[at : at + 1]).tobytes()) for at, owner in enumerate(owners)]


class Client:
    """One session an account, each with its own numbers."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.asked: dict[int, list[tuple[int, ...]]] = defaultdict(list)
        """By account: an `ASKED` record for each number from 1 on."""
        self.numbers: dict[tuple[int, int, int], int] = {}
        """By account, instrument and order: its number."""
        self.totals: dict[int, int] = {}

    def send(self, command: Commands):
        """The events that answer one command, or None where it cannot be said."""
        account, instrument, order, target = (
            int(command[name][0]) for name in ("account", "instrument", "order", "target")
        )
        is_cancel = command["kind"][0] == CommandKind.CANCEL
        ids = Ids(
            one(len(self.asked[account]) + 1), one(self.numbers.get((account, instrument, target), 0)), one(self.totals.get(target, NONE), np.int64),
            command["instrument"],
        )  # fmt: skip
        asked = to_requests(command, ids, self.venue.symbols, FIRM)
        if asked.unsaid[0]:
            return None
        if not is_cancel:
            replaced = target if command["kind"][0] == CommandKind.REPLACE else 0
            self.numbers[account, instrument, order] = len(self.asked[account]) + 1
            self.totals[order] = int(command["qty"][0])
            self.asked[account].append((order, replaced, int(command["number"][0]), instrument, account))
        return [event for told in self.heard(account, ouch.encode_requests(asked.requests).tobytes()) for event in told]

    def heard(self, account: int, stream: bytes):
        for owner, packet in self.venue.answer(account, stream):
            replies = ouch.decode_replies(packet, soup.split(packet).packets)
            assert not replies.defects.any()
            asked = np.array(self.asked[owner], ASKED)
            heard = to_events(
                replies.records, asked, replies.records["user_ref_num"].astype(np.int64) - 1, self.venue.symbols
            )
            assert not heard.untold.any()
            for event in event_rows(heard.events):
                if event.kind == EventKind.CANCELED:
                    self.totals[event.order] -= event.qty
            yield event_rows(heard.events)
