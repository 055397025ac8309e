"""JSON on disk: whole or not at all, and refused in words."""

import msgspec
import pytest

from harness.base.errors import EvidenceError
from harness.evidence.store import read_json, write_json


class Thing(msgspec.Struct):
    schema: int
    size: int


def test_what_is_written_is_read(tmp_path):
    write_json(tmp_path / "deep" / "thing.json", Thing(1, 5))
    assert read_json(tmp_path / "deep" / "thing.json", Thing, 1) == Thing(1, 5)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["thing.json"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"schema": 2, "size": 5}', "schema 2.*newer"),
        ('{"schema": 1}', "size"),
        ("{", "not what it should be"),
        ("", "not what it should be"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, body, said):
    (tmp_path / "thing.json").write_text(body)
    with pytest.raises(EvidenceError, match=said):
        read_json(tmp_path / "thing.json", Thing, 1)


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(EvidenceError, match=r"thing\.json"):
        read_json(tmp_path / "thing.json", Thing, 1)
