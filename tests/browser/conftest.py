"""One browser for all pages of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.devtools import Browser, browsing, found


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = found()
    assert program is not None
    with browsing(program, tmp_path_factory.mktemp("profile")) as opened:
        yield opened
