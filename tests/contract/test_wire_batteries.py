"""The batteries by wire: the bundled service holds every row but those of what it does not offer, and each row tells a server that breaks its rule."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from harness.base.capabilities import Instrument
from harness.compose import plugs
from harness.conformance.wire.battery import ROWS, Battery
from harness.conformance.wire.script import Row
from harness.engine_file import Login
from harness.port import Door
from tests.fakes.deviating import Deviating
from tests.fakes.deviations import WAYS
from tests.fakes.fix_client import fix_config
from tests.fakes.offering import NOT_OFFERED_BY_THE_SERVICE, Offering
from tests.fakes.served import served

INSTRUMENTS = (Instrument(id=4, symbol="ONE", tick_1e9=10_000_000, price_max=10_000, qty_max=1_000),)
LOGINS = {
    "ouch": [
        Login(username=name, password="secret", account=account, firm="DEMO")
        for name, account in (("one", 11), ("two", 12))
    ],
    "fix": [
        Login(username=name, password="secret", account=account, target="DEMO")
        for name, account in (("FIXA", 16), ("FIXB", 17))
    ],
}
READY = Row("both sessions can be logged in to", "", ("begin", "2begin"))
"""Tried first by a battery of its own: it hears of the past, and takes back what a wrong server left there."""
PATIENT_S, HASTY_S = 5.0, 0.25
"""For answers that come; for those that must not be waited for."""


class Case(NamedTuple):
    """A row of a battery."""

    protocol: str
    battery: str
    row: Row


CASES = [
    Case(protocol, battery, row)
    for protocol, batteries in ROWS.items()
    for battery, rows in batteries.items()
    for row in rows
]
OF_THE_SERVICE = [case for case in CASES if case.row.name not in NOT_OFFERED_BY_THE_SERVICE]
NOT_OFFERED = [case for case in CASES if case.row.name in NOT_OFFERED_BY_THE_SERVICE]
named = {"ids": lambda case: f"{case.battery}: {case.row.name}"}


def battery(protocol: str, address: tuple[str, int], patience_s: float = PATIENT_S) -> Battery:
    return Battery([Door(protocol, address, login, INSTRUMENTS) for login in LOGINS[protocol]], patience_s)


@pytest.fixture(scope="module")
def deviating(tmp_path_factory) -> Iterator[dict[str, Deviating]]:
    """The service, behind who makes it a wrong one."""
    with served(tmp_path_factory.mktemp("venue"), fix_config()) as service:
        made = {"ouch": Deviating(service.address, "ouch"), "fix": Deviating(service.fix_address, "fix")}
        yield made
        for one in made.values():
            one.close()


@pytest.fixture(scope="module")
def patient(deviating) -> dict[str, Battery]:
    return {protocol: battery(protocol, relay.address) for protocol, relay in deviating.items()}


@pytest.mark.parametrize("case", OF_THE_SERVICE, **named)
def test_the_bundled_service_holds_every_row(deviating, patient, case):
    deviating[case.protocol].be("")
    tried = patient[case.protocol].hold(case.battery, case.row)
    assert tried.state == "held", tried


@pytest.mark.parametrize("case", OF_THE_SERVICE, **named)
def test_each_row_tells_a_server_that_breaks_its_rule(deviating, case):
    """A battery of its own, since a wrong server leaves one with a wrong memory."""
    hasty = battery(case.protocol, deviating[case.protocol].address, HASTY_S)
    assert hasty.hold(case.battery, READY).state == "held"
    deviating[case.protocol].be(WAYS[case.battery][case.row.name])
    try:
        tried = hasty.hold(case.battery, case.row)
    finally:
        deviating[case.protocol].be("")
    assert tried.state == "not held", tried
    assert tried.wanted in case.row.lines


@pytest.mark.parametrize("case", NOT_OFFERED, **named)
def test_what_the_service_does_not_offer_is_held_by_one_that_does(deviating, case):
    deviating["ouch"].be("")
    state = NOT_OFFERED_BY_THE_SERVICE[case.row.name]
    service = battery("ouch", deviating["ouch"].address, HASTY_S if state == "not held" else PATIENT_S)
    assert service.hold(case.battery, READY).state == "held"
    tried = service.hold(case.battery, case.row)
    assert tried.state == state, tried
    for wrong, wanted in (("", "held"), (case.row.name, "not held")):
        offering = Offering(wrong)
        try:
            acceptor = battery("ouch", offering.address, HASTY_S if wrong else PATIENT_S)
            assert acceptor.hold(case.battery, case.row).state == wanted
        finally:
            offering.close()


def test_an_engine_of_no_such_wire_has_no_doors():
    assert plugs.engine("plain").engine(INSTRUMENTS, None).doors() == ()


def test_each_row_has_a_name_a_clause_and_a_deviation():
    for name, rows in (pair for batteries in ROWS.values() for pair in batteries.items()):
        names = [row.name for row in rows]
        assert len(names) == len(set(names))
        assert set(names) - NOT_OFFERED_BY_THE_SERVICE.keys() == set(WAYS[name])
        assert all(row.clause.startswith(name) for row in rows)
