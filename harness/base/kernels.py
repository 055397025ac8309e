"""Compiles kernels: plain functions over arrays become machine code, kept on disk under a key of all their sources.

numba keeps what it compiled beside a time stamp of the kernel's own file. An edit to a function that is inlined from another file,
or to a constant, would go unseen and old code would run in silence. So the folder is named by a hash of every file that holds a
kernel and of all that those files import; an edit makes a new folder.

A kernel is a plain function, compiled by assignment (`step = compiled(_step)`): so NUMBA_DISABLE_JIT=1 runs the source itself, and a
tool that mutates functions finds them. Only files that hold kernels import this one, and numba with it.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])

ROOT = Path(__file__).parents[2]
PACKAGES = ("harness", "engines")
_MARK = re.compile(r"^from harness\.base\.kernels import .*\bcompiled\b", re.MULTILINE)
_IMPORT = re.compile(r"^(?:from|import) ((?:harness|engines)[\w.]*)(?: import \(?([\w, ]*))?", re.MULTILINE)
_SETTINGS = ("NUMBA_BOUNDSCHECK", "NUMBA_OPT", "NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES")
"""What changes the code that numba makes and is not part of its own key."""


def compiled(function: Function, *, inline: bool = False, inner: bool = False) -> Function:
    """The function as machine code that holds no interpreter lock; with `inline` its source becomes part of each caller.

    With `inner` its machine code becomes part of theirs. That spares every call the handing over of its arrays, seven words each, and
    costs less to compile than `inline`, since its types are worked out once, and it gets no entry for Python. Python may call it all the
    same, as tests do: a kernel around it is compiled then.
    Unsigned indices are not checked, unless NUMBA_BOUNDSCHECK=1 asks for it.
    """
    numba = _numba()
    if numba.config.DISABLE_JIT:
        # Machine words wrap around; numpy's warn of it.
        return np.errstate(over="ignore")(function)
    made: Function = numba.njit(
        nogil=True,
        error_model="numpy",
        # Counting references to the arrays, at every step, made the book nine times slower; a kernel allocates nothing.
        _nrt=False,
        # What is kept holds all that was called: an inner one need not be kept by itself.
        cache=bool(numba.config.CACHE_DIR) and not inner,
        inline="always" if inline else "never",
        forceinline=inner,
        no_cfunc_wrapper=inner,
        no_cpython_wrapper=inner,
    )(function)
    if inner:
        # Called as it is, it would jump to nowhere.
        cast("Any", made).__class__ = _inner()
    return made


def cache_folder() -> Path | None:
    """Where the compiled kernels of these very sources are kept; None where no folder is safe to write."""
    for base in _bases():
        folder = base / key_of(ROOT)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        # What numba keeps is loaded as code: a folder of somebody else's could hold anything.
        if os.access(folder, os.W_OK) and base.stat().st_uid == os.getuid():
            return folder
    return None


def key_of(root: Path) -> str:
    """A hash of all kernel sources below `root` and of the settings that change what is made of them."""
    state = blake2b(digest_size=12)
    for path in sources(root):
        state.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    settings = [f"{name}={os.environ.get(name, '')}" for name in _SETTINGS]
    state.update("\n".join([sys.version, *settings]).encode())
    return state.hexdigest()


def sources(root: Path) -> list[Path]:
    """Every file that holds a kernel, and all that those import, sorted: a kernel holds their constants and inlined functions."""
    found: set[Path] = set()
    files = (path for package in PACKAGES for path in (root / package).rglob("*.py"))
    to_read = [path for path in files if _MARK.search(path.read_text(encoding="utf-8"))]
    while to_read:
        path = to_read.pop()
        if path not in found:
            found.add(path)
            to_read += _imported(root, path)
    return sorted(found)


def _imported(root: Path, path: Path) -> Iterator[Path]:
    """The files of ours that a file imports by name."""
    for module, names in _IMPORT.findall(path.read_text(encoding="utf-8")):
        stem = root.joinpath(*module.split("."))
        parts = [stem.with_suffix(".py"), *(stem / f"{name.strip()}.py" for name in names.split(","))]
        yield from (part for part in parts if part.is_file())


def _bases() -> Iterator[Path]:
    """Folders that only this user writes to, the best first."""
    asked, cache = os.environ.get("NUMBA_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME")
    if asked:
        yield Path(asked)
    if cache or Path("~").expanduser().is_dir():
        yield (Path(cache) if cache else Path("~/.cache").expanduser()) / "gonogo" / "kernels"
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
    """numba, told where to keep what it compiles before it compiles anything.

    Not by the environment: a child with other settings would inherit a folder of code that was made without them.
    """
    import numba  # noqa: PLC0415 - it costs half a second, and only who compiles a kernel should pay

    numba.config.CACHE_DIR = str(cache_folder() or "")
    return numba
