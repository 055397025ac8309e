"""The door to the disk: files are there before they are used, and what goes wrong has a name."""

import errno
import os
import resource
import subprocess
import sys

import numpy as np
import pytest

from engines.service.disk import CHUNK_BYTES, RealDisk, locked, named, write_whole
from engines.service.errors import DiskBrokenError, DiskFullError, InUseError


def test_a_created_file_is_zeros_on_the_disk_whatever_was_there(tmp_path):
    path = tmp_path / "deep" / "file"
    disk = RealDisk()
    disk.create(path, 3).close()
    path.write_bytes(b"old")
    disk.create(path, CHUNK_BYTES + 5).close()
    assert path.read_bytes() == bytes(CHUNK_BYTES + 5)
    assert path.stat().st_blocks * 512 >= CHUNK_BYTES + 5


def test_a_file_is_made_in_pieces_with_a_rest_after_each(tmp_path):
    path, found = tmp_path / "file", []

    def rest(took_s):
        assert took_s > 0
        found.append(path.stat().st_size)

    RealDisk().create(path, 2 * CHUNK_BYTES + 5, rest).close()
    assert found == [CHUNK_BYTES, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 5]


def test_writing_renaming_truncating_removing(tmp_path):
    disk, path = RealDisk(), tmp_path / "file"
    file = disk.create(path, 4)
    file.write(b"bc", 1)
    file.sync()
    assert path.read_bytes() == b"\0bc\0"
    file.truncate(2)
    file.close()
    disk.rename(path, tmp_path / "other")
    assert (tmp_path / "other").read_bytes() == b"\0b"
    disk.remove(tmp_path / "other")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, DiskFullError),
        (errno.EDQUOT, DiskFullError),
        (errno.EFBIG, DiskFullError),
        (errno.EIO, DiskBrokenError),
    ],
)
def test_errors_by_name(tmp_path, code, kind):
    error = named(OSError(code, os.strerror(code)), "sync", tmp_path / "file")
    assert type(error) is kind
    assert str(error) == f"cannot sync {tmp_path / 'file'}: {errno.errorcode[code]}, {os.strerror(code)}"


def test_each_operation_names_its_error(tmp_path):
    disk, missing = RealDisk(), tmp_path / "missing" / "file"
    file = disk.create(tmp_path / "file", 1)
    with pytest.raises(DiskBrokenError, match=r"cannot open .*ENOENT"):
        disk.open(missing)
    with pytest.raises(DiskBrokenError, match=r"cannot rename .*ENOENT"):
        disk.rename(missing, tmp_path / "other")
    with pytest.raises(DiskBrokenError, match=r"cannot remove .*EISDIR|cannot remove .*EPERM"):
        disk.remove(tmp_path)
    with pytest.raises(DiskBrokenError, match=r"cannot make the folder of .*"):
        disk.create(tmp_path / "file" / "below", 1)
    file.close()
    file.close()
    # A pipe can do none of these.
    file._handle, other = os.pipe()
    with pytest.raises(DiskBrokenError, match=r"cannot write .*ESPIPE"):
        file.write(b"a", 0)
    with pytest.raises(DiskBrokenError, match=r"cannot sync .*EINVAL"):
        file.sync()
    with pytest.raises(DiskBrokenError, match=r"cannot truncate .*EINVAL"):
        file.truncate(0)
    file.close()
    os.close(other)


def test_whatever_an_array_is_made_of_its_bytes_are_written(tmp_path):
    with (tmp_path / "file").open("w+b") as file:
        write_whole(file.fileno(), np.zeros((0, 3)).data, 9)
        write_whole(file.fileno(), np.array([[1, 2], [3, 4]], np.uint16).data, 1)
        assert file.read() == b"\0\1\0\2\0\3\0\4\0"


def test_a_limit_on_the_size_of_files_is_a_full_disk(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        with pytest.raises(DiskFullError, match="EFBIG"):
            RealDisk().create(tmp_path / "file", 2_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_folder_is_for_one_at_a_time(tmp_path):
    with locked(tmp_path / "service"):
        with pytest.raises(InUseError, match="in use by another service"), locked(tmp_path / "service"):
            pass
        script = "import sys; from pathlib import Path; from engines.service.disk import locked\nwith locked(Path(sys.argv[1])): pass"
        other = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "service")], capture_output=True, text=True, check=False
        )
        assert other.returncode == 1
        assert "InUseError" in other.stderr
    with locked(tmp_path / "service"):
        pass


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DiskBrokenError, match="cannot lock"), locked(tmp_path / "file"):
        pass
