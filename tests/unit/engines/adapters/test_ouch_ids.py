"""Numbers for ids over OUCH: a kernel gives, batch by batch, those that plain dictionaries give command by command."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.adapters._ouch_ids import RENAME_NS, ROOM, Ids
from harness.base.records import CommandKind, command_rows, empty_commands
from harness.wire.ouch_layout import REQUEST

SESSIONS = 2
IDS = [0, 1, 2, 3, 2**64 - 1]


class Plain:
    """The same without kernels: a dictionary by order id."""

    def __init__(self):
        self.orders = {}
        self.last = [0] * (SESSIONS + 1)

    def known(self, session, order):
        one = self.orders.get(order)
        return one if one and one["session"] == session else None

    def number(self, command, session, now_ns):
        """Own number and target's; None: it has to wait."""
        held = self.known(session, command.target)
        if held and held["next"] and held["until_ns"] >= now_ns:
            return None
        if held:
            held["next"] = 0
        named, kind = 0, command.kind
        if kind in (CommandKind.CANCEL, CommandKind.REPLACE):
            if not held or held["instrument"] != command.instrument:
                return 0, 0
            named = held["number"]
        keeps = kind == CommandKind.REPLACE and command.order == command.target
        fresh = command.order and command.order not in self.orders
        if kind == CommandKind.CANCEL or not (kind == CommandKind.MASS_CANCEL or keeps or fresh):
            return 0, named
        self.last[session] += 1
        own = self.last[session]
        if keeps:
            held.update(next=own, until_ns=now_ns + RENAME_NS)
        elif kind != CommandKind.MASS_CANCEL:
            self.orders[command.order] = {"session": session, "instrument": command.instrument, "number": own, "next": 0, "until_ns": 0}  # fmt: skip
        return own, named

    def settle(self, session, order, number, taken):
        one = self.known(session, order)
        if one and one["next"] == number:
            one["next"] = 0
        if one and taken:
            one["number"] = max(number, one["number"])


ORDERS = st.sampled_from(IDS)
KINDS = st.sampled_from([CommandKind.NEW, CommandKind.NEW, CommandKind.CANCEL, CommandKind.REPLACE, CommandKind.REPLACE, CommandKind.MASS_CANCEL])  # fmt: skip
ROWS = st.tuples(KINDS, ORDERS, ORDERS, st.integers(1, 2), st.integers(0, SESSIONS))
BATCHES = st.tuples(st.lists(ROWS, max_size=8), st.integers(0, 2 * RENAME_NS), st.lists(st.tuples(st.integers(1, SESSIONS), ORDERS, st.integers(1, 9), st.booleans()), max_size=3))  # fmt: skip


def said(kind, own, named):
    """The numbers of the request that a command becomes; None: it cannot be said."""
    if kind == CommandKind.CANCEL:
        return (0, named) if named else None
    return (named, own) if own else None


def says_of(found, row):
    """The same as the kernel has it."""
    request = found.requests[row]
    return (int(request["orig_user_ref_num"]), int(request["user_ref_num"])) if found.says[row] else None


def commands_of(rows):
    commands = empty_commands(len(rows))
    for name, column in zip(("kind", "order", "target", "instrument"), zip(*rows, strict=True), strict=False):
        commands[name] = column
    return commands


@settings(deadline=None)  # the first example loads the kernels
@given(st.lists(BATCHES, max_size=5))
def test_a_kernel_numbers_as_dictionaries_do(batches):
    ids, plain, now_ns = Ids(), Plain(), 0
    for rows, passed_ns, answers in batches:
        now_ns += passed_ns
        commands, sessions = commands_of([row[:4] for row in rows]), np.array([row[4] for row in rows], np.int64)
        last = np.array(plain.last, np.int64)
        found = ids.number(commands, sessions, np.zeros(len(rows), REQUEST), last, now_ns)
        wanted = []
        for command, session in zip(command_rows(commands), sessions.tolist(), strict=True):
            numbers = plain.number(command, session, now_ns) if session else (0, 0)
            if numbers is None:
                break
            wanted.append(said(command.kind, *numbers))
        assert [says_of(found, row) for row in range(len(found.own))] == wanted
        assert len(found.commands) == len(found.sessions) == len(wanted)
        assert last.tolist() == plain.last
        for session, order, number, taken in answers:
            plain.settle(session, order, number, taken)
            ids.settle(session, np.array([order], np.uint64), np.array([number], np.int64), np.array([taken], np.bool_))


def test_the_answer_to_a_replace_is_waited_for_so_long_and_no_longer():
    new, keeps, cancel = (CommandKind.NEW, 5, 0, 1), (CommandKind.REPLACE, 5, 5, 1), (CommandKind.CANCEL, 0, 5, 1)
    ids, last = Ids(), np.zeros(2, np.int64)
    assert number(ids, commands_of([new, keeps]), last, 10).own.tolist() == [1, 2]
    assert not len(number(ids, commands_of([cancel]), last, 10 + RENAME_NS).own)
    assert number(ids, commands_of([cancel]), last, 11 + RENAME_NS).requests["user_ref_num"].tolist() == [1]


def number(ids, commands, last, now_ns):
    """All of session 1."""
    return ids.number(commands, np.ones(len(commands), np.int64), np.zeros(len(commands), REQUEST), last, now_ns)


def test_what_was_numbered_is_known_however_much_there_is():
    ids, count = Ids(), 3 * ROOM
    orders = np.arange(1, count + 1) * 7
    for at in range(0, count, 100):
        part = empty_commands(len(orders[at : at + 100]))
        part["kind"], part["order"], part["instrument"] = CommandKind.NEW, orders[at : at + 100], 1
        number(ids, part, np.array([0, at]), 0)
    cancels = empty_commands(count)
    cancels["kind"], cancels["target"], cancels["instrument"] = CommandKind.CANCEL, orders, 1
    found = number(ids, cancels, np.array([0, count]), 0)
    assert found.requests["user_ref_num"].tolist() == list(range(1, count + 1))
