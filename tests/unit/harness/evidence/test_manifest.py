"""The manifest: any change of any file shows."""

import subprocess

import pytest

from harness.evidence import manifest


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "sub" / "b.bin").write_bytes(b"\0\1")
    manifest.write(tmp_path)
    return tmp_path


def test_of_an_untouched_folder_nothing_is_said(folder):
    assert manifest.changed(folder) == ()


@pytest.mark.parametrize(
    ("touch", "name"),
    [
        (lambda f: (f / "a.txt").write_text("b"), "a.txt"),
        (lambda f: (f / "a.txt").unlink(), "a.txt"),
        (lambda f: (f / "new").write_text(""), "new"),
        (lambda f: (f / "sub" / "b.bin").write_bytes(b"\0\1\2"), "sub/b.bin"),
    ],
)
def test_a_change_is_named(folder, touch, name):
    touch(folder)
    assert manifest.changed(folder) == (name,)


def test_without_a_manifest_nothing_is_said(tmp_path):
    assert manifest.changed(tmp_path) == ()


def test_the_public_tool_reads_it(folder):
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", manifest.NAME], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0
