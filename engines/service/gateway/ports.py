"""The logins of a service: what each port asked, what it is told, and who is connected to it now."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TypeAlias

import numpy as np

from engines.service.config import Port as PortSettings
from engines.service.gateway.deeds import Deeds
from engines.service.gateway.drop_copy import DropCopies, DropCopyLogin
from engines.service.gateway.fix_port import FixPort
from engines.service.gateway.ids import Parties, parties_of
from engines.service.gateway.intake import Intake, Owner, Refuse
from engines.service.gateway.json_port import JsonPort
from engines.service.gateway.marks import NO_MARKS, Marker, Marks
from engines.service.gateway.replies import packets_of
from engines.service.gateway.requests import Requests
from engines.service.gateway.streams import NO_MARK, Stream
from harness.base.records import Commands, Events, Int64Array
from harness.wire.ouch_symbols import Symbols
from harness.wire.soup import Login

REQUESTS, STREAM, DROP_COPY = "requests", ".stream", "drop_copy.stream"


class Port:
    """One login by OUCH, with all that it was ever told."""

    def __init__(self, settings: PortSettings, stream: Stream, intake: Intake) -> None:
        self.settings, self.stream = settings, stream
        self._intake = intake

    def bring(self, stream: bytes, packets: Int64Array, refuse: Refuse) -> None:
        """What its client sent."""
        self._intake.bring(self.settings.number, stream, packets, refuse)


class OuchPorts:
    """All that speak OUCH: what they ask and what they are told passes in batches for all of them."""

    def __init__(
        self, settings: Iterable[PortSettings], folder: Path, numbers: int, symbols: Symbols, firm: int, *,
        marks: Marks = NO_MARKS,
    ) -> None:  # fmt: skip
        """`numbers`: the highest that each may use. `marks`: where they go on."""
        logins = list(settings)
        owners = [Owner(one.number, one.account or 0) for one in logins]
        self._symbols = symbols
        self._requests = Requests(folder / REQUESTS, numbers, [one.port for one in owners])
        self.intake = Intake(owners, firm, self._requests, symbols)
        self.by_number = {one.number: self._port(one, folder, marks) for one in logins}
        for number, port in enumerate(self.by_number):
            self.intake.last[number] = self._requests.kept.told[number] = marks.last.get(port, 0)

    def tell(self, events: Events, parties: Parties) -> None:
        """Put what concerns each into its stream."""
        for told in packets_of(events, parties, self._requests, self._symbols):
            self.by_number[told.port].stream.append(told.packets, told.ends)

    def learn(self) -> None:
        """Take the numbers of all that was told as used."""
        np.maximum(self.intake.last, self.told(), out=self.intake.last)

    def told(self) -> Int64Array:
        """The highest number of each port, in their order, that an event told of."""
        return self._requests.kept.told[: len(self.by_number)]

    def close(self) -> None:
        """Give the files back."""
        self._requests.close()
        for port in self.by_number.values():
            port.stream.close()

    def _port(self, settings: PortSettings, folder: Path, marks: Marks) -> Port:
        name = f"{settings.number}{STREAM}"
        return Port(settings, Stream(folder / name, marks.streams.get(name, NO_MARK)), self.intake)


Trading: TypeAlias = Port | JsonPort | FixPort
"""What has a number of its own; an operator's too."""
OuchSeat: TypeAlias = Port | DropCopyLogin
Seat: TypeAlias = OuchSeat | JsonPort | FixPort
"""What a connection is once it is logged in."""


class Ports:
    """All of them, and the drop copy."""

    def __init__(
        self, ouch: OuchPorts, others: Iterable[JsonPort | FixPort], copies: DropCopies, deeds: Deeds,
        marker: Marker | None = None,
    ) -> None:  # fmt: skip
        self._ouch, self._copies, self._deeds, self._marker = ouch, copies, deeds, marker
        self._others = {port.settings.number: port for port in others}
        self.by_number: dict[int, Trading] = {**ouch.by_number, **self._others}

    def take(self) -> Commands:
        """The commands of what the clients of OUCH brought."""
        return self._ouch.intake.take()

    def tell(self, events: Events, *, again: bool = False) -> None:
        """Tell events to whom they concern; `again`: they were told before this start, and the streams are being made anew."""
        self._copies.tell(events)
        parties = parties_of(events)
        self._ouch.tell(events, parties)
        for number in parties.named.tolist():
            if port := self._others.get(number):
                port.tell(events, parties)
        if again:
            self._ouch.learn()
        else:
            self._deeds.tell(events, parties)
        if self._marker and len(events) and self._marker.told(int(events["engine_seq"][-1])):
            self.mark()

    def named(self, login: Login) -> Seat | None:
        """Whose login it is, if its password is right. Neither name nor password heeds case, as the protocol has it."""
        given = login.password.upper().encode()
        seats: list[Seat] = [*self.by_number.values(), *self._copies.logins]
        for seat in seats:
            if seat.settings.username.upper() == login.username.upper():
                return seat if hmac.compare_digest(seat.settings.password.upper().encode(), given) else None
        return None

    def of_account(self, account: int) -> list[Trading]:
        """The ports of an account."""
        return [port for port in self.by_number.values() if port.settings.account == account]

    def commands(self) -> int:
        """How many commands the requests of all became."""
        return self._ouch.intake.counts.commands + sum(port.commands for port in self._others.values())

    def request_counts(self) -> dict[str, int]:
        """What became of the requests of OUCH, over all ports."""
        return asdict(self._ouch.intake.counts)

    def mark(self) -> None:
        """Write down how far all streams are."""
        if self._marker is None:
            return
        streams = {f"{number}{STREAM}": port.stream.mark() for number, port in self._ouch.by_number.items()}
        last = dict(zip(self._ouch.by_number, self._ouch.told().tolist(), strict=True))
        self._marker.write(streams | {DROP_COPY: self._copies.stream.mark()}, last)

    def close(self) -> None:
        """Give the files back."""
        self._ouch.close()
        for other in self._others.values():
            if isinstance(other, FixPort):
                other.close()
        self._copies.stream.close()
