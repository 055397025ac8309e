"""The socket of the report formats: one file a format, public name `FORMAT`.

A format reads an `Archive`, writes one file into a folder and returns its path. It runs nothing, judges nothing and changes
nothing of the evidence; what it shows comes from `reports.view`, so that all formats tell the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from harness.evidence.archive import Archive


class Format(Protocol):
    """A way to show a judged run."""

    def render(self, evidence: Archive, out: Path) -> Path:
        """Write the report into the folder `out`; return the file's path."""
        ...
