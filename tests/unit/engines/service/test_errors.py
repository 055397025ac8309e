"""A refusal names the file and the byte."""

from pathlib import Path

from engines.service.errors import DiskFullError, RefusedError


def test_a_refusal_says_where_and_why():
    refused = RefusedError(Path("a.segment"), 4_096, "it was damaged")
    assert str(refused) == "a.segment at byte 4096: it was damaged"
    assert (refused.path.name, refused.offset, refused.why) == ("a.segment", 4_096, "it was damaged")


def test_who_knows_only_the_system_s_errors_sees_one():
    assert isinstance(DiskFullError("no room"), OSError)
