"""A whole service, put together: recovered from its folder, served, drained, and counted at the end.

Begins and ends in this order: folder, journal and trail, streams, pipeline, gateway; then no more is taken, what was taken is carried out and
told, a snapshot is kept, and the files are closed in good order.
"""

from __future__ import annotations

import os
import secrets
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from engines.service.audit_trail import AuditTrail
from engines.service.config import ServiceConfig
from engines.service.disk import RealDisk, locked
from engines.service.gateway.connection import Times
from engines.service.gateway.door import Listeners
from engines.service.gateway.gateway import Gateway
from engines.service.gateway.opening import opened_ports
from engines.service.gateway.warming import warm
from engines.service.journal import Journal
from engines.service.keeping import Keeper, Places
from engines.service.operations.clock import ServiceClock
from engines.service.operations.logs import Log
from engines.service.operations.metrics import Figure, exposition
from engines.service.operations.pages import Pages
from engines.service.operations.readings import readings
from engines.service.pipeline import Pipeline, PipelineSettings
from engines.service.recovery import JOURNAL, SNAPSHOTS, TRAIL, Plan, judge, rebuild, tell_again
from harness.base.errors import SetupError
from harness.base.records import CommandKind, Commands, empty_commands
from harness.wire.soup import SESSION

PORTS, SESSION_FILE = "ports", "session"
MS, US = 1_000_000, 1_000


class Service:
    """Made: recovered and listening, but serving nobody yet."""

    def __init__(self, config: ServiceConfig, folder: Path, clock: ServiceClock, log: Log) -> None:
        """Recover and listen.

        Raises:
            SetupError: it cannot listen there.
            StorageError: the folder is in use, or its files must not be trusted.
        """
        self._config, self._folder, self._clock, self._log = config, folder, clock, log
        self._configuration = config.configuration()
        self._identity = self._configuration.identity()
        self._disk = RealDisk()
        with ExitStack() as opened:
            opened.enter_context(locked(folder))
            where = config.listeners
            listeners = Listeners(
                *(opened.enter_context(_listener(where.host, at)) for at in (where.ouch, where.json_lines, where.fix))
            )
            self.address: tuple[str, int] = listeners.ouch.getsockname()[:2]
            """Of OUCH."""
            self.json_address: tuple[str, int] = listeners.json_lines.getsockname()[:2]
            self.fix_address: tuple[str, int] = listeners.fix.getsockname()[:2]
            began_ns = clock.now_ns()
            warm(self._configuration, folder)
            log.say("warmed", ms=self._ms_since(began_ns))
            began_ns = clock.now_ns()
            plan = judge(folder, self._configuration)
            self._engine = rebuild(plan)
            executor = opened.enter_context(ThreadPoolExecutor(2, "gonogo-files"))
            self._journal = Journal(
                folder / JOURNAL, self._identity, plan.tail,
                disk=self._disk, executor=executor, clock=clock, policy=config.journal.policy(), room=config.journal.segment_commands,
            )  # fmt: skip
            opened.callback(self._journal.abandon)
            self._trail = AuditTrail(folder / TRAIL, self._identity, plan.trail, disk=self._disk, executor=executor)
            opened.callback(self._trail.abandon)
            tell_again(plan, self._engine, lambda events, last: self._trail.append(events, last, self._journal.durable))
            ms = self._ms_since(began_ns)
            log.say("recovered", complete=plan.complete, clean=plan.clean, said=plan.said(), ms=ms)
            began_ns = clock.now_ns()
            self._ports, after = opened_ports(
                config,
                folder / PORTS,
                folder / TRAIL,
                identity=self._identity,
                event=self._engine.engine_seq,
                say=log.say,
            )
            log.say("streams made again", ms=self._ms_since(began_ns), events=self._engine.engine_seq - after)
            opened.callback(self._ports.close)
            self._keeper = self._made_keeper(plan)
            opened.callback(self._keeper.close)
            self._pipeline = self._made_pipeline(plan, clock)
            times = config.sessions
            self._gateway = Gateway(
                listeners, self._pipeline, self._ports, session=_session(folder),
                times=Times(times.heartbeat_ms * MS, times.idle_ms * MS, times.login_ms * MS),
                say=lambda event, about: log.say(event, about=about), now_ns=clock.now_ns,
            )  # fmt: skip
            self._is_ready = False
            pages = _pages(where.host, where.http, self)
            opened.callback(pages.close)
            self.http_address = pages.address
            if plan.complete:
                self._gateway.cancel_orders_of_absent()
            self._opened = opened.pop_all()

    def start(self) -> None:
        """Serve."""
        self._keeper.start()
        self._pipeline.start()
        self._gateway.start()
        self._is_ready = True

    def failure(self) -> Exception | None:
        """What it died of, if it did."""
        return self._pipeline.failure or self._gateway.failure or self._keeper.failure

    def is_ready(self) -> bool:
        """Whether clients may come."""
        return self._is_ready and self.failure() is None

    def metrics(self) -> list[Figure]:
        """How much of everything."""
        return readings(
            self._pipeline, self._journal, self._gateway, self._ports, self._clock.now_ns(),
            kept=self._keeper.counts, is_ready=self.is_ready(), shut=self._engine.shut(),
        )  # fmt: skip

    def end(self) -> bool:
        """Take no more, carry out and tell what was taken, and close; whether all of it came through and the counts balance."""
        self._is_ready = False
        timeout_ns = self._config.service.drain_ms * MS
        with self._opened:
            is_quiet = self._gateway.stop_taking(timeout_ns)
            is_drained = self._pipeline.drain(timeout_ns)
            self._gateway.finish(timeout_ns)
            self._ports.mark()
            self._keeper.close()
            if is_drained and self._trail.position.command == self._journal.durable:
                # So that the next start replays nothing.
                self._keeper.keep(self._journal.durable)
            counts = self._pipeline.snapshot_counts()
            gaps = counts.gaps() | self._gaps(counts.offered, counts.published)
            failure = self.failure()
            self._log.say(
                "drained", "info" if is_drained and not gaps else "error", in_time=is_quiet and is_drained,
                failure="" if failure is None else f"{type(failure).__name__}: {failure}", gaps=str(gaps), **counts.as_dict(),
            )  # fmt: skip
            if is_drained:
                self._trail.close()
                self._journal.close()
        return is_quiet and is_drained and not gaps and failure is None

    def _ms_since(self, began_ns: int) -> int:
        return (self._clock.now_ns() - began_ns) // MS

    def _gaps(self, offered: int, published: int) -> dict[str, int]:
        lost = {
            "sessions to ring": self._ports.commands() + self._gateway.own_commands - offered,
            "publishing to streams": published - self._gateway.told,
        }
        return {between: count for between, count in lost.items() if count}

    def _made_keeper(self, plan: Plan) -> Keeper:
        folder = self._folder
        places = Places(self._disk, folder / SNAPSHOTS, folder / JOURNAL, self._identity)
        return Keeper(
            self._engine, self._journal, self._trail, places, self._config.snapshots.keeping(),
            last=plan.snapshot.sequence if plan.snapshot else 0,
            stored=lambda snapshot, gone: self._log.say("kept", command=snapshot.sequence, segments_put_away=gone),
            failed=lambda error: self._log.say("not kept", "error", why=str(error)),
        )  # fmt: skip

    def _made_pipeline(self, plan: Plan, clock: ServiceClock) -> Pipeline:
        bundles = self._config.bundles
        settings = PipelineSettings(bundle_events=bundles.events, bundle_ns=bundles.oldest_us * US)
        return Pipeline(
            self._engine, self._journal, self._trail, settings,
            first=plan.complete + 1, stamp_ns=plan.stamp_ns(), now_ns=clock.now_ns, tick=_tick(), between=self._keeper.look,
        )  # fmt: skip


def _tick() -> Commands:
    """What the service gives itself when a pause is over and nobody sends anything."""
    tick = empty_commands(1)
    tick["kind"] = CommandKind.TICK
    return tick


def _pages(host: str, port: int, service: Service) -> Pages:
    def died_of() -> str:
        failure = service.failure()
        return "" if failure is None else f"{type(failure).__name__}: {failure}"

    try:
        return Pages(host, port, died_of, service.is_ready, lambda: exposition(service.metrics()))
    except OSError as error:
        raise SetupError(f"cannot listen on {host}:{port}: {error.strerror}") from error


def _listener(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=128)
    except OSError as error:
        raise SetupError(f"cannot listen on {host}:{port}: {error.strerror}") from error


def _session(folder: Path) -> str:
    """The name of the session that all ports have: one for each folder, so that numbers of another are never taken for its own."""
    path = folder / SESSION_FILE
    if not path.exists():
        part = path.with_suffix(".part")
        part.write_text(secrets.token_hex(SESSION // 2).upper(), encoding="ascii")
        os.replace(part, path)
    return path.read_text(encoding="ascii")
