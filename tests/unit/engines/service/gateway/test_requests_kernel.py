"""A row counts once its last word is written, and of two the later one."""

import numpy as np

from engines.service.gateway import requests_kernel as kernel
from engines.service.gateway.requests_kernel import Kept


def kept(words):
    slots = np.full(8, -1)
    slots[[3, 6]] = 0, 1
    return Kept(
        words, np.zeros((2, 10), np.int32), slots, np.array([3, 6, 0]), np.ones(1, np.int64), np.zeros(3, np.int64)
    )


def written(*numbers_and_ports):
    words = np.zeros((10, kernel.WORDS), np.uint64)
    for row, (number, port) in enumerate(numbers_and_ports, 1):
        words[row, kernel.NUMBER_WORD], words[row, kernel.PORT_WORD] = number, port << 16 | 0xABCD
    return words


def test_rows_are_found_again_but_those_cut_off_and_those_of_ports_that_are_no_more():
    found = kept(written((4, 6), (5, 0), (4, 3), (4, 6), (12, 3), (2, 7), (9, 0)))
    kernel.index(found, 8)
    assert found.rows.nonzero()[0].tolist() == [0, 1]
    assert (found.rows[0, 4], found.rows[1, 4], found.used[0]) == (3, 4, 7)


def test_each_gets_a_row_once_and_keeps_it():
    found = kept(np.zeros((10, kernel.WORDS), np.uint64))
    rows = np.zeros(4, np.int64)
    kernel.assign(found, np.array([1, 0, 1, 1]), np.array([5, 5, 6, 5]), rows)
    assert (rows.tolist(), found.used[0]) == ([1, 2, 3, 1], 4)
    wanted = np.zeros(5, np.int64)
    missing = kernel.find(found, np.array([6, 3, 3, 4, 6]), np.array([6, 5, 6, 5, 10]), wanted)
    assert (missing, wanted.tolist()) == (1, [3, 2, kernel.MISSING, -1, -1])
    assert found.told.tolist() == [6, 10, 0]


def test_a_row_says_whose_it_is_and_keeps_no_chance_bytes():
    words = np.full((1, kernel.WORDS), 2**64 - 1, np.uint64)
    kernel.stamp(words, np.array([6]))
    assert words[0, kernel.PORT_WORD] == 6 << 16 | 0xFFFF
    owners = np.zeros(1, np.int64)
    kernel.owners(words, np.array([0]), owners)
    assert owners.tolist() == [6]
