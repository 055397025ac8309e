"""The least limit counts, wherever it stands."""

import psutil

from engines.service.operations.memory import limit_bytes, resident_bytes

MACHINE = psutil.virtual_memory().total


def groups(folder, own, **limits):
    """Control groups as files: `limits` by their place, "" for the root."""
    (folder / "own").write_text(own)
    for place, limit in limits.items():
        group = folder / "groups" / place.replace("_", "/").strip("/")
        group.mkdir(parents=True, exist_ok=True)
        (group / "memory.max").write_text(limit + "\n")
    return limit_bytes(folder / "groups", folder / "own")


def test_the_own_group_and_those_that_it_lies_in(tmp_path):
    assert groups(tmp_path, "0::/a/b\n", a_b="max", a="4096", _="8192") == 4_096
    assert groups(tmp_path, "0::/a/b\n", a_b="2048") == 2_048


def test_inside_a_container_the_own_group_is_the_root(tmp_path):
    assert groups(tmp_path, "0::/\n", _="4096") == 4_096


def test_without_a_limit_it_is_the_machine(tmp_path):
    assert groups(tmp_path, "12:memory:/x\n", a="4096") == MACHINE
    assert limit_bytes(tmp_path / "none", tmp_path / "nothing") == MACHINE
    assert groups(tmp_path, "0::/a\n", a=str(10 * MACHINE)) == MACHINE


def test_this_process_has_some():
    assert 0 < resident_bytes() < MACHINE
