"""A folder that goes with its process, however that ends."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.profiling.guarded import Guarded


@contextmanager
def own_folder(prefix: str) -> Iterator[Path]:
    """A new folder where temporary files go.

    A second process guards it, since one that is killed removes nothing.
    """
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    guarded = Guarded((), folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        guarded.kill()
