"""Walks all that a service keeps in a folder and says what it is worth, without changing anything and without a service.

Recovery looks only at what it needs. This reads every snapshot, every entry of the journal and every batch of the trail, and has the commands behind
the newest snapshot carried out, to see that they give as many events as the trail tells.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from engines.service.config import DEFAULT, read_config
from engines.service.configuration import Configuration
from engines.service.errors import StorageError
from engines.service.gateway.retelling import events_of_trail
from engines.service.recovery import SNAPSHOTS, TRAIL, Plan, judge, rebuild
from engines.service.scan import commands_between
from engines.service.snapshots import Broken, load, stored
from engines.service.trail_files import read_head
from engines.service.trail_reading import Verified
from engines.service.trail_reading import verify as verify_trail
from harness.base.errors import SetupError
from harness.base.records import EventKind
from harness.wire.json_lines import encode_events


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and whether a service may go on from it."""

    lines: tuple[str, ...]
    """In words; the last one is `clean`, `complete up to N` with why, or `refused` with the file and the byte."""
    is_usable: bool


def verify(folder: Path, configuration: Configuration) -> Report:
    """Look at a folder. While a service works in it, what is told is of some moment meanwhile."""
    lines = _of_snapshots(folder, configuration.identity())
    try:
        trail = verify_trail(folder / TRAIL, configuration.identity())
        lines.append(f"trail: {trail.batches} batches, {trail.events} events, hash {trail.hash}")
        plan = judge(folder, configuration)
        lines.append(_of_journal(plan))
        rebuild(plan)
    except StorageError as error:
        return Report((*lines, f"refused: {error}"), is_usable=False)
    if trail.wrong and _is_lost_for_good(folder, trail, plan):
        return Report((*lines, f"refused: the audit trail: {trail.wrong}"), is_usable=False)
    # Without a batch there is nothing that a head could be missing for.
    lines += [f"trail: {trail.wrong}"] if trail.wrong and trail.batches else []
    return Report((*lines, plan.said()), is_usable=True)


def verify_service(
    config: Path | None, data: Path | None, out: TextIO | None = None, *, fills: TextIO | None = None
) -> bool:
    """Say what the folder of a configuration is worth; whether a service may go on from it.

    Each fill of the audit trail goes to `fills` as a line of JSON, if that is given, as far as the trail is intact.

    Raises:
        SetupError: the configuration cannot be used, or there is no such folder.
    """
    told = read_config(config or DEFAULT)
    folder = data or told.service.data
    if not folder.is_dir():
        raise SetupError(f"there is no folder {folder}; --data says which to verify")
    report = verify(folder, told.configuration())
    print("\n".join(report.lines), file=out or sys.stdout, flush=True)
    if fills is not None:
        print_fills(folder / TRAIL, told.configuration().identity(), fills)
    return report.is_usable


def print_fills(trail: Path, identity: bytes, out: TextIO) -> None:
    """Each fill of a trail as a line of JSON, as far as the trail is intact: that it is not is for others to say."""
    with suppress(StorageError):
        for events in events_of_trail(trail, identity):
            lines = encode_events(events[events["kind"] == EventKind.TRADE])
            out.write(lines.decode())
    out.flush()


def tell_fills(config: Path | None, data: Path | None) -> bool:
    """The same with the fills on standard output, and what is said of the folder on standard error."""
    return verify_service(config, data, sys.stderr, fills=sys.stdout)


VERIFY, FILLS = verify_service, tell_fills


def _is_lost_for_good(folder: Path, trail: Verified, plan: Plan) -> bool:
    """Whether recovery would not tell again what is wrong: it lies before the end that it reads, or all batches are whole and not those of the head."""
    head = read_head(folder / TRAIL)
    return trail.events < plan.trail.event or (head is not None and head.batch <= trail.batches)


def _of_snapshots(folder: Path, identity: bytes) -> list[str]:
    found = [(path.name, load(path, identity)) for path in stored(folder / SNAPSHOTS)]
    return [f"{name}: {one.why}" if isinstance(one, Broken) else f"{name}: whole" for name, one in found]


def _of_journal(plan: Plan) -> str:
    """Reads the entries that a snapshot spares recovery. Raises RefusedError."""
    segments = plan.tail.segments
    first = segments[0].first if segments else 1
    count = sum(len(commands) for _, commands in commands_between(segments, first - 1, plan.complete))
    told = f"journal: {count} commands, {first} to {plan.complete}, in {len(segments)} segments"
    return told if count else "journal: no command"
