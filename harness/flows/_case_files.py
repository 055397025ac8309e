"""Reads the hand-made cases from their TOML files, and tells everything that is wrong with them at once."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from harness.base.errors import SetupError
from harness.flows._case_lines import HOMES, command_of, expected_of, nth, times, unrolled

_LEFT = re.compile(r"[0-9][0-9_]* of #[0-9]{1,3}")


def _do(line: str) -> str:
    command_of(nth(line, times(line)))
    return line


def _expect(line: str) -> str:
    for each in unrolled(line):
        expected_of(each)
    return line


def _left(text: str) -> str:
    if not _LEFT.fullmatch(text):
        raise ValueError(f"came {text!r}; wanted QTY of #ID, such as '3 of #4'")
    return text


Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StepFile(_Strict):
    """One command and the events that must answer it, in order; a `times:` in `do` repeats the step, events and all."""

    do: Annotated[str, AfterValidator(_do)]
    expect: Annotated[list[Annotated[str, AfterValidator(_expect)]], Field(min_length=1)]


class WhenFile(_Strict):
    """The conventions under which the case is what it is; what is left out may be anything."""

    self_trade: tuple[Literal["none", "cancel_newest", "cancel_oldest", "cancel_both", "decrement"], ...] = ()
    replace_keeps_place: tuple[Literal["quantity_down", "never"], ...] = ()
    replace_quantity: tuple[Literal["open", "total"], ...] = ()
    stop_trigger: tuple[Literal["last_trade", "quote"], ...] = ()
    stop_order: tuple[Literal["price_time", "time"], ...] = ()
    stop_evaluation: tuple[Literal["command", "fill"], ...] = ()


class LimitsFile(_Strict):
    """What holds orders back on the case's instrument 1; its instrument 2 has no limits but the bounds of all cases."""

    price_step: Annotated[int, Field(ge=1)] | None = None
    accounts: tuple[Annotated[int, Field(ge=0, lt=HOMES)], ...] | None = None
    order_qty_max: Annotated[int, Field(ge=1)] | None = None
    order_value_max: Annotated[int, Field(ge=1)] | None = None
    collar_ticks: Annotated[int, Field(ge=1)] | None = None
    reference_price: int | None = None


class CaseFile(_Strict):
    """One case as it is written."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    about: Text
    """What must happen."""
    why: Text
    """The real bug that it would show."""
    when: WhenFile = WhenFile()
    limits: LimitsFile = LimitsFile()
    step: Annotated[list[StepFile], Field(min_length=1)]
    left: list[Annotated[str, AfterValidator(_left)]] = []
    """What rests or waits at the end, as `QTY of #ID`: the case ends by canceling exactly that."""


class _CasesFile(_Strict):
    schema_: Annotated[Literal[1], Field(alias="schema")]
    case: Annotated[list[CaseFile], Field(min_length=1)]


def read_cases(folder: Path) -> tuple[CaseFile, ...]:
    """All cases of a folder, by file name and then as they stand.

    Raises:
        SetupError: the folder holds no case, or something in it is wrong; all that is wrong is told.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise SetupError(f"there is no hand-made case in {folder}; wanted files such as {folder / 'matching.toml'}")
    wrong: list[str] = []
    cases: dict[str, CaseFile] = {}
    for path in paths:
        for case in _read(path, wrong):
            if case.name in cases:
                wrong.append(
                    f"{path}, case {case.name}, name: there is another case of that name; wanted a name of its own"
                )
            cases[case.name] = case
    if wrong:
        raise SetupError("the hand-made cases cannot be used:\n" + "\n".join(wrong))
    return tuple(cases.values())


def _read(path: Path, wrong: list[str]) -> list[CaseFile]:
    """The cases of one file; what is wrong with it is added to the list."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return _CasesFile.model_validate(raw).case
    except ValidationError as error:
        wrong += [f"{path}, {_where(raw, problem['loc'])}: {_what(problem)}" for problem in error.errors()]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        wrong.append(f"{path} is no TOML: {error}")
    return []


def _where(raw: dict[str, Any], loc: tuple[int | str, ...]) -> str:
    """The place in words: `case NAME, step 2, do`."""
    words: list[str] = []
    for part in loc:
        if isinstance(part, str):
            words.append(part)
        elif words == ["case"]:
            words[-1] = (
                f"case {raw['case'][part].get('name', part + 1) if isinstance(raw['case'][part], dict) else part + 1}"
            )
        else:
            words[-1] = f"{words[-1]} {part + 1}"
    return ", ".join(words)


def _what(problem: Any) -> str:
    """What came and what is wanted; the reader of lines tells both itself."""
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    if problem["type"] == "extra_forbidden":
        return "there is no such field"
    if problem["type"] == "missing":
        return "came nothing; wanted a value"
    return f"came {problem['input']!r}; {problem['msg']}"
