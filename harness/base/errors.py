"""The two families of failure that are not findings: the run is not valid, or the engine did not live up to its port.

A finding is data and never an exception. `SetupError` says that gonogo was asked for something that cannot be; it ends in
exit code 64. `EngineError` says that the engine did not build, start, answer or stay alive; it is a result of the run.
"""

from __future__ import annotations


class SetupError(Exception):
    """The user's input cannot be used. The message says what came, what was wanted and where to look."""


class EvidenceError(SetupError):
    """A stored run cannot be read or was changed: a wrong magic, a newer version, a broken checksum, a missing file."""


class EngineError(Exception):
    """The engine failed as a process or as a speaker of its protocol."""


class EngineStartError(EngineError):
    """The engine did not build, did not import, or was not ready in time: gate 0."""


class EngineDiedError(EngineError):
    """The engine was there and is gone."""


class MisspokeError(EngineDiedError):
    """It, or its adapter, said what is no message of its protocol: a mistake of whoever speaks, and not of the book behind."""


class WireError(Exception):
    """Bytes that came over a wire are no message of its protocol. Whoever reads them says whose fault that is: the engine's or a client's."""
