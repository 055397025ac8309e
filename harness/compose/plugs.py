"""Finds what is plugged in: engines, scenarios, profiles, checks, formats. Folders are the registries."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import harness
from harness.base import discover
from harness.base.capabilities import Conventions, Instrument
from harness.base.controls import NO_CONTROLS, Controls
from harness.base.errors import SetupError
from harness.base.judgement import EngineIdentity
from harness.checks import CheckPlug
from harness.compose.guard import Guarded
from harness.engine_file import OBJECT, EngineFile, read_engine_file
from harness.evidence.host import source
from harness.flows import Flow
from harness.policy import BUILT_IN, Known, LoadedPolicy, read_policy
from harness.port import Engine, EngineSetup
from harness.relations import Relation
from harness.scenario import Scenario
from harness.verdict.heard import Rule

CHECKS, FLOWS, PROBES, INSTRUMENTS = "harness.checks", "harness.flows", "harness.probes", "harness.instruments"
BENCHES, RELATIONS = "harness.bench", "harness.relations"
ADAPTERS, SPECIMENS, SCENARIOS, FORMATS = "engines.adapters", "engines.specimens", "scenarios", "reports.formats"
PAGES = "reports"
KINDS = {
    "engine": ADAPTERS, "specimen": SPECIMENS, "scenario": SCENARIOS, "flow": FLOWS, "check": CHECKS,
    "probe": PROBES, "instrument": INSTRUMENTS, "format": FORMATS, "bench": BENCHES, "relation": RELATIONS,
}  # fmt: skip
"""What `gonogo list` lists: kind -> package."""
DATA_VARIABLE = "GONOGO_DATA"
FILES = (".py", ".toml", ".so")
"""How the paths of a user's engine end."""
SCENARIO_FILES = (".py", ".toml")
"""How those of a user's scenarios end."""


def is_own(engine: str) -> bool:
    """Whether an engine's name is of one of the user's, a path or `module:attribute`, and not of a bundled one."""
    return engine.endswith(FILES) or ":" in engine


class EngineChoice(NamedTuple):
    """An engine by name, before it is built."""

    name: str
    """What the user calls it: a bundled one's name; the path of an engine.toml, of an adapter file or of a shared library; or module:attribute, behind
    its folder where that is another one."""
    adapter: str
    build: Any = None
    """A specimen's engine; None: the adapter's own."""
    file: EngineFile | None = None
    source: bytes = b""
    """The bytes of its engine.toml; of a shared library those that would say the same."""

    def engine(
        self, instruments: tuple[Instrument, ...], conventions: Conventions | None, controls: Controls = NO_CONTROLS
    ) -> Engine:
        """Build it, not started, held to the port.

        Raises:
            SetupError: the adapter cannot be built or does not say what it offers.
        """
        make = discover.load(ADAPTERS, self.adapter, "ENGINE")
        try:
            made = make(EngineSetup(instruments, conventions, self.build, controls, self.file))
        except SetupError:
            raise
        except (Exception, SystemExit) as error:
            raise SetupError(f"the adapter {self.adapter} cannot be built: {type(error).__name__}: {error}") from error
        return Guarded(made)

    @property
    def bundled(self) -> bool:
        """Whether it is of gonogo's own source."""
        return not is_own(self.name)

    def identity(self, engine: Engine) -> EngineIdentity:
        """Which build this is: a bundled engine is of gonogo's own source, another one says its name and lies in its own."""
        commit, dirty = source(Path(harness.__file__).parent if self.bundled else Path(self.name).resolve().parent)
        name = self.name if self.bundled else engine.name
        return EngineIdentity(name=name, version=engine.version, commit=commit, dirty=dirty)

    def argument(self) -> str:
        """What names it on the command line, from any folder."""
        return self.name if self.bundled else str(Path(self.name).resolve())


def engine(name: str) -> EngineChoice:
    """The engine of this name, or of the engine.toml, adapter file or shared library at this path.

    Raises:
        SetupError: there is none, or its file cannot be used.
    """
    if name in discover.names(SPECIMENS):
        plug = discover.load(SPECIMENS, name, "SPECIMEN")
        return EngineChoice(name, plug.base, plug.build)
    if name.endswith(".toml"):
        return _described(name)
    if name.endswith(".so"):
        return _loaded(name)
    if ":" in name:
        return _made(name)
    if name in discover.names(ADAPTERS) or name.endswith(".py"):
        return EngineChoice(name, name)
    known = ", ".join(discover.names(ADAPTERS))
    raise SetupError(
        f"there is no engine {name!r}; there are: {known}; `gonogo list specimen` names those that are broken on purpose; or give the path of an engine.toml, of an adapter file (.py) or of a shared library (.so), or module:attribute"
    )


def _loaded(path: str) -> EngineChoice:
    """The engine that is a shared library of the C ABI, as an engine.toml would tell it."""
    if not Path(path).is_file():
        raise SetupError(f"there is no shared library at {path}")
    words = (json.dumps(word) for word in (Path(path).stem, str(Path(path).resolve())))
    told = 'schema = 1\nname = {}\nadapter = "c_abi"\n\n[library]\npath = {}\n'.format(*words)
    return EngineChoice(path, "c_abi", file=EngineFile.model_validate(tomllib.loads(told)), source=told.encode())


def _made(name: str) -> EngineChoice:
    """The engine that is a Python object, as an engine.toml would tell it."""
    place = Path(name)
    if not re.match(OBJECT, place.name):
        raise SetupError(f"{name!r} is no module:attribute, such as src/matching.book:Engine")
    words = (json.dumps(word) for word in (place.name, place.name, str(place.parent.resolve())))
    told = 'schema = 1\nname = {}\nadapter = "python"\n\n[python]\nobject = {}\npath = [{}]\n'.format(*words)
    return EngineChoice(name, "python", file=EngineFile.model_validate(tomllib.loads(told)), source=told.encode())


def _described(path: str) -> EngineChoice:
    """The engine of an engine.toml, through the adapter that it names."""
    file, told = read_engine_file(Path(path))
    bundled = discover.names(ADAPTERS)
    if file.adapter in bundled:
        return EngineChoice(path, file.adapter, file=file, source=told)
    if not file.adapter.endswith(".py"):
        raise SetupError(
            f"the engine file {path} names the adapter {file.adapter!r}; there are: {', '.join(bundled)}; "
            "or give the path of an adapter file (.py)"
        )
    return EngineChoice(path, str(Path(path).parent / file.adapter), file=file, source=told)


def healthy() -> tuple[str, ...]:
    """The bundled engines that run inside gonogo: those that specimens are held against, thousands of tapes each."""
    made = {name: discover.load(ADAPTERS, name, "ENGINE") for name in discover.names(ADAPTERS)}
    offered = {name: getattr(one, "capabilities", None) for name, one in made.items()}
    return tuple(name for name, known in offered.items() if known is not None and known.answers_at_once)


@cache
def checks() -> Mapping[str, CheckPlug]:
    """Every check, by name; looked up once, since whoever shrinks a tape asks for them a thousand times."""
    return {name: discover.load(CHECKS, name, "CHECK") for name in discover.names(CHECKS)}


@cache
def relations() -> Mapping[str, Relation]:
    """Every relation, by name; looked up once, as checks are."""
    return {name: discover.load(RELATIONS, name, "RELATION") for name in discover.names(RELATIONS)}


def rule(plug: CheckPlug) -> Rule:
    """What the judge must know of a check."""
    return Rule(needs=plug.needs, marks=plug.marks, least=plug.least, metrics=plug.metrics)


def policy(path: Path | None) -> LoadedPolicy:
    """The policy of a file, or the built-in one."""
    plugs = checks()
    metrics = {metric.name: (name, metric.unit) for name, plug in plugs.items() for metric in plug.metrics}
    return read_policy(path or BUILT_IN, Known(checks=frozenset(plugs), metrics=metrics))


def use_of(loaded: LoadedPolicy, asked: str) -> str:
    """The use that decides: the one asked for, else the policy's own.

    Raises:
        SetupError: the policy knows no such use.
    """
    use = asked or loaded.policy.default_use
    if use not in loaded.policy.use:
        raise SetupError(f"the policy knows no use {use!r}; it knows: {', '.join(loaded.policy.use)}")
    return use


def profiles() -> dict[str, tuple[str, ...]]:
    """Every profile and its scenarios, by name."""
    folder = discover.folder_of(SCENARIOS) / "profiles"
    return {path.stem: tuple(tomllib.loads(path.read_text())["scenarios"]) for path in sorted(folder.glob("*.toml"))}


def cases() -> dict[str, str]:
    """Every hand-made case and what it is about, by name; read without the flow that plays them."""
    files = sorted((discover.folder_of(SCENARIOS) / "cases").glob("*.toml"))
    found = [case for path in files for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]]
    return {case["name"]: case["about"] for case in found}


def scenario_names(asked: tuple[str, ...]) -> tuple[str, ...]:
    """The scenarios that the words mean: a profile stands for its scenarios.

    Raises:
        SetupError: a word names neither.
    """
    known = profiles()
    names: list[str] = []
    for word in asked:
        if word not in known and word not in discover.names(SCENARIOS) and not word.endswith(SCENARIO_FILES):
            raise SetupError(
                f"there is no profile or scenario {word!r}; profiles: {', '.join(known)}; "
                f"scenarios: {', '.join(discover.names(SCENARIOS))}; or give the path of a scenario file (.py), or of a recording's map (.toml)"
            )
        names += known.get(word, (word,))
    return tuple(dict.fromkeys(names))


def scenario(name: str) -> Scenario:
    """The scenario of this name or path; a recording's map is one too."""
    if name.endswith(".toml"):
        return _recorded(Path(name))
    found = discover.load(SCENARIOS, name, "SCENARIO")
    if not isinstance(found, Scenario):
        raise SetupError(f"SCENARIO in {name} is {type(found).__name__}; wanted a harness.scenario.Scenario")
    if not isinstance(found.flow, Flow):
        raise SetupError(
            f"the flow of SCENARIO in {name} is {type(found.flow).__name__}; wanted a flow such as PoissonFlow()"
        )
    return found


def _recorded(path: Path) -> Scenario:
    """The replay of the recording that a map is of, to its end."""
    from harness.flows.replay import ReplayFlow
    from harness.instruments._ask import NO_BOUND
    from harness.instruments.drive import Drive
    from harness.wire.recording_map import read_map

    return Scenario(
        about=f"replay of the recording {read_map(path).file.name}", flow=ReplayFlow(path, "map"),
        instrument=Drive(commands=NO_BOUND, snapshot_every=10_000),
    )  # fmt: skip


def data_file(name: str, folder: Path | None) -> Path | str:
    """Where a recorded file lies: in the data folder, else among the bundled ones; or, in words, that it is nowhere."""
    asked = folder or (Path(os.environ[DATA_VARIABLE]) if os.environ.get(DATA_VARIABLE) else None)
    if asked is not None and not asked.is_dir():
        raise SetupError(f"the data folder {asked} is not there; name it with --data or in {DATA_VARIABLE}")
    places = [place for place in (asked, discover.folder_of(SCENARIOS) / "data") if place is not None]
    for place in places:
        if (place / name).is_file():
            return place / name
    looked = f"looked in {asked}" if asked else f"give its folder with --data or in {DATA_VARIABLE}"
    return f"the recorded file {name} is not here ({looked})"
