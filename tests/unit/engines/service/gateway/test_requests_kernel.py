"""A row counts once its last word is written, and of two the later one."""

import numpy as np

from engines.service.gateway import requests_kernel as kernel
from engines.service.gateway.requests_kernel import Kept


def kept(words):
    slots = np.full(8, -1)
    slots[[3, 6]] = 0, 1
    return Kept(words, np.zeros((2, 10), np.int32), slots, np.array([3, 6, 0]), np.ones(1, np.int64))


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


def test_what_is_put_again_takes_the_place_of_what_was_there_and_keeps_no_chance_bytes():
    found = kept(np.zeros((10, kernel.WORDS), np.uint64))
    given = np.full((2, kernel.WORDS), 2**64 - 1, np.uint64)
    slots, numbers = np.array([1, 1]), np.array([5, 5])
    kernel.put(found, given, slots, numbers)
    assert found.used[0] == 2
    assert found.words[1, kernel.PORT_WORD] == 6 << 16 | 0xFFFF
    owners = np.zeros(1, np.int64)
    kernel.owners(found.words, np.array([1]), owners)
    assert owners.tolist() == [6]
