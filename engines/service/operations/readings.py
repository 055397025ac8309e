"""What a scrape of the service reads: how much of everything, and how long it took. `docs/service.md` has them in a table.

What is read while other threads write it may be of slightly different moments.
"""

from __future__ import annotations

from engines.service.gateway.gateway import Gateway
from engines.service.gateway.ports import Ports
from engines.service.journal import Journal
from engines.service.keeping import KeptCounts
from engines.service.operations.memory import limit_bytes, resident_bytes
from engines.service.operations.metrics import Figure, Histogram, Metric
from engines.service.pipeline import Pipeline


def readings(
    pipeline: Pipeline, journal: Journal, gateway: Gateway, ports: Ports, now_ns: int, *, kept: KeptCounts, is_ready: bool, shut: int
) -> list[Figure]:  # fmt: skip
    """All of them; `shut` is how many accounts, firms and instruments are."""
    return [
        Metric("gonogo_ready", "gauge", "Whether clients may come.", {"": int(is_ready)}),
        *_amounts(pipeline, journal, gateway, ports),
        *_failures(gateway),
        *_kept(kept),
        Metric(
            "gonogo_shut", "gauge", "Accounts, firms and instruments that are killed, disabled or halted.", {"": shut}
        ),
        *_times(journal, gateway, now_ns),
        Metric("gonogo_memory_bytes", "gauge", "Memory that is resident.", {"": resident_bytes()}),
        Metric("gonogo_memory_limit_bytes", "gauge", "Memory that it may have.", {"": limit_bytes()}),
    ]


def _amounts(pipeline: Pipeline, journal: Journal, gateway: Gateway, ports: Ports) -> list[Figure]:
    counts = pipeline.counts
    commands = {stage: getattr(counts, stage) for stage in ("offered", "turned_back", "own", "sequenced", "matched")}
    events = {stage: getattr(counts, stage) for stage in ("told", "trailed", "published")}
    waiting = {"commands": pipeline.commands.pending(), "events": pipeline.events.pending()}
    requests = ports.request_counts()
    return [
        Metric(
            "gonogo_commands_total", "counter", "Commands by stage.", commands | {"synced": journal.synced}, "stage"
        ),
        Metric("gonogo_events_total", "counter", "Events by stage.", events | {"to_streams": gateway.told}, "stage"),
        Metric("gonogo_ring_records", "gauge", "Records that wait in a ring.", waiting, "ring"),
        Metric("gonogo_requests_total", "counter", "Requests of OUCH by what became of them.", requests, "outcome"),
        Metric("gonogo_connections", "gauge", "Connections.", {"": gateway.connections()}),
    ]


def _failures(gateway: Gateway) -> list[Figure]:
    figures = gateway.figures
    ended = {str(cause): count for cause, count in figures.ended.items()}
    return [
        Metric("gonogo_rejects_total", "counter", "What was refused, by reason.", figures.rejects(), "reason"),
        Metric("gonogo_disconnects_total", "counter", "Connections that ended, by why.", ended, "cause"),
        Metric("gonogo_errors_total", "counter", "What went wrong, by what it was.", figures.errors(), "kind"),
    ]


def _kept(kept: KeptCounts) -> list[Figure]:
    outcomes = {"stored": kept.stored, "failed": kept.failed}
    return [
        Metric("gonogo_snapshots_total", "counter", "Snapshots, by what became of them.", outcomes, "outcome"),
        Metric("gonogo_snapshot_command", "gauge", "The command of the newest snapshot.", {"": kept.last}),
        Metric("gonogo_snapshot_copy_seconds", "gauge", "The longest that the engine stood still for one.", {"": kept.copied_ns / 1e9}),
    ]  # fmt: skip


def _times(journal: Journal, gateway: Gateway, now_ns: int) -> list[Figure]:
    began_ns = journal.syncing_since_ns
    running_ns = 0 if began_ns is None else max(now_ns - began_ns, 0)
    return [
        Histogram(
            "gonogo_response_seconds", "From a command's socket to the sockets of those who are told of it.",
            gateway.figures.response_times.durations,
        ),
        Histogram("gonogo_journal_sync_seconds", "Syncs of the journal that answers wait for.", journal.sync_times),
        Metric("gonogo_journal_sync_running_seconds", "gauge", "How long the sync that is under way has taken.", {"": running_ns / 1e9}),
    ]  # fmt: skip
