"""A folder that goes with its process, however that ends."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REMOVES = "import shutil, sys; sys.stdin.read(); shutil.rmtree(sys.argv[1], ignore_errors=True)"
END_S = 10.0


@contextmanager
def own_folder(prefix: str) -> Iterator[Path]:
    """A new folder where temporary files go.

    A second process waits for the end of this one, since one that is killed removes nothing.
    """
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    # A group of its own: Ctrl-C is for who uses the folder.
    keeper = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", REMOVES, str(folder)], stdin=subprocess.PIPE, process_group=0
    )
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        keeper.communicate(timeout=END_S)
