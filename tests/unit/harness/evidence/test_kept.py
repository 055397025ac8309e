"""Fills that an engine kept are read as they were written; a file that is missing or cut is told."""

import numpy as np
import pytest

from harness.base.ending import FILL, Ending
from harness.base.errors import EvidenceError
from harness.evidence.kept import NAME, read_kept, write_kept

FILLS = np.array([(1, 100, 5), (2**63, -3, 2**40)], FILL)


def test_they_are_read_as_they_were_written(tmp_path):
    write_kept(tmp_path, FILLS)
    assert read_kept(tmp_path, Ending(fills=2)).tolist() == FILLS.tolist()


def test_none_is_not_the_same_as_no_fill(tmp_path):
    write_kept(tmp_path, FILLS[:0])
    assert len(read_kept(tmp_path, Ending(fills=0))) == 0
    assert read_kept(tmp_path, Ending()) is None
    assert read_kept(tmp_path, None) is None


def test_a_file_that_is_missing_or_cut_is_told(tmp_path):
    with pytest.raises(EvidenceError, match=r"cannot read the fills .*kept\.fills"):
        read_kept(tmp_path, Ending(fills=2))
    write_kept(tmp_path, FILLS[:1])
    with pytest.raises(EvidenceError, match="holds 1 fills; the engine kept 2"):
        read_kept(tmp_path, Ending(fills=2))
    (tmp_path / NAME).write_bytes(b"part of one")
    with pytest.raises(EvidenceError, match="cannot read the fills"):
        read_kept(tmp_path, Ending(fills=2))
