"""Finds plugs: the folder is the registry, each file one plug under one fixed public name.

Listing is cheap: `names` looks at file names only, `about` reads the docstring without running the file, and `load` imports
one file when it is used.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import sys
import traceback
from pathlib import Path
from typing import Any

from harness.base.errors import SetupError


def names(package: str) -> tuple[str, ...]:
    """The plugs of a package, by file name, sorted."""
    folder = folder_of(package)
    return tuple(sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")))


def about(package: str, name: str) -> str:
    """The first line of a plug's docstring, read without importing it."""
    tree = ast.parse((folder_of(package) / f"{name}.py").read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or "").split("\n")[0]


def load(package: str, name: str, attribute: str) -> Any:
    """The plug `name` of a package, or of the file when `name` is a path to a Python file.

    Raises:
        SetupError: there is no such plug, or its file lacks the public name.
    """
    if name.endswith(".py"):
        module = _module_of_path(Path(name))
    elif name in names(package):
        module = importlib.import_module(f"{package}.{name}")
    else:
        known = ", ".join(names(package))
        raise SetupError(
            f"there is no {attribute.lower()} named {name!r}; there are: {known}; or give a path to a .py file"
        )
    if not hasattr(module, attribute):
        raise SetupError(f"{module.__file__} has no public name {attribute}; a plug file defines exactly that one")
    return getattr(module, attribute)


def folder_of(package: str) -> Path:
    """Where a package's files lie."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SetupError(f"the package {package} is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


def _module_of_path(path: Path) -> Any:
    """Run a user's file as a module; its own folder is importable while it is loaded, as if it had been started itself."""
    if not path.is_file():
        raise SetupError(f"there is no file {path}")
    spec = importlib.util.spec_from_file_location(f"gonogo_plug_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise SetupError(f"{path} cannot be imported as Python")
    module = importlib.util.module_from_spec(spec)
    folder = str(path.resolve().parent)
    sys.path.append(folder)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        # SystemExit too: a file that asks to end must not end gonogo with an exit code that reads as a verdict.
        raise SetupError(f"{path} cannot be loaded: {_place(error, path)}{type(error).__name__}: {error}") from error
    finally:
        sys.path.remove(folder)
    return module


def _place(error: BaseException, path: Path) -> str:
    """The line of the user's file at which it went wrong, if it was in that file."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == path]
    return f"line {lines[-1]}: " if lines else ""
