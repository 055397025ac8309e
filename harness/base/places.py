"""Where gonogo keeps what it can make again."""

from __future__ import annotations

import os
from pathlib import Path


def user_cache() -> Path | None:
    """A folder for this user alone, which need not be there; None where he has no home."""
    asked = os.environ.get("XDG_CACHE_HOME")
    if asked:
        return Path(asked) / "gonogo"
    home = Path("~").expanduser()
    return home / ".cache" / "gonogo" if home.is_dir() else None
