"""What the tests of reports share."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.evidence.archive import Archive
from reports.view import View, view
from tests.fakes import run_folder
from tests.fakes.run_folder import Made


@pytest.fixture
def shown(tmp_path: Path):
    """Writes a made run and gives its view."""

    def of(made: Made) -> View:
        return view(Archive(run_folder.write(tmp_path / "run", made)))

    return of
