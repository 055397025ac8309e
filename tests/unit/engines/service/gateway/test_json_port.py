"""A port of JSON lines gives its commands its own ids, account and session, and is told nothing of the other side."""

import json

import numpy as np
import pytest

from engines.service.config import Port as Settings
from engines.service.gateway.ids import parties_of
from engines.service.gateway.json_port import JsonPort
from harness.base.records import CommandKind, Event, EventKind, Role, command_rows, events_of
from tests.fakes.json_client import order


def port(number=4, **settings):
    return JsonPort(Settings(number=number, username="lines", password="secret", **({"account": 14} | settings)))


def operator(*ask):
    return JsonPort(
        Settings(number=5, username="staff", password="secret", protocol="operator", person="Ann Example"), *ask
    )


def lines(*said):
    return b"".join(json.dumps(one).encode() + b"\n" for one in said)


class Ear:
    def __init__(self):
        self.lines = []

    def hear(self, lines):
        self.lines += [json.loads(line) for line in lines.splitlines()]


def test_ids_account_and_session_are_the_ports_own():
    it = port()
    cancel = {"type": "cancel", "target": 7, "instrument": 4, "account": 14, "session": 9}
    new, gone = command_rows(it.take(lines(order(7), cancel)).commands)
    assert (new.order, new.account, new.session) == (4 << 32 | 7, 14, 4)
    assert (gone.target, gone.account, gone.session) == (4 << 32 | 7, 14, 4)
    assert it.commands == 2


def test_an_operator_names_accounts_and_firms_as_they_are():
    kill = {"type": "kill_account", "order": 3, "account": 12, "session": 8}
    (row,) = command_rows(operator().take(lines(kill)).commands)
    assert (row.kind, row.order, row.account, row.session) == (CommandKind.KILL_ACCOUNT, 5 << 32 | 3, 12, 0)
    (row,) = command_rows(operator().take(lines({"type": "enable", "order": 3, "target": 2})).commands)
    assert row.target == 2


def test_what_is_taken_of_an_operator_is_heard_and_nothing_else():
    asked = []
    it = operator(lambda *one: asked.append(one))
    halt = {"type": "halt", "order": 3, "instrument": 4}
    assert "an operator does not trade; there are: kill_account" in it.take(lines(halt, order(4))).wrong
    assert asked == []
    taken = it.take(lines(halt, halt))
    ((number, commands),) = asked
    assert (number, len(commands), taken.wrong) == (5, 2, "")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (order(2**32), "above 4294967295"),
        (order(0), "no order"),
        ({"type": "cancel", "instrument": 4}, "no target"),
        ({"type": "replace", "order": 2, "price": 1, "qty": 1, "instrument": 4}, "no target"),
        (order(1, account=12), "not the port's, 14"),
        (order(1, colour=3), "colour"),
        ({"type": "init", "version": 1, "instruments": []}, "only commands"),
        ({"type": "nonsense"}, "nonsense"),
    ],
)
def test_with_a_line_that_is_wrong_nothing_is_taken(line, why):
    it = port()
    taken = it.take(lines(order(1), line))
    assert why in taken.wrong
    assert len(taken.commands) == it.commands == 0


def test_a_line_that_is_not_whole_waits():
    taken = port().take(lines(order(1)) + b'{"type":')
    assert (len(taken.commands), taken.used) == (1, len(lines(order(1))))


def trade(order_id, maker):
    return events_of(
        [
            Event(
                command=3, order=order_id, maker=maker, match=1, price=100, qty=5, remaining=0, account=14, session=4, instrument=4,
                kind=EventKind.TRADE, role=Role.BOTH, side=0,
            )
        ]
    )  # fmt: skip


def seen(events):
    it = port()
    it.tell(events, parties_of(events))
    it.listener = ear = Ear()
    it.tell(events, parties_of(events))
    return ear.lines


def test_of_a_trade_each_side_is_told_its_own():
    (taker,) = seen(trade(4 << 32 | 7, 1 << 32 | 9))
    assert (taker["order"], taker["role"], taker["account"]) == (7, "taker", 14)
    assert "maker" not in taker
    (maker,) = seen(trade(1 << 32 | 9, 4 << 32 | 7))
    assert (maker["maker"], maker["role"], maker["qty"]) == (7, "maker", 5)
    assert not {"order", "account", "session", "command"} & maker.keys()
    (both,) = seen(trade(4 << 32 | 7, 4 << 32 | 8))
    assert (both["order"], both["maker"], both["role"]) == (7, 8, "both")


def test_what_concerns_others_is_not_told():
    assert seen(trade(1 << 32 | 9, 2 << 32 | 7)) == []
    replaced = events_of([Event(order=4 << 32 | 1, new_order=4 << 32 | 2, kind=EventKind.REPLACED)])
    assert [(one["order"], one["new_order"]) for one in seen(replaced)] == [(1, 2)]
    assert np.all(replaced["order"] == 4 << 32 | 1)
