"""The fills that an engine kept beyond its end, as a file beside the history: records of 24 bytes, in the engine's order."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from harness.base.ending import FILL, Ending, Fills
from harness.base.errors import EvidenceError
from harness.evidence.store import write_bytes

NAME = "kept.fills"


def write_kept(place: Path, fills: Fills) -> None:
    """Store them in the folder of a scenario."""
    write_bytes(place / NAME, fills.tobytes())


def read_kept(place: Path, ending: Ending | None) -> Fills | None:
    """What was stored of them; None where the engine did not tell any.

    Raises:
        EvidenceError: the file is missing, or does not hold as many as were stored.
    """
    if ending is None or ending.fills is None:
        return None
    path = place / NAME
    try:
        fills: Fills = np.frombuffer(path.read_bytes(), FILL)
    except (OSError, ValueError) as error:
        raise EvidenceError(f"cannot read the fills {path}: {error}") from error
    if len(fills) != ending.fills:
        raise EvidenceError(f"{path} holds {len(fills):,} fills; the engine kept {ending.fills:,}")
    return fills
