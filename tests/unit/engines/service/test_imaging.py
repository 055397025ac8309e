"""What became words is filled in again as it was, whether or not it filled whole words; an image that is too short is refused."""

import numpy as np
import pytest

from engines.service.imaging import Reader, as_words

PARTS = (
    np.arange(5, dtype=np.uint32).reshape(5, 1),
    np.arange(6, dtype=np.int64).reshape(2, 3),
    np.arange(4, dtype=np.uint32),
    np.zeros(0, np.uint64),
)


def test_parts_come_back_as_they_were():
    reader = Reader(np.concatenate([as_words(part) for part in PARTS]))
    assert reader.left == 3 + 6 + 2
    for part in PARTS:
        made = np.full_like(part, 9)
        reader.fill(made)
        assert made.tolist() == part.tolist()
    assert reader.left == 0


def test_what_is_filled_up_is_filled_up_with_zeros():
    assert as_words(np.full(3, 2**32 - 1, np.uint32)).tolist() == [2**64 - 1, 2**32 - 1]


def test_an_image_that_ends_early_is_refused():
    reader = Reader(np.zeros(3, np.uint64))
    reader.take(2)
    with pytest.raises(ValueError, match="wanted 2 more words, there are 1"):
        reader.fill(np.zeros(2, np.int64))
