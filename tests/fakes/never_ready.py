"""A part of the service that raises as it starts, when other threads of it run already: put in like a specimen, by the name `SPECIMEN`."""

from __future__ import annotations

from types import SimpleNamespace

from engines.service.gateway.gateway import Gateway


def build() -> None:
    """Put it into the service of this process."""

    def start(self: Gateway) -> None:
        raise RuntimeError("the gateway is out of order")

    Gateway.start = start


SPECIMEN = SimpleNamespace(build=build)
