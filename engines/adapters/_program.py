"""The program that an engine.toml tells of: built once, started at ports of its own, waited for until it is ready, ended.

Whatever goes wrong is an `EngineStartError` with the last lines of its log: gate 0, and no fault of gonogo.
"""

from __future__ import annotations

import http.client
import re
import socket
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import msgspec

from engines.adapters._listening import Address, Listening, name_of
from engines.adapters._process import Log, Process
from engines.adapters._verify import verified
from harness.base.ending import Ended, Ending
from harness.base.errors import EngineStartError
from harness.engine_file import Build, EngineFile, Ready, filled
from harness.port import Processes
from harness.target.tree import family

LOOK_S = 0.005
"""How often it is looked whether a program is ready."""
CLIENTS = ("docker", "kubectl", "nerdctl", "ssh", "systemctl")
"""Commands that ask a service, or another machine, to start the engine: what they start themselves is none of it. By the names that the kernel has of them."""
TRY_S = 1.0
"""How long one try to connect may take."""


class _End(NamedTuple):
    """How a program ended."""

    how: str
    tail: str
    """The last of its log, to stand behind a message."""


class Program:
    """The engine of a file as a program; where it has none to start, what runs at its endpoints."""

    def __init__(self, file: EngineFile, *, speaks: bool = False) -> None:
        self._file = file
        self._speaks = speaks
        self._values: dict[str, str] = {}
        self._prints_to: Path | None = None
        self._log: Log | None = None
        self.leaves: Path | None = None
        """A folder that goes with gonogo, should that be killed while the program runs."""
        self._end: _End | None = None
        """Of a program that was told to end; None where it was not."""
        self._has_failed = False
        self.process: Process | None = None
        self._listening = Listening()

    def log_to(self, path: Path) -> None:
        """Where it prints to from its next start on."""
        self._prints_to = path

    def start(self) -> None:
        """Build it if nobody did, start it, and wait until it is ready.

        Raises:
            EngineStartError: it does not build, does not start, ends, or is not ready in time.
        """
        self.end(graceful=False)
        start = self._file.start
        if start is None:
            return
        if self._file.build and (failed := _built(_Job.of(self._file.build))):
            raise EngineStartError(failed)
        self._end, self._has_failed = None, False
        self._draw_ports()
        command = [filled(word, self._values) for word in start.command]
        env = {name: filled(value, self._values) for name, value in start.env.items()}
        self._log = Log(self._prints_to)
        self.process = Process(
            command, start.cwd, env, self._log, speaks=self._speaks, leaves=self.leaves, memory_mib=start.memory_mib
        )
        if start.ready:
            try:
                self._wait(self.process, start.ready, start.timeout_s)
            except BaseException:
                # Also where the user ends the wait.
                self.end(graceful=False)
                raise

    def address(self, endpoint: str) -> Address:
        """Where it listens for what the file calls so.

        Raises:
            EngineStartError: the file names no such endpoint.
        """
        told = self._file.endpoints.get(endpoint)
        if told is None:
            raise EngineStartError(f"the engine file names no endpoint {endpoint!r}; it names: {', '.join(self._file.endpoints) or 'none'}")  # fmt: skip
        return _address(filled(told, self._values))

    def connect(self, endpoint: str) -> socket.socket:
        """A connection to it, tried until it starts to listen.

        Raises:
            EngineStartError: it does not take one in the time that it has to start.
        """
        address = self.address(endpoint)
        give_up = time.monotonic() + (self._file.start.timeout_s if self._file.start else TRY_S)
        while True:
            try:
                return socket.create_connection(address, TRY_S)
            except OSError as error:
                if time.monotonic() >= give_up or self._has_ended():
                    where = f"{address.host}:{address.port}"
                    raise EngineStartError(self.fail(f"cannot connect to the engine at {where}: {error}")) from error
            time.sleep(LOOK_S)

    def processes(self) -> Processes:
        """Those of the program by now; where gonogo does not start it, of whoever listens at its endpoints. Any thread may ask."""
        process, start = self.process, self._file.start
        if start is not None:
            own = process.pids() if process is not None else ()
            # The command may be a client, or a script, sudo or env that starts one.
            names = (Path(start.command[0]).name, *map(name_of, family(own)))
            if client := next((name for name in names if name in CLIENTS), ""):
                return Processes("unknown", why=f"{client} has others start it")
            return Processes("own", own)
        return self._listening.at(
            tuple(dict.fromkeys(_address(filled(told, {})) for told in self._file.endpoints.values()))
        )

    def fail(self, why: str, wait_s: float = 0.0) -> str:
        """End what is left of it; why it failed, how it ended if it did so by itself, and the last of its log: once, however often it is asked.

        One that broke off may take `wait_s` to end, so that its exit code can be told.
        """
        if self.process is None or self._has_failed:
            return why
        self._has_failed = True
        ended = self.process.how_it_ended(wait_s)
        # Only of a program that is gone the whole log is there.
        self.process.kill()
        return f"{why}{'; ' if ended else ''}{ended}{self.process.tail()}"

    def end(self, *, graceful: bool) -> None:
        """End it; safe to call twice."""
        if self.process is not None:
            self.process.end(self._file.stop, graceful=graceful)
            if graceful:
                self._end = _End(self.process.how_it_ended(), self.process.tail())
            self.process = None
        if self._log is not None:
            self._log.close()
            self._log = None

    def ended(self) -> Ended | None:
        """How it ended when it was told to, and what the file's [verify] says of what it keeps; None where neither tells."""
        if self._end is None or not self._file.says_how_it_ended:
            return None
        wanted, verify = self._file.stop.exit_code, self._file.verify
        wrong = ""
        if wanted is not None and self._end.how != f"it ended with exit code {wanted}":
            wrong = f"{self._end.how}; a good end has exit code {wanted}{self._end.tail}"
        if verify is None:
            return Ended(Ending(wrong=wrong))
        ending, fills = verified(verify, self._values, self._prints_to)
        return Ended(msgspec.structs.replace(ending, wrong=wrong), fills)

    def _draw_ports(self) -> None:
        """Free ports, each drawn while the others are held: else two names could get one."""
        names = self._file.ports()
        held = [socket.create_server(("127.0.0.1", 0)) for _ in names]
        self._values = {name: str(one.getsockname()[1]) for name, one in zip(names, held, strict=True)}
        for one in held:
            one.close()
        if self._file.paths.data:
            self._values["data"] = str(self._file.paths.data)

    def _has_ended(self) -> bool:
        return self.process is not None and self.process.has_ended()

    def _wait(self, process: Process, ready: Ready, timeout_s: float) -> None:
        give_up = time.monotonic() + timeout_s
        while not self._is_ready(process, ready):
            if process.has_ended():
                raise EngineStartError(self.fail("the engine ended before it was ready"))
            if time.monotonic() >= give_up:
                raise EngineStartError(self.fail(f"the engine was not ready within {timeout_s:g} s"))
            time.sleep(LOOK_S)

    def _is_ready(self, process: Process, ready: Ready) -> bool:
        if ready.tcp:
            return _takes_connections(_address(filled(ready.tcp, self._values)))
        if ready.http:
            return _answers(filled(ready.http, self._values))
        return bool(re.search(filled(ready.stdout or "", self._values), process.printed(), re.MULTILINE))


class _Job(NamedTuple):
    """A build, so that the same one is done once."""

    command: tuple[str, ...]
    cwd: Path
    env: tuple[tuple[str, str], ...]
    timeout_s: float

    @classmethod
    def of(cls, build: Build) -> _Job:
        return cls(tuple(build.command), build.cwd, tuple(build.env.items()), build.timeout_s)


@cache
def _built(job: _Job) -> str:
    """Build it; why that failed, or nothing."""
    log = Log()
    try:
        process = Process(job.command, job.cwd, dict(job.env), log)
        ended = process.how_it_ended(job.timeout_s)
        process.kill()
        if not ended:
            return f"the engine was not built within {job.timeout_s:g} s{process.tail()}"
        return "" if ended.endswith("exit code 0") else f"the engine does not build: {ended}{process.tail()}"
    except EngineStartError as error:
        return f"the engine does not build: {error}"
    finally:
        log.close()


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    return Address(host, int(port))


def _takes_connections(address: Address) -> bool:
    with suppress(OSError), socket.create_connection(address, TRY_S):
        return True
    return False


def _answers(url: str) -> bool:
    """Whether it is answered without an error; no proxy stands between gonogo and an engine."""
    opener = build_opener(ProxyHandler({}))
    with suppress(URLError, OSError, http.client.HTTPException), opener.open(url, timeout=TRY_S):
        return True
    return False
