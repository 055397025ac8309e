"""What commands write on: a line that says what is being done, and a page wide enough for a table."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.table import Table

PIPE_COLUMNS = 150
"""How wide a table may be where nobody's window bounds it."""


@contextmanager
def telling() -> Iterator[Callable[[str], None]]:
    """A line that changes on a terminal, plain lines elsewhere; always on stderr."""
    console = Console(stderr=True)
    with own_stdout():
        if not console.is_terminal:
            yield lambda line: print(f"gonogo: {line}", file=sys.stderr, flush=True)
            return
        with console.status("") as status:
            yield status.update


@contextmanager
def own_stdout() -> Iterator[None]:
    """Stdout is gonogo's own: what the file of an adapter prints meanwhile, from Python or from C, goes to stderr.

    Such a file works in this process, and whoever reads `--json` must find nothing else there.
    """
    try:
        kept = os.dup(1)
    except OSError:
        # It is closed: nobody reads it.
        yield
        return
    _flush()
    os.dup2(2, 1)
    try:
        yield
    finally:
        _flush()
        # What C has printed may wait in a buffer of its own.
        ctypes.CDLL(None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)


def _flush() -> None:
    # Whoever prints next is told that it cannot be written.
    with suppress(OSError):
        print(end="", flush=True)


def wide() -> Console:
    """Stdout for a table."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPE_COLUMNS)


def table(columns: Sequence[str], words: Sequence[str]) -> Table:
    """An empty table of figures with these columns; those of words begin on the left."""
    made = Table(box=None, pad_edge=False)
    for name in columns:
        made.add_column(name, justify="left" if name in words else "right", no_wrap=True)
    return made
