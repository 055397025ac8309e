"""What each stage of the service counts, and the sums that must hold between them: what went in came out, or is told to lie where it lies."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(slots=True)
class StageCounts:
    """Commands, then events, since the start. Each is written by one thread."""

    offered: int = 0
    """Commands that came to the ring and found room."""
    turned_back: int = 0
    """Commands that found none: whoever brought them keeps them and comes again."""
    own: int = 0
    """Commands that the service gave itself: ticks."""
    sequenced: int = 0
    """Commands that got their number and stamp, and went to the journal."""
    synced: int = 0
    """Commands that are as durable as the policy asks."""
    matched: int = 0
    """Commands that were carried out."""
    told: int = 0
    """Events that the engine told."""
    trailed: int = 0
    """Events that went into the audit trail."""
    bundled: int = 0
    """Events that went into bundles."""
    published: int = 0
    """Events that were handed to whoever sends them."""
    in_ring: int = 0
    """Commands that wait to be sequenced."""
    unsynced: int = 0
    """Events that wait for the journal."""
    in_bundles: int = 0
    """Events that wait in a bundle, or for room behind it."""

    def gaps(self) -> dict[str, int]:
        """What is missing between two stages, by their names; empty while all is accounted for."""
        lost = {
            "ring to sequence": self.offered + self.own - self.in_ring - self.sequenced,
            "sequence to match": self.sequenced - self.matched,
            "match to trail": self.told - self.unsynced - self.trailed,
            "trail to bundles": self.trailed - self.bundled,
            "bundles to publishing": self.bundled - self.in_bundles - self.published,
        }
        return {between: count for between, count in lost.items() if count}

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
