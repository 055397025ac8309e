"""What was driven: each scenario with its flow, its pace and how it ended."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from harness.base.errors import EvidenceError
from harness.evidence.archive import Archive
from harness.evidence.run import ScenarioRecord
from reports import figures
from reports.texts import Anchors, listed, sentence, spoken, titled

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """One scenario that left evidence."""

    anchor: str
    name: str
    about: str
    commands: int
    took: str
    pace: str
    """The rate that was asked for; "unpaced" where commands went out as fast as the engine took them."""
    status: str
    failure: str
    """What the engine failed with; empty if it did not."""
    settings: tuple[tuple[str, str], ...]
    """Everything that tells it from another scenario, in pairs of label and words."""


def driven(archive: Archive, anchors: Anchors) -> tuple[Driven, ...]:
    """Every scenario that left evidence, in the order they ran."""
    return tuple(_driven(archive.scenario(name), _senders(archive, name), anchors) for name in archive.run.scenarios)


def _driven(record: ScenarioRecord, senders: str, anchors: Anchors) -> Driven:
    name = record.name
    return Driven(
        anchor=anchors.give("scenario", name), name=name, about=sentence(record.about), commands=record.commands,
        took=figures.duration(record.duration_ns) if record.duration_ns > 0 else "no time",
        pace=figures.amount(record.rate_per_s, "1/s") if record.rate_per_s else "unpaced",
        status="; ".join(filter(None, (record.status, record.generator, record.short.words() if record.short else ""))),
        failure=record.failure, settings=_settings(record, senders),
    )  # fmt: skip


def in_words(recipe: str) -> str:
    """A flow or a pacing with its settings: `PoissonArrivals(rate_per_s=10)` gives "Poisson arrivals: rate 10/s".

    Settings that are not used (0, none, off, empty) are left out. What is no recipe stays as it is.
    """
    try:
        return _call(ast.parse(recipe, mode="eval").body)
    except (SyntaxError, ValueError, TypeError, OverflowError, RecursionError, MemoryError):
        return recipe


def _call(node: ast.expr) -> str:
    """The words of one call.

    Raises:
        ValueError: it is none, or a setting is neither a plain value nor such a call.
    """
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.args:
        raise ValueError("no recipe")
    name = _CAPITAL.sub(" ", node.func.id.removesuffix("Flow") or node.func.id).capitalize()
    settings = ", ".join(filter(None, (_keyword(one) for one in node.keywords)))
    return f"{name}: {settings}" if settings else name


def _keyword(one: ast.keyword) -> str:
    name = one.arg or ""
    if isinstance(one.value, ast.Call):
        return f"{spoken(name)} ({_call(one.value)})"
    value = ast.literal_eval(one.value)
    return _setting(name, value) if value else ""


def _settings(record: ScenarioRecord, senders: str) -> tuple[tuple[str, str], ...]:
    conventions = msgspec.structs.asdict(record.conventions)
    instrument = ", ".join(_setting(key, value) for key, value in record.settings.items() if value)
    flow = in_words(record.flow)
    # A flow that tells of itself under its own name would stand there twice.
    own = {key: value for key, value in record.notes.told.items() if titled(key) == flow.partition(":")[0]}
    pairs = (
        ("Flow", "; ".join([flow, *own.values()])),
        ("Pacing", in_words(record.pacing)),
        ("Stated peak", _peak(record)),
        ("Warm-up", _warm_up(record)),
        ("Conventions", ", ".join(f"{spoken(key)} {spoken(value)}" for key, value in conventions.items())),
        (titled(record.instrument), instrument),
        ("Sent by", senders),
        ("History", _bound(record)),
        ("Samples", record.processes.words() if record.processes else ""),
        *((titled(key), value) for key, value in record.notes.told.items() if key not in own),
    )
    return tuple((label, words) for label, words in pairs if words)


def _senders(archive: Archive, name: str) -> str:
    """How many workers, and of those on other machines how far their clocks were off; nothing where gonogo itself sent."""
    try:
        load = archive.load(name)
    except EvidenceError as error:
        return str(error)
    if load is None:
        return ""
    clocks = [
        f"{one.machine}: {'; '.join(filter(None, (one.clock.words(), one.clock.caveat())))}"
        for one in load.senders
        if one.clock
    ]
    return "; ".join((figures.counted(len(load.senders), "worker"), *clocks))


def _peak(record: ScenarioRecord) -> str:
    """The peak that the pacing is a multiple of, and where it is on record."""
    peak = record.peak
    return f"{peak.times:g} times {figures.amount(peak.commands_per_s, '1/s')} ({peak.source})" if peak else ""


def _warm_up(record: ScenarioRecord) -> str:
    """What of it is not timed."""
    took = figures.duration(record.warm_up_ns)
    return f"nothing that was due in the first {took} is timed" if record.warm_up_ns else ""


def _bound(record: ScenarioRecord) -> str:
    """What a bounded history may weigh, and what became of the judge beside the run."""
    if not record.history_bytes:
        return ""
    words = f"at most {figures.amount(record.history_bytes, 'B')} are kept, the rest was judged while the run went on"
    return f"{words}; the judge beside the run {record.beside}" if record.beside else words


def _setting(key: str, value: object) -> str:
    """A setting in words; one that is not used is left out by the caller."""
    if value is True:
        return spoken(key)
    name, said = _unit(key)
    parts = value if isinstance(value, list | tuple) else [value]
    words = listed([said(part) if isinstance(part, int | float) else str(part) for part in parts])
    return f"{spoken(name)} {words}"


def _unit(key: str) -> tuple[str, Callable[[float], str]]:
    """The name of a setting without its unit, and how its figures are said."""
    if key.endswith("_ns"):
        return key.removesuffix("_ns"), figures.duration
    if key.endswith("_per_s"):
        return key.removesuffix("_per_s"), lambda rate: figures.amount(rate, "1/s")
    return key, figures.digits
