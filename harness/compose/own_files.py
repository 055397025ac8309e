"""The files that a load reads, by their digests: a worker on another machine reads its own, and only those that its own user named.

A master says what is to be sent, and may be anybody: it must not have a worker run a file or start a program.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import msgspec

from harness.base import discover
from harness.base.errors import SetupError
from harness.compose import plugs
from harness.engine_file import EngineFile, Paths, to_json
from harness.load.messages import Job, Seats


class OwnFiles(NamedTuple):
    """What the user of a worker lets it read."""

    scenarios: tuple[Path, ...] = ()
    data: Path | None = None

    def job(self, job: Job) -> Job:
        """The same job, by the files of this machine.

        Raises:
            SetupError: it asks for one that was not named here, or that is not the same.
        """
        scenario = self._scenario(job)
        if job.data_digest:
            found = recorded(scenario, self.data)
            if found is None or digest(found) != job.data_digest:
                raise SetupError(
                    f"the recorded data of {job.name} is {f'{found}, which is not what the master reads' if found else 'not here'}; name the folder with the same file with --data"
                )
        return msgspec.structs.replace(job, scenario=scenario, data=str(self.data or ""))

    def _scenario(self, job: Job) -> str:
        if not job.scenario_digest:
            if job.scenario not in discover.names(plugs.SCENARIOS):
                raise SetupError(f"the master asks for the scenario {job.scenario!r}, which is not bundled with gonogo")
            return job.scenario
        for path in self.scenarios:
            if path.suffix == Path(job.scenario).suffix and digest(path) == job.scenario_digest:
                return str(path)
        named = ", ".join(map(str, self.scenarios)) or "none"
        raise SetupError(
            f"the master asks for the scenario file {Path(job.scenario).name}, and this worker runs only files that it was given on its own command line; "
            f"given: {named}, wanted the same file, byte for byte"
        )


def known_scenarios(files: tuple[Path, ...]) -> tuple[Path, ...]:
    """The files, which are all there.

    Raises:
        SetupError: one is not, or is none of a scenario.
    """
    for path in files:
        if path.suffix not in plugs.SCENARIO_FILES or not path.is_file():
            raise SetupError(
                f"there is no scenario file {path}; wanted the path of one ({' or '.join(plugs.SCENARIO_FILES)})"
            )
    return tuple(path.resolve() for path in files)


def recorded(scenario: str, folder: Path | None) -> Path | None:
    """The recorded file that a scenario reads; None where it reads none, or it is not here."""
    if scenario.endswith(".toml"):
        from harness.wire.recording_map import read_map

        return read_map(Path(scenario)).file
    data = plugs.scenario(scenario).data
    found = plugs.data_file(data, folder) if data else None
    return found if isinstance(found, Path) else None


def digest(path: Path) -> str:
    """Of a file's bytes.

    Raises:
        SetupError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest()
    except OSError as error:
        raise SetupError(f"cannot read {path}: {error.strerror}") from error


def only_joining(seats: Seats) -> Seats:
    """The seats with what of the engine file says where it runs; nothing of it may be started or run here.

    Raises:
        SetupError: it asks for more than a connection by a bundled adapter.
    """
    file = EngineFile.model_validate_json(seats.engine)
    if (
        file.adapter not in discover.names(plugs.ADAPTERS)
        or file.ways
        or file.build
        or file.verify
        or not file.endpoints
    ):
        raise SetupError(
            f"the master asks for an engine by the adapter {file.adapter!r} that is to be started here; a worker only connects to one that runs"
        )
    alone = file.model_copy(update={"paths": Paths()})
    return msgspec.structs.replace(seats, engine=to_json(alone))
