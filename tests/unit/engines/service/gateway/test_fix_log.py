"""Messages in a file, as they are found again."""

import pytest

from engines.service.gateway.fix_log import CHUNK, HEAD, FixLog

MESSAGES = [b"one", b"second", b"3" * 1_000]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(b"somebody else's ")
    log = FixLog(path, 16)
    for message in MESSAGES:
        log.append(message)
    log.close()
    return path


def held(path):
    log = FixLog(path, 16)
    messages = [log.read(row) for row in range(len(log))]
    log.close()
    return messages


def test_they_are_there_again(path):
    assert held(path) == MESSAGES
    assert path.read_bytes().startswith(b"somebody else's ")


def test_what_is_torn_at_the_end_goes(path):
    whole = path.read_bytes()
    for left in range(len(whole) - HEAD.size - 1_000, len(whole)):
        path.write_bytes(whole[:left])
        assert held(path) == MESSAGES[:2]
    assert path.stat().st_size == len(whole) - HEAD.size - 1_000


def test_a_changed_byte_ends_it(path):
    whole = bytearray(path.read_bytes())
    whole[16 + HEAD.size + 3 + HEAD.size] ^= 1
    path.write_bytes(whole)
    assert held(path) == MESSAGES[:1]


def test_zeros_behind_are_no_messages(path):
    with path.open("ab") as file:
        file.write(bytes(100))
    assert held(path) == MESSAGES


def test_one_longer_than_what_is_read_at_once(path):
    log = FixLog(path, 16)
    log.append(b"x" * 2 * CHUNK)
    log.append(b"behind")
    log.close()
    assert [len(message) for message in held(path)] == [3, 6, 1_000, 2 * CHUNK, 6]


def test_the_last_can_be_cut_off(path):
    log = FixLog(path, 16)
    log.cut(1)
    log.append(b"new")
    assert [log.read(row) for row in range(len(log))] == [b"one", b"new"]
    log.close()
    assert held(path) == [b"one", b"new"]
