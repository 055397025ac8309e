"""Files that a person writes in TOML: how they are read, and how every mistake in one is told at once, with its place.

A policy, an engine's description and a service's configuration each say what may stand in them; that is all in which they differ.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from pydantic import BaseModel, ConfigDict, ValidationError

from harness.base.errors import SetupError

Model = TypeVar("Model", bound=BaseModel)
Declared = TypeVar("Declared", bound=msgspec.Struct)


class Strict(BaseModel):
    """A table in which nothing may stand but what is declared: a misspelt word would else count as absent."""

    # Made ready at the first file that is read: the tables of engine.toml take 40 ms, and most commands read none.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def read_written(path: Path, model: type[Model], what: str, context: object = None) -> tuple[Model, bytes]:
    """The file as the model has it, and its bytes; `what` names such a file in messages.

    Raises:
        SetupError: it is missing, no TOML, or says something that cannot be; the message tells every mistake.
    """
    try:
        source = path.read_bytes()
        raw = tomllib.loads(source.decode("utf-8"))
    except OSError as error:
        raise SetupError(f"cannot read the {what} {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetupError(f"the {what} {path} is no valid TOML: {error}") from error
    try:
        return model.model_validate(raw, context=context), source
    except ValidationError as error:
        raise SetupError(f"the {what} {path} cannot be used:\n{_mistakes(error)}") from error


def declared(kind: type[Declared]) -> Callable[[Any], Declared]:
    """Reads a table as one of the words of `harness.base`, for use as a validator; what is such a word already stays."""

    def read(raw: Any) -> Declared:
        if isinstance(raw, kind):
            return raw
        if wrong := _wrong(raw, kind):
            raise ValueError("; ".join(wrong))
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            raise ValueError(str(error)) from error

    return read


def _wrong(raw: Any, kind: type[msgspec.Struct]) -> list[str]:
    """What is wrong with each field by itself: msgspec tells the first alone, and passes over what it does not know."""
    if not isinstance(raw, dict):
        return ["wanted a table"]
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    wrong = []
    if strange := [name for name in raw if name not in fields]:
        wrong.append(f"there is no {', '.join(map(repr, strange))}; there are: {', '.join(fields)}")
    if missing := [name for name, field in fields.items() if field.required and name not in raw]:
        wrong.append(f"{', '.join(missing)} is missing")
    for name in (name for name in fields if name in raw):
        of = fields[name].type
        if isinstance(of, type) and issubclass(of, msgspec.Struct):
            wrong += [f"{name}: {said}" for said in _wrong(raw[name], of)]
        else:
            wrong += [f"{name}: {said}" for said in _misfit(raw[name], of)]
    return wrong


def _misfit(value: Any, kind: Any) -> list[str]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        return [f"{error} (came: {value!r})"]
    return []


def _mistakes(error: ValidationError) -> str:
    """Every mistake on a line: where, what is wrong, what came."""
    return "\n".join(
        f"  {'.'.join(map(str, one['loc'])) or 'file'}: {_reason(one['msg'], one['input'])}"
        for one in error.errors(include_url=False)
    )


def _reason(message: str, came: Any) -> str:
    message = message.removeprefix("Value error, ")
    return message if isinstance(came, dict | list) else f"{message} (came: {came!r})"
