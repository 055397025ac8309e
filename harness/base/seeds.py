"""One seed a run, with named sub-streams, so that a new consumer of randomness never shifts the draws of another."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np


@dataclass(frozen=True, slots=True)
class Seed:
    """A run's seed, or the branch of it that belongs to one name."""

    root: int
    path: tuple[str, ...] = ()

    def branch(self, name: str) -> Seed:
        """The seed of one part of the run."""
        return Seed(self.root, (*self.path, name))

    def stream(self, name: str) -> np.random.Generator:
        """A generator that depends on the root, the path and `name`, and on nothing else."""
        key = blake2b("/".join((*self.path, name)).encode(), digest_size=16).digest()
        words = np.frombuffer(key, dtype="<u4").tolist()
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.root, spawn_key=words)))
