"""Quote stuffing: one account has nearly all commands, cancels what it enters, and the others do as much as before."""

from collections import Counter

import pytest

from harness.base.capabilities import Capabilities, Conventions
from harness.base.records import CommandKind, EventKind
from harness.flows._staged import ACCOUNTS, STUFFER
from harness.flows.quote_stuffing import FLOW
from tests.fakes.staged import played


@pytest.fixture(scope="module")
def done():
    return played(FLOW())


def by_account(answers):
    return Counter(answer.command.account for answer in answers)


def test_one_account_sends_a_hundred_times_what_each_other_sends(done):
    calm, stuffed = by_account(done.of("calm")), by_account(done.of("stuffed"))
    assert STUFFER not in calm
    others = [stuffed[account] for account in range(1, ACCOUNTS + 1)]
    assert stuffed[STUFFER] > 100 * max(others)
    assert min(others) > 50


def test_the_flow_says_who_floods_where_it_can():
    assert FLOW().notes().floods == STUFFER
    assert FLOW().fitted(Capabilities(commands=("new",)), Conventions()).notes().floods == 0


def test_the_others_send_as_many_in_either_stage(done):
    calm, stuffed = by_account(done.of("calm")), by_account(done.of("stuffed"))
    assert stuffed.total() - stuffed[STUFFER] == pytest.approx(calm.total(), rel=0.1)


def test_it_cancels_what_it_enters_and_hardly_trades(done):
    own = [answer for answer in done.of("stuffed") if answer.command.account == STUFFER]
    entered = {answer.command.order for answer in own if answer.command.kind == CommandKind.NEW}
    canceled = {answer.command.target for answer in own if answer.events[0].kind == EventKind.CANCELED}
    traded = {event.maker for answer in done.answers for event in answer.trades()} & entered
    assert len(entered) > 9_000
    assert len(canceled & entered) > 0.9 * len(entered)
    assert len(traded) < 0.1 * len(entered)
    assert not any(answer.trades() for answer in own)
    assert not any(answer.is_refused() for answer in own)
