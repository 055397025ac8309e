"""Numbers and names of a batch, row by row."""

import numpy as np

from engines.service.gateway import intake_kernel as kernel
from engines.service.gateway.intake_kernel import Numbering
from harness.wire.ouch_layout import REQUEST
from harness.wire.ouch_symbols import symbols_of
from tests.fakes.ouch_client import SYMBOL, buy, cancel, replace, request
from tests.fakes.ouch_desk import INSTRUMENTS


def numbered(*requests, last=0, slots=None):
    joined, count = np.concatenate(requests, dtype=REQUEST), len(requests)
    columns = [np.empty(count, kind) for kind in (np.uint8, np.int64, np.int64)]
    found, highest = Numbering(joined, np.array(slots or [0] * count), *columns), np.full(2, last)
    kernel.number(found, highest)
    return found, highest.tolist()


def fates(found):
    names = {getattr(kernel, name.upper()): name for name in ("resent", "ignored", "unnumbered", "numbered")}
    return [names[fate] for fate in found.fates.tolist()]


def test_numbers_must_rise_and_the_highest_is_kept():
    found, highest = numbered(buy(3), buy(3), cancel(3), request("C", 7), buy(5), request("Q", 0), last=2)
    assert fates(found) == ["numbered", "resent", "unnumbered", "numbered", "resent", "unnumbered"]
    assert found.numbers.tolist() == [3, 3, 0, 7, 5, 0]
    assert highest == [7, 2]


def test_only_orders_below_what_came_before_are_named():
    found, _ = numbered(replace(2, 3), cancel(3), cancel(4), replace(3, 4), request("M", 4), last=2)
    assert found.named.tolist() == [2, 3, 0, 3, 4]


def test_each_port_has_numbers_of_its_own():
    found, highest = numbered(buy(3), buy(3), cancel(3), buy(2), slots=[0, 1, 1, 0])
    assert fates(found) == ["numbered", "numbered", "unnumbered", "resent"]
    assert (found.named.tolist(), highest) == ([0, 0, 3, 0], [3, 3])


def test_who_names_what_never_came_is_ignored_and_who_comes_again_stays_that():
    table, rows, instruments = np.zeros(9, REQUEST), np.zeros((2, 100), np.int32), np.empty(5, np.uint32)
    table["symbol"][7], rows[0, 1] = SYMBOL, 7
    found, _ = numbered(cancel(1), cancel(2), replace(1, 3), replace(1, 3), buy(4), last=2)
    assert kernel.look_up(found, rows, table, symbols_of(INSTRUMENTS), instruments) == 2
    assert fates(found) == ["unnumbered", "ignored", "numbered", "resent", "numbered"]
    assert instruments.tolist() == [4, 0, 4, 4, 0]
