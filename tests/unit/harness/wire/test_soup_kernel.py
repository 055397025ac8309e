"""The kernels by themselves: no more rows than there are packets, and nothing written beyond them."""

import numpy as np

from harness.wire.soup_kernel import COLUMNS, NOWHERE, frame, split


def test_rows_beyond_the_packets_are_let_be():
    packets = np.full((4, COLUMNS), 77, np.int64)
    assert split(np.frombuffer(b"\0\1H\0\3S!", np.uint8), packets) == (1, 3, NOWHERE)
    assert packets[0].tolist() == [ord("H"), 3, 3]
    assert (packets[1:] == 77).all()


def test_a_message_of_no_bytes_has_a_header():
    told = np.full(6, 77, np.uint8)
    frame(ord("S"), np.frombuffer(b"", np.uint8), np.zeros(1, np.int64), told)
    assert told.tolist() == [0, 1, ord("S"), 77, 77, 77]
