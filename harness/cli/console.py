"""What commands write on: a line that says what is being done, and a page wide enough for a table."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

PIPE_COLUMNS = 150
"""How wide a table may be where nobody's window bounds it."""


@contextmanager
def telling() -> Iterator[Callable[[str], None]]:
    """A line that changes on a terminal, plain lines elsewhere; always on stderr."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda line: print(f"gonogo: {line}", file=sys.stderr, flush=True)
        return
    with console.status("") as status:
        yield status.update


def wide() -> Console:
    """Stdout for a table."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPE_COLUMNS)
