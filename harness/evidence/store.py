"""Reads and writes the JSON files of a run: one place that knows the schema rule and never leaves half a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

import msgspec

from harness.base.errors import EvidenceError

T = TypeVar("T")


class _Versioned(msgspec.Struct):
    schema: int


def write_json(path: Path, value: msgspec.Struct) -> None:
    """Write the struct, indented, keys in the order of its fields; the file is there whole or not at all."""
    write_bytes(path, msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")


def write_bytes(path: Path, body: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(body)
    os.replace(part, path)


def read_json(path: Path, kind: type[T], newest: int | None = None) -> T:
    """Read a stored struct; `newest` is the newest schema that this version understands.

    Raises:
        EvidenceError: the file is missing, is no JSON of this shape, or was written by a newer gonogo.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise EvidenceError(f"cannot read {path}: {error.strerror}; is this a whole run folder?") from error
    try:
        if newest is not None and (found := msgspec.json.decode(body, type=_Versioned).schema) > newest:
            raise EvidenceError(f"{path} has schema {found}, this gonogo reads up to {newest}; use a newer gonogo")
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise EvidenceError(f"{path} is not what it should be: {error}") from error
