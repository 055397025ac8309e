"""A recorded day driven: by hand-made records, by the made-up day, and by a real one where the data are there."""

import gzip
from collections import Counter, defaultdict

import numpy as np
import pytest

from harness.base.capabilities import Capabilities, Conventions
from harness.base.errors import SetupError
from harness.base.reasons import Reason
from harness.base.records import NONE, CommandKind, EventKind, Side, TimeInForce, command_rows
from harness.base.seeds import Seed
from harness.flows import first_commands
from harness.flows._rebuild import rebuild
from harness.flows.replay import FLOW
from harness.oracle.model import Model
from harness.wire import recording_csv
from tests.fakes.days import BITFINEX, ESH4, day, mbo_text, needs_bitfinex, needs_esh4
from tests.fakes.history import ALL
from tests.fakes.make_day import PATH as MADE_UP_DAY
from tests.fakes.make_day import made_up_day

SELF_TRADE = Conventions(self_trade="cancel_newest")


ITCH_LIKE = """
schema = 1
file = "day.csv"
time = { column = "ts_event", unit = "ns" }
action = { column = "action", add = ["A"], execute = ["E"] }
side = { column = "side", buy = ["B"], sell = ["A"], none = ["N"] }
price = { column = "price_1e9", implied_decimals = 9, none = ["9223372036854775807"] }
size = { column = "size" }
id = { column = "order_id" }
"""


def driven(tmp_path, text, **settings):
    """What the flow sends for these records, behind an opening at a trade of their first event."""
    path = tmp_path / "day.csv"
    path.write_text(mbo_text("A B 11 1 #900\nT N 11 1 #0\n" + text))
    flow = FLOW(path, **settings)
    commands = command_rows(np.concatenate(list(flow.batches(Seed(1)))))
    assert (commands[0].order, commands[0].price, commands[0].tif) == (900, 11, TimeInForce.DAY)
    return commands[1:], flow


def said(commands):
    return [(CommandKind(c.kind).name, c.order, c.price, c.qty) for c in commands]


def test_a_clear_empties_the_book(tmp_path):
    text = "A A 12 5 #1\nR N none 0 #0"
    assert rebuild(day(text)).end.orders == {}
    commands, _ = driven(tmp_path, text)
    assert said(commands)[1:] == [("CANCEL", 900, NONE, NONE), ("CANCEL", 1, NONE, NONE)]


def test_each_record_becomes_its_command(tmp_path):
    commands, _ = driven(tmp_path, "A A 12 5 #1\nC A 12 2 #1\nM A 14 9 #1\nT B 14 3 #77")
    assert said(commands) == [
        ("NEW", 1, 12, 5), ("CANCEL", 1, NONE, 2), ("REPLACE", 1, 14, 9), ("NEW", 901, 14, 3),
    ]  # fmt: skip
    assert [c.target for c in commands] == [0, 1, 1, 0]
    assert [c.tif for c in commands] == [TimeInForce.DAY, 0, 0, TimeInForce.IOC]
    assert [c.account for c in commands] == [2, 2, 2, 1]
    assert [c.side for c in commands] == [Side.SELL, Side.SELL, Side.SELL, Side.BUY]


def test_a_cancel_need_not_say_whose_side_it_is_on(tmp_path):
    commands, _ = driven(tmp_path, "A A 12 5 #1\nC N none 2 #1\nC N none 0 #1\nC N none 0 #8")
    assert said(commands)[1:] == [("CANCEL", 1, NONE, 2), ("CANCEL", 1, NONE, NONE), ("CANCEL", 8, NONE, NONE)]
    assert [c.account for c in commands[1:3]] == [2, 2]


def test_an_opening_book_has_no_time_and_a_command_that_of_its_record(tmp_path):
    _, flow = driven(tmp_path, "A A 12 5 #1\nC A 12 5 #1")
    assert flow.times_ns().tolist() == [NONE, 3, 4]


def test_an_execution_is_sent_as_what_its_aggressor_did(tmp_path):
    (tmp_path / "day.csv").write_text(
        mbo_text("A B 11 1 #900\nE B 11 1 #900\nA A 12 5 #1\nE N none 2 #1\nE B 12 1 #7\nE A none 1 #8\nE N 12 1 #9")
    )
    (tmp_path / "day.toml").write_text(ITCH_LIKE)
    flow = FLOW(tmp_path / "day.toml", "map")
    drawn = command_rows(np.concatenate(list(flow.batches(Seed(1)))))
    assert said(drawn) == [("NEW", 1, 12, 5), ("NEW", 901, 12, 2), ("NEW", 902, 12, 1)]
    assert [(c.side, c.tif) for c in drawn[1:]] == [(Side.BUY, TimeInForce.IOC), (Side.SELL, TimeInForce.IOC)]


def test_a_loop_begins_again_with_an_empty_book_under_fresh_ids(tmp_path):
    _, flow = driven(tmp_path, "A A 12 5 #1\nC A 12 2 #1\nT B 12 1 #0")
    flow = flow.fitted(ALL, Conventions()).looped()
    drawn = command_rows(first_commands(flow.batches(Seed(1)), 18))
    kinds = [CommandKind(row.kind).name for row in drawn[:6]]
    assert kinds == ["NEW", "NEW", "CANCEL", "NEW", "MASS_CANCEL", "MASS_CANCEL"]
    assert [(row.account, row.side, row.order) for row in drawn[4:6]] == [(1, Side.NONE, 0), (2, Side.NONE, 0)]
    assert flow.times_ns().tolist() == [NONE, 3, 4, 5, 5, 5]
    orders = [[row.order for row in drawn[first : first + 6]] for first in (0, 6, 12)]
    assert orders == [[900, 1, 1, 901, 0, 0], [903, 902, 902, 904, 0, 0], [906, 905, 905, 907, 0, 0]]
    same = [row._replace(number=0, order=0, target=0) for row in drawn]
    assert same[:6] == same[6:12] == same[12:]
    assert drawn[8].target == 902
    assert "mass cancels" in flow.notes().told["loops"]


def test_a_loop_without_mass_cancels(tmp_path):
    _, flow = driven(tmp_path, "A A 12 5 #1")
    by_cancels = flow.fitted(Capabilities(), Conventions()).looped()
    drawn = command_rows(first_commands(by_cancels.batches(Seed(1)), 4))
    assert said(drawn)[2:] == [("CANCEL", 900, NONE, NONE), ("CANCEL", 1, NONE, NONE)]
    assert "what drifted stays" in by_cancels.notes().told["loops"]
    assert not flow.fitted(Capabilities(commands=("new",)), Conventions()).looped().loops


def test_the_result_of_a_fill_is_left_out_within_its_event_only(tmp_path):
    commands, _ = driven(
        tmp_path,
        """\
        A A 12 5 #1
        A A 13 5 #2
        T B 12 3 #77 +
        F A 12 3 #1 +
        M A 12 2 #1 +
        C A 13 5 #2
        C A 12 2 #1
        """,
    )
    assert said(commands)[2:] == [("NEW", 901, 12, 3), ("CANCEL", 2, NONE, 5), ("CANCEL", 1, NONE, 2)]


def test_a_trade_without_an_aggressor_is_told_and_left_out(tmp_path):
    commands, flow = driven(tmp_path, "T N 12 3 #0\nA A 12 5 #1")
    assert said(commands) == [("NEW", 1, 12, 5)]
    assert "1 trades without an aggressor" in flow.notes().told["left out"]


def test_a_total_cannot_be_told_so_a_modify_becomes_cancel_and_new(tmp_path):
    _, flow = driven(tmp_path, "A A 12 5 #1\nM A 12 3 #1")
    fitted = flow.fitted(ALL, Conventions(replace_quantity="total"))
    commands = command_rows(np.concatenate(list(fitted.batches(Seed(1)))))
    assert said(commands)[2:] == [("CANCEL", 1, NONE, NONE), ("NEW", 1, 12, 3)]


def test_what_the_engine_lacks_is_named(tmp_path):
    text = "A A 12 5 #1\nC A 12 2 #1\nM A 14 9 #1\nT B 14 3 #77"
    _, flow = driven(tmp_path, text)
    fitted = flow.fitted(Capabilities(), Conventions())
    commands = command_rows(np.concatenate(list(fitted.batches(Seed(1)))))
    assert said(commands)[1:] == [("NEW", 1, 12, 5), ("CANCEL", 1, NONE, 2)]
    assert set(fitted.notes().not_tested) == {"trades of the recorded day", "modifies of the recorded day"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A B none 5 #1\nT B 10 1 #2", "line 2: wanted an order with a price"),
        ("A N 10 5 #1\nT B 10 1 #2", "line 2: wanted an order with a price, a side"),
        ("A B 10 5 #1\nM B 10 0 #1\nT B 10 1 #2", "line 3: wanted an order with a price, a side and a size above 0"),
        ("T B 10 5 #1", "has no order, so there is nothing to drive"),
        ("A B 10 5 #1\nT B 10 1 #2", "has nothing to drive behind its open"),
        ("A B 10 5 #1\nT B 10 1 #2 +\nA A 10 1 #3", "has nothing to drive behind its open"),
    ],
)
def test_a_day_that_cannot_be_driven(tmp_path, text, message):
    path = tmp_path / "day.csv"
    path.write_text(mbo_text(text))
    with pytest.raises(SetupError, match=message):
        FLOW(path).instruments()


def test_a_day_that_is_not_there(tmp_path):
    with pytest.raises(SetupError, match=r"cannot read .*gone.csv"):
        FLOW(tmp_path / "gone.csv").notes()


def play(flow, loops=1):
    """The answers of the oracle's model to the whole day, counted, and its book at the end."""
    model = Model(flow.instruments(), SELF_TRADE)
    commands = command_rows(first_commands(flow.batches(Seed(1)), loops * len(flow.times_ns())))
    events = [event for at, row in enumerate(commands, 1) for event in model.apply(row._replace(number=at))]
    return Counter((event.kind, event.reason) for event in events), model.book()


def test_the_made_up_day_is_what_its_maker_makes():
    assert gzip.decompress(MADE_UP_DAY.read_bytes()).decode() == made_up_day()


def test_a_right_engine_ends_the_made_up_day_in_the_recorded_book():
    flow = FLOW()
    answers, book = play(flow)
    refused = (EventKind.REJECTED, EventKind.CANCEL_REJECTED, EventKind.REPLACE_REJECTED)
    assert sum(count for (kind, _), count in answers.items() if kind in refused) == 0
    assert answers[EventKind.TRADE, 0] > 1_000
    assert queues(book) == recorded_queues(recording_csv.read(MADE_UP_DAY))


def test_every_loop_of_the_made_up_day_is_answered_alike():
    flow = FLOW().fitted(ALL, Conventions()).looped()
    (once, book), (thrice, book_of_three) = play(flow), play(flow, loops=3)
    assert {answer: 3 * times for answer, times in once.items()} == thrice
    assert len(book) == len(book_of_three) == 0


def queues(book):
    """Side and price in ticks to the orders there, first to last, each with its size."""
    found = defaultdict(list)
    for row in book:
        found[int(row["side"]), int(row["price"])].append((int(row["order"]), int(row["remaining"])))
    return found


def recorded_queues(recording):
    """The same of the recorded book."""
    found = defaultdict(list)
    for order_id, order in rebuild(recording).end.orders.items():
        found[int(order.side), order.price].append((order_id, order.size))
    return found


@needs_esh4
def test_the_real_day_drives_with_few_stale_commands():
    flow = FLOW(ESH4)
    answers, book = play(flow)
    assert flow.instruments()[0].tick_1e9 == 250_000_000
    assert answers[EventKind.CANCEL_REJECTED, Reason.UNKNOWN_ORDER] == 194
    assert answers[EventKind.REPLACE_REJECTED, Reason.UNKNOWN_ORDER] == 54
    assert answers[EventKind.REJECTED, Reason.DUPLICATE_ORDER_ID] == 0
    assert len(book) == 11_232


@needs_bitfinex
def test_the_real_dump_drives_to_the_recorded_book():
    flow = FLOW(BITFINEX, "bitfinex")
    answers, book = play(flow)
    one = flow.instruments()[0]
    assert (one.symbol, one.tick_1e9, one.lot_1e9, one.price_max) == ("tBTCUSD", 10, 10, 61449_00000000)
    assert (answers[EventKind.ACCEPTED, 0], answers[EventKind.REJECTED, Reason.DUPLICATE_ORDER_ID]) == (37_059, 0)
    assert answers[EventKind.TRADE, 0] == 2, "two orders came while the feed still showed what they had traded with"
    assert len(book) == 38
    assert "cannot be paced" in flow.notes().told["times"]
    assert (flow.times_ns() == NONE).all()
