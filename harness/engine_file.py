"""engine.toml: an engine under test, told in one file: how it is built, started and stopped, where it listens, what it is.

A place in the file may hold `{port}` or `{port_NAME}`, which is a free TCP port, the same wherever the name stands and another one at each
start, or `{data}`, the folder of `[paths]`. Any other braces stay as they are. Paths are relative to the file, and absolute once it is read.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec
from pydantic import AfterValidator, Field, PlainValidator, ValidationInfo, field_validator, model_validator

from harness.base.capabilities import Capabilities, Conventions, Instrument
from harness.base.written import Strict, declared, read_written

SCHEMA = 1
PLACEHOLDER = re.compile(r"\{(data|port(?:_\w+)?)\}")
ADDRESS = r"^[^\s:]+:(\d{1,5}|\{port(_\w+)?\})$"
OBJECT = r"^[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*$"
"""module:attribute"""
ORDERS = "orders"
"""The endpoint that commands go to, where no other is named."""

Seconds: TypeAlias = Annotated[float, Field(gt=0, le=3600)]
Signal: TypeAlias = Literal["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGKILL"]


def _absolute(path: Path, info: ValidationInfo) -> Path:
    return (info.context / path).resolve() if isinstance(info.context, Path) else path


Place: TypeAlias = Annotated[Path, AfterValidator(_absolute)]
"""A path from the folder of the file."""


class Ready(Strict):
    """When a started engine may be talked to; one of these, else as soon as it runs."""

    tcp: Annotated[str, Field(pattern=ADDRESS)] | None = None
    """Once a connection is taken there: `host:port`."""
    http: Annotated[str, Field(pattern=r"^http://\S+$")] | None = None
    """Once a GET of it is answered with a status below 400."""
    stdout: str | None = None
    """Once a line of what it prints, to its log too, is found by this regular expression."""

    @field_validator("stdout")
    @classmethod
    def _is_a_pattern(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"no regular expression: {error}") from error
        return pattern

    @model_validator(mode="after")
    def _says_one_thing(self) -> Ready:
        if sum(one is not None for one in (self.tcp, self.http, self.stdout)) != 1:
            raise ValueError("wanted one of tcp, http and stdout")
        return self


class Command(Strict):
    """A program, where it runs and with what beside gonogo's own environment. No shell stands between."""

    command: Annotated[list[str], Field(min_length=1)]
    cwd: Annotated[Place, Field(validate_default=True)] = Path()
    env: dict[str, str] = {}
    timeout_s: Seconds


class Build(Command):
    """Run once before the engine is first started; it must end with exit code 0."""

    timeout_s: Seconds = 120.0


class Start(Command):
    """The engine itself: it runs until it is told to stop."""

    timeout_s: Seconds = 10.0
    """How long it may take until it is ready."""
    memory_mib: Annotated[int, Field(ge=1, le=2**20)] | None = None
    """The most memory that it and all that it started may hold together; None: as much as the machine has."""
    ready: Ready | None = None


class Library(Strict):
    """An engine that is a shared library, in place of a program: it is loaded into a process of its own."""

    path: Place
    env: dict[str, str] = {}
    """Of that process, beside gonogo's own environment."""
    timeout_s: Seconds = 10.0
    """How long it may take to be loaded and begun."""
    memory_mib: Annotated[int, Field(ge=1, le=2**20)] = 8192
    """The most address space that it may take."""


class Python(Strict):
    """An engine that is a Python object, in place of a program: it is made in a process of its own."""

    object: Annotated[str, Field(pattern=OBJECT)]
    """`module:attribute`: a class, or a function that makes the engine."""
    path: Annotated[list[Place], Field(min_length=1, validate_default=True)] = [Path()]
    """Folders in which its modules are looked for, behind what is installed beside gonogo; it works in the first."""
    env: dict[str, str] = {}
    """Of that process, beside gonogo's own environment."""
    timeout_s: Seconds = 30.0
    """How long it may take to be imported and made."""
    memory_mib: Annotated[int, Field(ge=1, le=2**20)] = 8192
    """The most address space that it may take."""


class Stop(Strict):
    """How it is told to end, and how long that may take before it is killed."""

    signal: Signal = "SIGTERM"
    timeout_s: Seconds = 10.0
    exit_code: Annotated[int, Field(ge=0, le=255)] | None = None
    """What it ends with if all that it took was carried out and told; None: how it ends says nothing."""

    @property
    def number(self) -> int:
        """The signal as the kernel has it."""
        return int(signal.Signals[self.signal])


class Verify(Command):
    """Run once the engine has ended as it was told to; exit code 0 means that what the engine keeps is whole."""

    timeout_s: Seconds = 120.0
    fills: bool = False
    """Whether it prints each fill that the engine keeps, as a `trade` of JSON lines: match, price and qty."""


class Paths(Strict):
    """What of it lies where."""

    data: Place | None = None
    sources: list[Place] = []
    metrics_url: str | None = None


class Login(Strict):
    """A session of a protocol that asks who speaks: which account it trades for, and where."""

    endpoint: str = ORDERS
    account: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None
    """None: a session without an account, such as a drop copy's."""
    username: str = ""
    password: str = ""
    target: str = ""
    """The CompID of the engine, where its protocol has one; the username is then that of gonogo."""
    firm: Annotated[str, Field(max_length=4, pattern=r"^[!-~]*$")] = ""
    """Whose orders they are, where requests of its protocol name a firm."""


class EngineFile(Strict):
    """A whole file. `name` is the engine's in reports; `adapter` a bundled one, or the path of an adapter file."""

    schema_: Annotated[int, Field(alias="schema", ge=1, le=SCHEMA)]
    name: Annotated[str, Field(min_length=1)]
    version: str = ""
    """Empty: what the engine says of itself."""
    adapter: Annotated[str, Field(min_length=1)]
    build: Build | None = None
    start: Start | None = None
    """None: it runs already, and listens at its endpoints."""
    library: Library | None = None
    """For adapters that load one."""
    python: Python | None = None
    """For the adapter that makes one."""
    stop: Annotated[Stop, Field(default_factory=Stop)]
    """By a factory, as `paths`: a default would make all tables ready at import."""
    verify: Verify | None = None
    answer_timeout_s: Seconds = 10.0
    """How long it may take to answer what is no command, such as a request for its book."""
    endpoints: dict[str, Annotated[str, Field(pattern=ADDRESS)]] = {}
    """Where it listens, by what for."""
    session: list[Login] = []
    paths: Annotated[Paths, Field(default_factory=Paths)]
    instrument: list[Annotated[Instrument, PlainValidator(declared(Instrument))]] = []
    """What it trades, where it cannot be told; empty: what a scenario asks for."""
    capabilities: Annotated[Capabilities, PlainValidator(declared(Capabilities))] | None = None
    """None: what the adapter knows of it, or the engine says of itself."""
    conventions: Annotated[Conventions, PlainValidator(declared(Conventions))] | None = None

    def ports(self) -> list[str]:
        """The ports that it asks for, by name, each once."""
        texts = [*self.endpoints.values()]
        if self.start:
            texts += [*self.start.command, *self.start.env.values()]
            texts += self.start.ready.model_dump(exclude_none=True).values() if self.start.ready else ()
        found = (name for text in texts for name in PLACEHOLDER.findall(text) if name != "data")
        return list(dict.fromkeys(found))

    @property
    def ways(self) -> list[Start | Library | Python]:
        """How gonogo brings it up; none: it runs already."""
        return [way for way in (self.start, self.library, self.python) if way is not None]

    @property
    def says_how_it_ended(self) -> bool:
        """Whether its end tells anything."""
        return self.stop.exit_code is not None or self.verify is not None

    @model_validator(mode="after")
    def _can_be_reached(self) -> EngineFile:
        wrong = [f"session {one.username!r}: there is no endpoint {one.endpoint!r}" for one in self.session if one.endpoint not in self.endpoints]  # fmt: skip
        if not self.ways and not self.endpoints:
            wrong.append("wanted [start], [library] or [python], or [endpoints] where it runs already")
        if len(self.ways) > 1:
            wrong.append(
                "[start] is of a program, [library] of a shared library, [python] of an object: wanted one of them"
            )
        if self.start is None and self.endpoints and self.verify is not None:
            wrong.append("[verify] is run once the engine has ended: wanted [start] too")
        if self.start is None and any("{" in address for address in self.endpoints.values()):
            wrong.append("an engine that runs already listens at ports of its own, not at {port}")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


def to_json(file: EngineFile) -> str:
    """The file for another process; `EngineFile.model_validate_json` reads it."""
    return msgspec.json.encode(file.model_dump(by_alias=True, exclude_none=True), enc_hook=str).decode()


def read_engine_file(path: Path) -> tuple[EngineFile, bytes]:
    """The file, and its bytes.

    Raises:
        SetupError: it is missing, no TOML, or says something that cannot be; the message tells every mistake.
    """
    return read_written(path, EngineFile, "engine file", path.resolve().parent)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what its placeholders stand for; one that has no value stays."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
