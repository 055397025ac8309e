"""The example engine over its standard streams, which keeps the fills that it told in a file: `FILE WAY`, where the way is how it fails in that."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from engines.plain.offered import CAPABILITIES, CONVENTIONS
from engines.service.speaking import Conversation, Offer
from tests.fakes.jsonl_engine import Told


def main(path: str, way: str) -> int:
    """Speak to the end of the input; the exit code."""
    talk = Conversation(Offer("keeping", "0.1", CAPABILITIES, CONVENTIONS, Told))
    kept: list[bytes] = []
    while came := os.read(0, 1 << 20):
        said = talk.answer(came)
        kept += [line for line in said.splitlines(keepends=True) if b'"trade"' in line]
        while said:
            said = said[os.write(1, said) :]
    if way == "loses the last":
        kept = kept[:-1]
    if way == "keeps more":
        kept.append(b'{"type":"trade","match":999999,"price":1,"qty":1}\n')
    Path(path).write_bytes(b"".join(kept))
    return 3 if way == "ends badly" else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
