"""The key of the compiled kernels follows every source that is part of one, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.base import kernels
from harness.base.kernels import cache_folder, compiled, key_of, sources

ROOT = Path(__file__).parents[4]
FILES = {
    "harness/base/words.py": "LIMIT = 3\n",
    "harness/base/idle.py": "UNUSED = 1\n",
    "engines/fast/helpers.py": "from harness.base.words import LIMIT\n\ndef _add(x):\n    return x + LIMIT\n",
    "engines/fast/kernel.py": "from engines.fast.helpers import _add\nfrom harness.base.kernels import compiled\n",
    "engines/slow/plain.py": "from harness.base import idle\n",
}


@pytest.fixture
def tree(tmp_path):
    for name, source in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return tmp_path


def test_sources_are_the_kernels_and_all_that_they_import(tree):
    names = [str(path.relative_to(tree)) for path in sources(tree)]
    assert names == ["engines/fast/helpers.py", "engines/fast/kernel.py", "harness/base/words.py"]


@pytest.mark.parametrize("name", ["engines/fast/helpers.py", "engines/fast/kernel.py", "harness/base/words.py"])
def test_an_edit_of_any_of_them_changes_the_key(tree, name):
    before = key_of(tree)
    (tree / name).write_text(FILES[name] + "# edited\n")
    assert key_of(tree) != before


def test_an_edit_elsewhere_does_not(tree):
    before = key_of(tree)
    (tree / "harness/base/idle.py").write_text("UNUSED = 2\n")
    (tree / "engines/slow/plain.py").write_text("")
    assert key_of(tree) == before


def test_a_package_that_is_imported_from_counts_with_the_file_that_is_named(tree):
    (tree / "engines/fast/kernel.py").write_text(
        "from harness.base import idle\nfrom harness.base.kernels import compiled\n"
    )
    assert tree / "harness/base/idle.py" in sources(tree)


def test_checked_bounds_are_other_code(tree, monkeypatch):
    monkeypatch.delenv("NUMBA_BOUNDSCHECK", raising=False)
    before = key_of(tree)
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    assert key_of(tree) != before


def test_the_reference_engine_is_among_the_sources():
    names = {str(path.relative_to(ROOT)) for path in sources(ROOT)}
    assert {"engines/reference/kernel.py", "engines/reference/ids.py", "harness/base/reasons.py"} <= names
    assert "engines/plain/engine.py" not in names


def test_the_folder_is_the_users_own(tmp_path, monkeypatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = cache_folder()
    assert folder == tmp_path / "gonogo" / "kernels" / key_of(ROOT)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_where_the_first_folder_cannot_be_made_the_next_is_taken(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert cache_folder() == tmp_path / "cache" / "gonogo" / "kernels" / key_of(ROOT)


def test_a_folder_of_somebody_else_is_not_trusted(tmp_path, monkeypatch):
    """Whoever can write there decides what code this process runs."""
    monkeypatch.setattr(kernels, "_bases", lambda: iter([tmp_path]))
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    assert cache_folder() is None


def _double(x):
    return x * 2


def test_a_function_is_compiled_and_keeps_its_source():
    double = compiled(_double)
    assert double(21) == 42
    assert double.py_func is _double


def test_an_inner_function_becomes_part_of_its_caller():
    inner = compiled(_double, inner=True)

    def _four_times(value):
        return inner(inner(value))

    four_times = compiled(_four_times)
    assert four_times(21) == 84
    assert (inner.py_func, inner.targetoptions["forceinline"]) == (_double, True)


def test_an_inner_function_can_be_called_from_python_although_it_has_no_entry_for_it():
    inner = compiled(_double, inner=True)
    assert inner.targetoptions["no_cpython_wrapper"]
    assert [inner(21), inner(1.5)] == [42, 3.0]


LISTING = """
from harness.base import discover
from harness.compose.plugs import KINDS
for package in KINDS.values():
    for name in discover.names(package):
        discover.about(package, name)
"""


@pytest.mark.parametrize(
    "code",
    [
        LISTING,
        "import harness.cli.app",
        "from engines.adapters.reference import ENGINE",
    ],
)
def test_listing_and_help_import_no_numba(code):
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print('numba' in sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "False"
