"""What contract tests of different rooms ask for."""

import pytest

from tests.fakes.marked import VARIABLE, marked


@pytest.fixture
def nothing_is_left(tmp_path, monkeypatch):
    """Whatever a test starts is gone at its end, wherever it moved."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    yield
    assert marked(str(tmp_path)) == []
