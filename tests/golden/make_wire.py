"""Makes the golden messages anew: `python -m tests.golden.make_wire`. Only when a format was meant to change; say why in the commit.

The bytes are those of the plain twin in tests/fakes, so that the codec is held to something that it did not write.
"""

from __future__ import annotations

from pathlib import Path

from harness.wire import ouch, soup
from tests.fakes.ouch_messages import DIRECTIONS, plain
from tests.fakes.plain_ouch import write

FOLDER = Path(__file__).parent / "ouch"
DECODE = {"in": ouch.decode_requests, "out": ouch.decode_replies}


def texts() -> dict[str, str]:
    """What each golden file holds, by its name: a bare message and one with all that it may have, in bytes and in fields."""
    told = {}
    for way, kinds in DIRECTIONS.items():
        for kind in kinds:
            payloads = dict.fromkeys(write(kinds, *plain(kinds, kind, full=full)) for full in (False, True))
            told[f"{way}_{kind}.txt"] = "\n".join(described(way, payload) for payload in payloads)
    return told


def described(way: str, payload: bytes) -> str:
    """The bytes, and under them each field of the record that is not 0."""
    packet = soup.packet(soup.PacketType.SEQUENCED, payload)
    decoded = DECODE[way](packet, soup.split(packet).packets)
    (record,), (defect,) = decoded.records, decoded.defects
    fields = [f"{name} {record[name]}" for name in record.dtype.names if record[name]]
    return "\n".join([payload.hex(), f"defect {defect}", *fields, ""])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts().items():
        (FOLDER / name).write_text(text)
