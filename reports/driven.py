"""What was driven: each scenario with its flow, its pace and how it ended."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from harness.evidence.archive import Archive
from harness.evidence.run import ScenarioRecord
from reports import figures
from reports.texts import Anchors, sentence, spoken, titled


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
    return tuple(_driven(archive.scenario(name), name, anchors) for name in archive.run.scenarios)


def _driven(record: ScenarioRecord, name: str, anchors: Anchors) -> Driven:
    return Driven(
        anchor=anchors.give("scenario", name), name=name, about=sentence(record.about), commands=record.commands,
        took=figures.duration(record.duration_ns) if record.duration_ns > 0 else "no time",
        pace=figures.amount(record.rate_per_s, "1/s") if record.rate_per_s else "unpaced",
        status=record.status, failure=record.failure, settings=_settings(record),
    )  # fmt: skip


def _settings(record: ScenarioRecord) -> tuple[tuple[str, str], ...]:
    conventions = msgspec.structs.asdict(record.conventions)
    instrument = ", ".join(_setting(key, value) for key, value in record.settings.items() if value)
    return (
        ("Flow", record.flow),
        ("Pacing", record.pacing),
        ("Conventions", ", ".join(f"{spoken(key)} {spoken(value)}" for key, value in conventions.items())),
        (titled(record.instrument), instrument),
        *((titled(key), value) for key, value in record.notes.told.items()),
    )


def _setting(key: str, value: int) -> str:
    """A setting of the instrument in words; 0 means that it is not used, and is left out by the caller."""
    if key.endswith("_ns"):
        return f"{spoken(key.removesuffix('_ns'))} {figures.duration(value)}"
    return f"{spoken(key)} {figures.count(value)}"
