"""Commands to requests and back over whole batches: each row by itself, whatever stands beside it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.base.reasons import Reason
from harness.base.records import NONE, CommandKind, Flag, OrderType, Side, TimeInForce, empty_commands
from harness.wire import ouch, soup
from harness.wire.ouch import word
from harness.wire.ouch_layout import OTHERS_PRESENT
from harness.wire.ouch_requests import inherited, to_commands, to_requests
from harness.wire.ouch_terms import Ids, Unsaid
from tests.fakes.ouch_rows import FIRM, MASS, NEW, REPLACE, SYMBOLS, read, request
from tests.fakes.ouch_rows import ids as single_ids

numbers = st.integers(1, 2**32 - 1)
amounts = st.sampled_from([NONE, 0, 1, 2**31, 2**32 - 1])


@st.composite
def commands(draw):
    """A command of any kind, most of which can be said; ids stand for themselves on the other side."""
    kind = draw(st.sampled_from([CommandKind.NEW, CommandKind.CANCEL, CommandKind.REPLACE, CommandKind.MASS_CANCEL, CommandKind.HALT]))  # fmt: skip
    made = empty_commands(1)
    made["kind"], made["account"], made["instrument"] = kind, 3, draw(st.sampled_from([7, 9]))
    if kind in (CommandKind.NEW, CommandKind.REPLACE):
        made["order"], made["qty"], made["price"] = draw(numbers), draw(st.integers(0, 2**32 - 1)), draw(st.integers(0, 19_999_999))  # fmt: skip
    if kind in (CommandKind.CANCEL, CommandKind.REPLACE):
        made["target"] = draw(numbers)
    if kind == CommandKind.CANCEL:
        made["qty"] = draw(st.sampled_from([NONE, 1, 200]))
    if kind == CommandKind.MASS_CANCEL:
        made["side"] = draw(st.sampled_from(Side))
    if kind == CommandKind.NEW:
        made["type"], made["side"] = OrderType.LIMIT, draw(st.sampled_from([Side.BUY, Side.SELL]))
        made["tif"] = draw(st.sampled_from([TimeInForce.DAY, TimeInForce.IOC, TimeInForce.FOK]))
        made["flags"] = draw(st.sampled_from(Flag))
        made["min_qty"], made["display"] = draw(amounts), draw(amounts)
    return made


@settings(deadline=None)  # the first example loads the kernels
@given(st.lists(commands(), max_size=8))
def test_what_can_be_said_comes_back_and_the_rest_is_told(some):
    batch = np.concatenate([empty_commands(0), *some], dtype=empty_commands(0).dtype)
    ids = Ids(
        np.where(batch["kind"] == CommandKind.MASS_CANCEL, 5, batch["order"]).astype(np.uint64), batch["target"].copy(),
        np.full(len(batch), 1_000), batch["instrument"].copy(),
    )  # fmt: skip
    asked = to_requests(batch, ids, SYMBOLS, FIRM)
    said = asked.unsaid == Unsaid.NONE
    stream = ouch.encode_requests(asked.requests[said]).tobytes()
    requests = ouch.decode_requests(stream, soup.split(stream).packets).records
    back = to_commands(requests, Ids(*(column[said] for column in ids)), SYMBOLS, 3, FIRM)
    assert not back.reasons.any()
    assert (back.commands == batch[said]).all()
    unsaid = (batch["kind"] == CommandKind.HALT) | (batch["tif"] == TimeInForce.FOK) | (batch["min_qty"] == 0) | (batch["display"] == 0)  # fmt: skip
    assert (~said == unsaid).all()


def test_nothing_is_nothing():
    ids = Ids(*(np.zeros(0, kind) for kind in (np.uint64, np.uint64, np.int64, np.uint32)))
    asked = to_requests(empty_commands(0), ids, SYMBOLS, FIRM)
    assert len(to_commands(asked.requests, ids, SYMBOLS, 3, FIRM).commands) == 0


@pytest.mark.parametrize("column", Ids._fields)
def test_ids_of_other_rows_are_refused(column):
    ids = single_ids(1, 1)._replace(**{column: np.zeros(0, np.int64)})
    with pytest.raises(ValueError, match="ids of 0 rows; wanted 1"):
        to_requests(empty_commands(1), ids, SYMBOLS, FIRM)
    with pytest.raises(ValueError, match="ids of 0 rows; wanted 1"):
        to_commands(request(NEW), ids, SYMBOLS, 3, FIRM)


def test_a_replace_inherits_what_it_does_not_name():
    original = request(NEW, firm=FIRM, group_id=4, min_qty=9, tags=(2, 3, 24))
    whole = inherited(request(REPLACE), original)
    for name in ("side", "symbol", "capacity", "cross_type", "firm", "group_id"):
        assert whole[name] == original[name]
    assert (whole["price"], whole["min_qty"]) == (1_892_000, 0)
    assert whole["present"] == 1 | 1 << 2 | 1 << 24


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (request(NEW, price_type=ord("M"), tags=(6,)), Reason.UNSUPPORTED), (request(NEW, price_type=ord("L"), tags=(6,)), Reason.NONE),
        (request(NEW, peg_offset=-1, tags=(7,)), Reason.UNSUPPORTED), (request(NEW, customer_type=ord("R"), tags=(4,)), Reason.UNSUPPORTED),
        (request(NEW, customer_type=ord("N"), tags=(4,)), Reason.NONE), (request(NEW, expire_time=5, tags=(15,)), Reason.UNSUPPORTED),
        (request(NEW, firm=FIRM, tags=(2,)), Reason.NONE), (request(NEW, firm=word("", 4), tags=(2,)), Reason.NONE),
        (request(NEW, firm=word("EVIL", 4), tags=(2,)), Reason.UNKNOWN_ACCOUNT), (request(NEW, user_ref_idx=5, tags=(28,)), Reason.NONE),
        (request(NEW, present=OTHERS_PRESENT | 1), Reason.NONE), (request(NEW, group_id=1, tags=(24, 6)), Reason.UNSUPPORTED),
        (request(REPLACE, side=ord("S"), tags=(27,)), Reason.UNSUPPORTED), (request(REPLACE, post_only=ord("N"), tags=(12,)), Reason.UNSUPPORTED),
        (request(REPLACE, shares_located=ord("N"), tags=(25,)), Reason.NONE), (request(MASS, group_id=0, tags=(24,)), Reason.NONE),
        (request(MASS, group_id=2, tags=(24,)), Reason.UNSUPPORTED),
    ],
)  # fmt: skip
def test_a_tag_that_asks_for_nothing_passes_and_any_other_is_refused(made, wanted):
    taken, reason = read(made)
    assert Reason(reason) == wanted
    assert bool(taken["kind"]) == (wanted == Reason.NONE)
    assert (taken["price"] == NONE) == (made["type"][0] == ord("C") or wanted != Reason.NONE)
