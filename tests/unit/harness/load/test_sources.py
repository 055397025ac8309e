"""What a worker leaves beside its history is read as it was written."""

import numpy as np
import pytest

from harness.load.sources import read_part, write_part
from harness.port import Spoken

IDS = [0, 7, 2**63 + 1, 2**64 - 1]


@pytest.mark.parametrize("numbers", [[], [3, 4, 900, 2**40]], ids=["nothing sent", "some"])
@pytest.mark.parametrize(
    "spoken", [[], [(1, 3, IDS)], [(2, 70_000, IDS), (1, 70_000, []), (12, 1, [5])]], ids=["none", "one", "several"]
)
def test_what_was_left_is_read_again(tmp_path, numbers, spoken):
    said = tuple(Spoken(number, account, np.array(orders, np.uint64)) for number, account, orders in spoken)
    write_part(tmp_path, np.array(numbers, np.int64), said)
    folder, read, heard = read_part(tmp_path)
    assert (folder, read.dtype, read.tolist()) == (tmp_path, np.int64, numbers)
    assert [(one.number, one.account, one.orders.tolist()) for one in heard] == spoken
    assert all(one.orders.dtype == np.uint64 for one in heard)
