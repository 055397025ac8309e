"""A stored message of each kind is read as it was, field by field, and written as it was, byte by byte."""

import pytest

from harness.wire import ouch, soup
from tests.golden.make_wire import DECODE, FOLDER, described, texts

FILES = sorted(FOLDER.glob("*.txt"))
ENCODE = {"in": ouch.encode_requests, "out": ouch.encode_replies}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_stored_message_is_what_it_was(file):
    way, text = file.stem.split("_")[0], file.read_text()
    payloads = [bytes.fromhex(part.splitlines()[0]) for part in text.split("\n\n")]
    assert "\n".join(described(way, payload) for payload in payloads) == text
    for payload in payloads:
        stream = soup.packet(soup.PacketType.SEQUENCED, payload)
        assert ENCODE[way](DECODE[way](stream, soup.split(stream).packets).records).tobytes()[3:] == payload


def test_there_is_a_file_of_every_kind():
    assert {file.name for file in FILES} == set(texts())
