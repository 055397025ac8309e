"""The logins of a service: what each port asked, what it is told, and who is connected to it now."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from engines.service.config import Port as PortSettings
from engines.service.gateway.deeds import Deeds
from engines.service.gateway.drop_copy import DropCopies, DropCopyLogin
from engines.service.gateway.ids import Parties, parties_of
from engines.service.gateway.intake import Intake, Owner
from engines.service.gateway.json_port import JsonPort
from engines.service.gateway.replies import packets_of
from engines.service.gateway.requests import Requests
from engines.service.gateway.streams import Stream
from harness.base.records import Events
from harness.wire.ouch_symbols import Symbols
from harness.wire.soup import Login


class Port:
    """One login, with all that it ever asked and was told."""

    def __init__(self, settings: PortSettings, folder: Path, numbers: int, symbols: Symbols, firm: int) -> None:
        self.settings = settings
        self._symbols = symbols
        self._requests = Requests(folder / f"{settings.number}.requests", numbers)
        self.intake = Intake(Owner(settings.number, settings.account or 0, firm), self._requests, symbols)
        self.stream = Stream(folder / f"{settings.number}.stream")

    def tell(self, events: Events, parties: Parties) -> None:
        """Put what concerns it into its stream."""
        self.stream.append(packets_of(self.settings.number, events, parties, self._requests, self._symbols))

    @property
    def commands(self) -> int:
        """How many its requests became."""
        return self.intake.counts.commands

    def learn(self, parties: Parties) -> None:
        """Take the numbers of events that are told again as used."""
        used = parties.numbers[parties.ports == self.settings.number]
        self.intake.last = max(self.intake.last, int(used.max(initial=0)))


Trading: TypeAlias = Port | JsonPort
"""What has a number of its own; an operator's too."""
OuchSeat: TypeAlias = Port | DropCopyLogin
Seat: TypeAlias = OuchSeat | JsonPort
"""What a connection is once it is logged in."""


class Ports:
    """All of them, and the drop copy."""

    def __init__(self, ports: Iterable[Trading], copies: DropCopies, deeds: Deeds) -> None:
        self._deeds = deeds
        self.by_number: dict[int, Trading] = {port.settings.number: port for port in ports}
        self._copies = copies

    def tell(self, events: Events, *, again: bool = False) -> None:
        """Tell events to whom they concern; `again`: they were told before this start, and the streams are being made anew."""
        self._copies.tell(events)
        parties = parties_of(events)
        for number in parties.named.tolist():
            if port := self.by_number.get(number):
                port.tell(events, parties)
                if again and isinstance(port, Port):
                    port.learn(parties)
        if not again:
            self._deeds.tell(events, parties)

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
        return sum(port.commands for port in self.by_number.values())

    def request_counts(self) -> dict[str, int]:
        """What became of the requests of OUCH, over all ports."""
        counts = [port.intake.counts for port in self.by_number.values() if isinstance(port, Port)]
        names = ("requests", "commands", "refused", "resent", "ignored")
        return {name: sum(getattr(one, name) for one in counts) for name in names}

    def close(self) -> None:
        """Give the files back."""
        for port in self.by_number.values():
            if isinstance(port, Port):
                port.stream.close()
        self._copies.stream.close()
