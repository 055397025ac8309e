"""What a sender tells while it sends: how much went out, how late, and how long first answers took, as a client would count it."""

from contextlib import closing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from harness.base.histogram import Histogram
from harness.base.reasons import Reason
from harness.base.records import NONE, Channel, Event, EventKind, commands_of, events_of
from harness.compose import folding, plugs
from harness.evidence.history import History
from harness.load import tally
from harness.load.messages import NOTHING, Tally
from harness.load.tally import Tallied
from tests.fakes.history import ALL, cancel, info, new
from tests.fakes.wired import cut, history, wired

MS = 1_000_000


@pytest.fixture
def told(tmp_path):
    """Where commands and events go."""
    with closing(Tallied(tmp_path)) as out:
        yield out


def order(number, due_ns=0, sent_ns=0):
    return new(100 + number, 0, 100, 1, number=number, due_ns=due_ns, sent_ns=sent_ns)


def cancel_of(target, number, sent_ns=0, **more):
    return cancel(100 + target, number=number, due_ns=0, sent_ns=sent_ns, **more)


def answer(command, at_ns, kind=EventKind.ACCEPTED, channel=Channel.ORDER, **more):
    return Event(command=command, kind=kind, received_ns=at_ns, channel=channel, **more)


def gone(target, at_ns, kind=EventKind.CANCELED, reason=Reason.USER, **more):
    """An order is canceled, or will not be, and the event names no command."""
    return answer(0, at_ns, kind, order=100 + target, reason=reason, **more)


def say(out, *commands):
    out.commands(commands_of(list(commands)))


def hear(out, *events):
    out.events(events_of(list(events)))


def values(*times_ns):
    """The distribution of these."""
    histogram = Histogram()
    histogram.record(np.array(times_ns, np.int64))
    return histogram.distribution()


def services(out):
    return out.tally().service


def test_response_counts_from_when_a_command_was_due_and_service_from_when_it_was_sent(told):
    say(told, order(1, due_ns=10, sent_ns=30), order(2, due_ns=20, sent_ns=30))
    hear(told, answer(2, 100), answer(1, 150))
    assert told.tally() == Tally(sent=2, late_ns=20, response=values(80, 140), service=values(70, 120))
    assert told.tally() == Tally(), "it tells what happened since"


def test_all_that_went_in_is_written(tmp_path):
    with closing(Tallied(tmp_path)) as out:
        say(out, order(1), order(2))
        hear(out, answer(2, 100), answer(0, 110, EventKind.TRADE, Channel.DROP_COPY))
    (segment,) = History(tmp_path / "history", fresh=True).segments()
    assert segment.commands["number"].tolist() == [1, 2]
    assert segment.events["received_ns"].tolist() == [100, 110]
    assert (out.sent, out.received) == (2, 2)


@pytest.mark.parametrize(
    "event",
    [
        answer(1, 50, channel=Channel.DROP_COPY),
        answer(1, 50, channel=Channel.MARKET_DATA),
        answer(1, 50, EventKind.TRADE),
        answer(1, 50, EventKind.RESTED),
        answer(1, 50, EventKind.CANCELED, reason=Reason.IOC_REMAINDER),
        answer(2, 50),
    ],
    ids=["drop copy", "market data", "trade", "rested", "canceled of itself", "of another command"],
)
def test_only_an_answer_on_its_own_session_answers(told, event):
    say(told, order(1))
    hear(told, event)
    assert services(told) == NOTHING
    hear(told, answer(1, 70))
    assert services(told) == values(70)


def test_a_cancel_that_was_never_sent_is_not_what_a_later_answer_is_to(told):
    say(told, cancel_of(9, 1))
    hear(told, answer(1, 10, EventKind.REJECTED, Channel.NONE))
    say(told, cancel_of(9, 2, sent_ns=40))
    hear(told, gone(9, 50))
    assert services(told) == values(10)


def test_it_tells_how_many_were_never_sent(told):
    say(told, order(1), order(2), order(3))
    hear(told, answer(2, 10, EventKind.REJECTED, Channel.NONE), answer(3, 20, EventKind.REJECTED))
    one = told.tally()
    assert (one.sent, one.unsaid) == (3, 1)
    assert told.tally().unsaid == 0


def test_a_second_answer_does_not_count(told):
    say(told, order(1), order(2))
    hear(told, answer(1, 50), answer(2, 60), answer(1, 70))
    hear(told, answer(1, 80))
    assert services(told) == values(50, 60)


def test_a_refusal_is_an_answer(told):
    say(told, order(1))
    hear(told, answer(1, 50, EventKind.REJECTED))
    assert services(told) == values(50)


@pytest.mark.parametrize("kind", [EventKind.CANCELED, EventKind.CANCEL_REJECTED])
def test_a_cancel_is_answered_by_its_order(told, kind):
    say(told, order(1), order(2), cancel_of(1, 3, sent_ns=20))
    hear(told, gone(2, 90, kind), gone(1, 100, kind), gone(1, 110, kind))
    assert services(told) == values(80)


def test_where_its_event_names_the_cancel_it_goes_by_that(told):
    say(told, cancel_of(1, 1, sent_ns=20), cancel_of(1, 2, sent_ns=60), cancel_of(3, 3, sent_ns=60))
    hear(told, gone(1, 100)._replace(command=2))
    assert services(told) == values(40)
    hear(told, gone(1, 110), gone(3, 200))
    assert services(told) == values(90, 140), "the first has its answer too"


def test_of_two_cancels_of_one_order_the_first_is_answered_first(told):
    """The second finds nothing any more, and a wire need not answer that."""
    say(told, cancel_of(1, 1, sent_ns=20))
    say(told, cancel_of(1, 2, sent_ns=60))
    hear(told, gone(1, 100))
    assert services(told) == values(80)


def test_each_of_several_cancels_of_one_order_has_its_answer(told):
    """A part is canceled each time."""
    say(told, cancel_of(1, 1, sent_ns=20), cancel_of(1, 2, sent_ns=60))
    hear(told, gone(1, 100), gone(1, 110), gone(1, 120))
    assert services(told) == values(80, 50)


def test_a_cancel_that_was_never_sent_takes_nothing_from_another(told):
    say(told, cancel_of(1, 1), cancel_of(1, 2, sent_ns=60))
    hear(told, answer(1, 65, EventKind.REJECTED, Channel.NONE), gone(1, 100))
    assert services(told) == values(40)


def test_cancels_that_nothing_answers_are_not_kept_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(tally, "ROOM", 4)
    with closing(Tallied(tmp_path)) as out:
        for number in range(1, 40):
            say(out, cancel_of(number, number, sent_ns=number))
        hear(out, gone(39, 100), gone(36, 100), gone(35, 100))
        assert services(out) == values(61, 64)


@pytest.mark.parametrize("pieces", [1, 30])
def test_it_is_what_the_check_finds(tmp_path, pieces):
    made = history(seed=3)
    # The words of a mass cancel are those of a cancel on a session; which it was only the drop copy tells.
    made.events["reason"][made.events["reason"] == Reason.MASS_CANCEL] = Reason.OTHER
    made.commands["due_ns"], made.commands["sent_ns"] = made.commands["number"] * 10, made.commands["number"] * 10 + 3
    made.events["received_ns"] = made.events["command"] * 10 + 1_000 + np.arange(len(made.events))
    run = info(rate_per_s=1_000.0, capabilities=changed(ALL, channels=("order", "drop_copy")))
    live = folding.start("latency", plugs.checks()["latency"], run)
    with closing(Tallied(tmp_path)) as out:
        segments = cut(wired(made).raw, pieces)
        for segment in segments:
            out.commands(segment.commands)
            out.events(segment.events[segment.events["channel"] == Channel.ORDER])
        folding.feed([live], segments, run)
        found = folding.facts(live, run).distributions
        out.tally()
        assert out.in_all() == (found["latency.response"], found["latency.service"])
        assert Histogram.of(found["latency.response"]).total > 2_000


def test_without_a_due_time_there_is_no_response(told):
    say(told, order(1, due_ns=NONE, sent_ns=30), order(2, due_ns=NONE, sent_ns=30))
    hear(told, answer(1, 100))
    assert told.tally() == Tally(sent=2, service=values(70))


def test_it_tells_the_most_that_any_command_was_late(told):
    say(told, order(1, due_ns=3, sent_ns=40), order(2, due_ns=10, sent_ns=50), order(3, due_ns=50, sent_ns=50))
    say(told, order(4, due_ns=50, sent_ns=55))
    assert told.tally().late_ns == 40
    say(told, order(5, due_ns=60, sent_ns=61))
    assert told.tally().late_ns == 1


def test_so_many_commands_may_wait_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(tally, "ROOM", 4)
    with closing(Tallied(tmp_path)) as out:
        say(out, *(order(number, sent_ns=number) for number in range(1, 5)))
        say(out, *(order(number, sent_ns=number) for number in range(5, 7)))
        hear(out, *(answer(number, 100) for number in range(1, 7)))
        assert services(out) == values(97, 96, 95, 94)


class Hurried(Tallied):
    """Whenever somebody looks, another thread has sent one more."""

    looked = 0

    @property
    def sent(self):
        self.looked += 1
        return self.looked

    @sent.setter
    def sent(self, count):
        """It counts looks."""


def test_what_is_sent_while_it_tells_is_told_next_time(tmp_path):
    with closing(Hurried(tmp_path)) as out:
        told = [out.tally().sent for _ in range(3)]
        assert sum(told) == out.looked


@settings(deadline=None, max_examples=20)
@given(took=st.lists(st.lists(st.integers(0, 2**40), max_size=5), max_size=6))
def test_what_it_tells_adds_up(tmp_path_factory, took):
    number, sent, response = 0, 0, Histogram()
    with closing(Tallied(tmp_path_factory.mktemp("load"))) as out:
        for times_ns in took:
            for took_ns in times_ns:
                number += 1
                say(out, order(number, due_ns=0, sent_ns=took_ns // 2))
                hear(out, answer(number, took_ns))
            told = out.tally()
            sent += told.sent
            response.merge(Histogram.of(told.response))
            assert out.in_all()[0] == response.distribution()
        every = [took_ns for times_ns in took for took_ns in times_ns]
        assert sent == number
        assert out.in_all() == (values(*every), values(*(took_ns - took_ns // 2 for took_ns in every)))
