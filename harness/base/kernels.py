"""Compiles kernels: plain functions over arrays become machine code, kept on disk under a key of all their sources.

numba keeps what it compiled beside a time stamp of the kernel's own file. An edit to a function that is inlined from another file,
or to a constant, would go unseen and old code would run in silence. So each file's kernels have a folder that is named by a hash of
the file and of all that it imports, and so on; an edit makes a new folder for those that it may change, and for no others.

A kernel is a plain function, compiled by assignment (`step = compiled(_step)`): so NUMBA_DISABLE_JIT=1 runs the source itself, and a
tool that mutates functions finds them. Only files that hold kernels import this one, and numba with it.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np

from harness.base.places import user_cache

Function = TypeVar("Function", bound=Callable[..., Any])

ROOT = Path(__file__).parents[2]
PACKAGES = ("harness", "engines")
_MARK = re.compile(r"^from harness\.base\.kernels import .*\bcompiled\b", re.MULTILINE)
_IMPORT = re.compile(r"^(?:from|import) ((?:harness|engines)[\w.]*)(?: import \(?([\w, ]*))?", re.MULTILINE)
_SETTINGS = ("NUMBA_BOUNDSCHECK", "NUMBA_OPT", "NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES")
"""What changes the code that numba makes and is not part of its own key."""
VERSIONS = 8
"""Of a file's kernels that are kept."""


def compiled(function: Function, *, inline: bool = False, inner: bool = False) -> Function:
    """The function as machine code that holds no interpreter lock; with `inline` its source becomes part of each caller.

    With `inner` its machine code becomes part of theirs. That spares every call the handing over of its arrays, seven words each, and
    costs less to compile than `inline`, since its types are worked out once, and it gets no entry for Python. Python may call it all the
    same, as tests do: a kernel around it is compiled then.
    Unsigned indices are not checked, unless NUMBA_BOUNDSCHECK=1 asks for it.
    """
    if is_python():
        # Machine words wrap around; numpy's warn of it.
        return np.errstate(over="ignore")(function)
    numba = _numba()
    # What a function closes over may come from any file.
    folder = None if inner or function.__closure__ else folder_of(Path(function.__code__.co_filename))
    # Not by the environment: a child with other settings would inherit a folder of code that was made without them.
    numba.config.CACHE_DIR = str(folder or "")
    made: Function = numba.njit(
        nogil=True,
        error_model="numpy",
        # Counting references to the arrays, at every step, made the book nine times slower; a kernel allocates nothing.
        _nrt=False,
        # What is kept holds all that was called, so that an inner one need not be kept by itself.
        cache=folder is not None,
        inline="always" if inline else "never",
        forceinline=inner,
        no_cfunc_wrapper=inner,
        no_cpython_wrapper=inner,
    )(function)
    if inner:
        # Called as it is, it would jump to nowhere.
        cast("Any", made).__class__ = _inner()
    return made


def is_python() -> bool:
    """Whether kernels are to run as they are written. Asked without numba: a process that compiles nothing need not load it."""
    return os.environ.get("NUMBA_DISABLE_JIT", "") not in ("", "0")


def cache_folder() -> Path | None:
    """A folder for these very sources of all kernels; None where none is safe to write, or nothing is compiled."""
    return None if is_python() else _folder("all", key_of(ROOT, *_kernels(ROOT)))


def folder_of(file: Path) -> Path | None:
    """Where the compiled kernels of a file are kept, as it is now; None where no folder is safe to write, or there is no such file."""
    if not file.is_file():
        return None
    is_ours = file.is_relative_to(ROOT)
    name = ".".join(file.relative_to(ROOT).with_suffix("").parts) if is_ours else file.stem
    return _folder(name, key_of(ROOT, file))


def key_of(root: Path, *files: Path) -> str:
    """A hash of some files below `root`, of all that they import, and of the settings that change what is made of them."""
    settings = [f"{name}={os.environ.get(name, '')}" for name in _SETTINGS]
    told = "\n".join([_told(root, files), sys.version, *settings])
    return blake2b(told.encode(), digest_size=12).hexdigest()


def sources(root: Path, files: Iterable[Path]) -> list[Path]:
    """The files and all that those import, sorted: a kernel holds their constants and inlined functions."""
    found: set[Path] = set()
    to_read = list(files)
    while to_read:
        path = to_read.pop()
        if path not in found:
            found.add(path)
            to_read += _source(root, path).imports
    return sorted(found)


def _kernels(root: Path) -> list[Path]:
    """Every file that holds a kernel."""
    files = (path for package in PACKAGES for path in (root / package).rglob("*.py"))
    return [path for path in files if _MARK.search(path.read_text(encoding="utf-8"))]


class _Source(NamedTuple):
    """What a file is to its kernels."""

    told: str
    """Its name and hash."""
    imports: tuple[Path, ...]
    """The files of ours that it imports by name."""


@lru_cache(maxsize=1_024)
def _source(root: Path, path: Path) -> _Source:
    """A file, read once however many kernels hold it."""
    raw = path.read_bytes()
    found: list[Path] = []
    for module, names in _IMPORT.findall(raw.decode()):
        stem = root.joinpath(*module.split("."))
        parts = [stem.with_suffix(".py"), *(stem / f"{name.strip()}.py" for name in names.split(","))]
        found += (part for part in parts if part.is_file())
    name = path.relative_to(root) if path.is_relative_to(root) else path
    return _Source(f"{name} {blake2b(raw, digest_size=12).hexdigest()}", tuple(found))


@lru_cache(maxsize=1_024)
def _told(root: Path, files: tuple[Path, ...]) -> str:
    """Each of the sources with its name and hash."""
    return "\n".join(_source(root, path).told for path in sources(root, files))


def _folder(name: str, key: str) -> Path | None:
    for base in _bases():
        folder = base / name / key
        try:
            is_new = not folder.is_dir()
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        # What numba keeps is loaded as code: a folder of somebody else's could hold anything.
        if os.access(folder, os.W_OK) and base.stat().st_uid == os.getuid():
            if is_new:
                _forget_oldest(folder.parent)
            return folder
    return None


def _forget_oldest(folder: Path) -> None:
    """Let go of what was made of sources long gone; who still needs it compiles it again."""
    with suppress(OSError):
        by_age = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for old in by_age[VERSIONS:]:
            shutil.rmtree(old, ignore_errors=True)


def _bases() -> Iterator[Path]:
    """Folders that only this user writes to, the best first."""
    asked, cache = os.environ.get("NUMBA_CACHE_DIR"), user_cache()
    if asked:
        yield Path(asked)
    if cache is not None:
        yield cache / "kernels"
    yield Path(tempfile.gettempdir()) / f"gonogo-kernels-{os.getuid()}"


@lru_cache(maxsize=1)
def _inner() -> type:
    """The class of inner kernels."""
    from numba.core.registry import CPUDispatcher  # noqa: PLC0415 - as below

    class Inner(CPUDispatcher):  # type: ignore[misc]
        """A kernel that only kernels call at once."""

        def __call__(self, *args: object) -> object:
            return self._outer(*args)

        @cached_property
        def _outer(self) -> Callable[..., object]:
            def outer(*args: object) -> object:
                return self(*args)

            made: Callable[..., object] = _numba().njit(outer)
            return made

        @classmethod
        def _reduce_class(cls) -> type:
            """What numba's key of a kernel that holds this one in a closure tells of it."""
            base: type = CPUDispatcher
            return base

    return Inner


@lru_cache(maxsize=1)
def _numba() -> Any:
    import numba  # noqa: PLC0415 - it costs half a second, and only who compiles a kernel should pay

    return numba
