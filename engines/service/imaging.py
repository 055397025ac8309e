"""An image is words, one part behind another: how an array becomes words, and how it is filled again from the front of an image."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Words = npt.NDArray[np.uint64]
WORD_BYTES = 8


def as_words(part: Array) -> Words:
    """The part's bytes, filled up with zeros to whole words; without a copy where they are whole."""
    if part.nbytes % WORD_BYTES == 0:
        return part.reshape(-1).view(np.uint64)
    words = np.zeros(_words_in(part), np.uint64)
    words.view(part.dtype)[: part.size] = part.reshape(-1)
    return words


class Reader:
    """Takes words off the front of an image."""

    def __init__(self, image: Words) -> None:
        self._image = image
        self._at = 0

    @property
    def left(self) -> int:
        """How many words were not taken yet."""
        return len(self._image) - self._at

    def take(self, count: int) -> Words:
        """The next words. Raises ValueError where there are fewer."""
        if count > self.left:
            raise ValueError(f"the image ends early: wanted {count} more words, there are {self.left}")
        self._at += count
        return self._image[self._at - count : self._at]

    def fill(self, part: Array) -> None:
        """Give a part, which lies in one piece of memory, what `as_words` made of it."""
        part.reshape(-1)[:] = self.take(_words_in(part)).view(part.dtype)[: part.size]


def _words_in(part: Array) -> int:
    return -(-part.nbytes // WORD_BYTES)
