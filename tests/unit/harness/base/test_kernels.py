"""The key of the compiled kernels follows every source that is part of one, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.base import kernels
from harness.base.kernels import cache_folder, compiled, folder_of, key_of, sources

ROOT = Path(__file__).parents[4]
KERNEL = ROOT / "engines/reference/kernel.py"
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


def key(tree, name="engines/fast/kernel.py"):
    kernels._told.cache_clear()
    kernels._source.cache_clear()
    return key_of(tree, tree / name)


def test_sources_are_a_file_and_all_that_it_imports(tree):
    names = [str(path.relative_to(tree)) for path in sources(tree, [tree / "engines/fast/kernel.py"])]
    assert names == ["engines/fast/helpers.py", "engines/fast/kernel.py", "harness/base/words.py"]


@pytest.mark.parametrize("name", ["engines/fast/helpers.py", "engines/fast/kernel.py", "harness/base/words.py"])
def test_an_edit_of_any_of_them_changes_the_key(tree, name):
    before = key(tree)
    (tree / name).write_text(FILES[name] + "# edited\n")
    assert key(tree) != before


def test_an_edit_elsewhere_does_not(tree):
    before = key(tree)
    (tree / "harness/base/idle.py").write_text("UNUSED = 2\n")
    (tree / "engines/slow/plain.py").write_text("")
    assert key(tree) == before


def test_a_package_that_is_imported_from_counts_with_the_file_that_is_named(tree):
    (tree / "engines/fast/kernel.py").write_text(
        "from harness.base import idle\nfrom harness.base.kernels import compiled\n"
    )
    assert tree / "harness/base/idle.py" in sources(tree, [tree / "engines/fast/kernel.py"])


def test_checked_bounds_are_other_code(tree, monkeypatch):
    monkeypatch.delenv("NUMBA_BOUNDSCHECK", raising=False)
    before = key(tree)
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    assert key(tree) != before


def test_the_sources_of_a_kernel_are_found_through_all_its_layers():
    names = {str(path.relative_to(ROOT)) for path in sources(ROOT, [ROOT / "engines/service/risk/kernel.py"])}
    assert {"engines/reference/kernel.py", "engines/reference/ids.py", "harness/base/reasons.py"} <= names
    assert "engines/plain/engine.py" not in names


def test_the_folder_is_the_users_own(tmp_path, monkeypatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = folder_of(KERNEL)
    assert folder == tmp_path / "gonogo" / "kernels" / "engines.reference.kernel" / key_of(ROOT, KERNEL)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_where_the_first_folder_cannot_be_made_the_next_is_taken(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert folder_of(KERNEL).is_relative_to(tmp_path / "cache" / "gonogo" / "kernels")


def test_a_folder_of_somebody_else_is_not_trusted(tmp_path, monkeypatch):
    """Whoever can write there decides what code this process runs."""
    monkeypatch.setattr(kernels, "_bases", lambda: iter([tmp_path]))
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    assert (folder_of(KERNEL), cache_folder()) == (None, None)


def test_what_was_made_of_old_sources_goes_and_the_newest_stay(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    folders = []
    for number in range(kernels.VERSIONS + 2):
        monkeypatch.setenv("NUMBA_OPT", str(number))
        folders.append(folder_of(KERNEL))
        (folders[-1] / "code").write_text("")
        os.utime(folders[-1], (number, number))
    assert [folder.is_dir() for folder in folders] == [False, False] + [True] * kernels.VERSIONS


def test_the_folder_for_all_follows_each(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("NUMBA_OPT", "2")
    before = cache_folder()
    monkeypatch.setenv("NUMBA_OPT", "3")
    assert before != cache_folder()
    assert {KERNEL, ROOT / "harness/base/reasons.py"} <= set(sources(ROOT, kernels._kernels(ROOT)))


def _double(x):
    return x * 2


def test_a_function_is_compiled_and_keeps_its_source():
    double = compiled(_double)
    assert double(21) == 42
    assert double.py_func is _double


def test_what_closes_over_anything_is_not_kept():
    """Its folder would not follow the file that it has that from."""

    def _more(value):
        return value + more

    more = 2
    kept, made = compiled(_double), compiled(_more)
    assert (kept(1), made(1)) == (2, 3)
    assert (type(kept._cache).__name__, type(made._cache).__name__) == ("FunctionCache", "NullCache")


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


@pytest.mark.parametrize(("value", "loaded"), [("1", "False"), ("0", "True")])
def test_where_kernels_run_as_python_numba_is_not_loaded(value, loaded):
    told = subprocess.run(
        [sys.executable, "-c", "import sys\nfrom harness.base import histogram_kernel\nprint('numba' in sys.modules)"],
        cwd=ROOT, env=os.environ | {"NUMBA_DISABLE_JIT": value}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == loaded


def test_where_kernels_run_as_python_none_are_kept(monkeypatch):
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert cache_folder() is None
