"""A configuration as a file of TOML: strings, numbers and lists are written there as in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


def as_toml(config: dict[str, Any]) -> str:
    """Sections, lists of tables, and sections that hold such lists."""
    return "\n".join(line for name, section in config.items() for line in _table(name, section))


def _table(name: str, section: Any) -> Iterator[str]:
    if isinstance(section, list):
        for one in section:
            yield f"[[{name}]]"
            yield from (f"{key} = {_value(value)}" for key, value in one.items())
    elif any(isinstance(value, list) and value and isinstance(value[0], dict) for value in section.values()):
        for key, tables in section.items():
            yield from _table(f"{name}.{key}", tables)
    else:
        yield f"[{name}]"
        yield from (f"{key} = {_value(value)}" for key, value in section.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    return json.dumps(value)
