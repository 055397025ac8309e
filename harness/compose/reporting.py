"""Renders stored evidence in any of the formats that are plugged in."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

from harness.base import discover
from harness.compose import plugs
from harness.evidence.archive import Archive

ALWAYS = ("html", "markdown", "junit", "summary")
"""The formats that every run leaves in its folder."""


def render(archive: Archive, formats: tuple[str, ...], out: Path, tell: Callable[[str], None]) -> list[Path]:
    """Write the reports and give their paths; a format that crashes is told and takes no verdict with it."""
    written: list[Path] = []
    for name in formats:
        plug = discover.load(plugs.FORMATS, name, "FORMAT")
        try:
            written.append(plug.render(archive, out))
        except Exception:  # a report that crashes must never cost the verdict that is already judged
            tell(f"the report format {name} crashed:\n{traceback.format_exc()}")
    return written
