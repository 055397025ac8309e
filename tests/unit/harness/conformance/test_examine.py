"""An engine that differs in one way is found to differ in that way and in no other, and whose mistake it is is told."""

import sys
import tomllib
from functools import cache

import msgspec
import pytest

from harness.base.capabilities import Capabilities, Conventions
from harness.compose import plugs
from harness.compose.plugs import EngineChoice
from harness.conformance.examine import examine
from harness.conformance.proposal import proposal
from harness.engine_file import EngineFile
from tests.fakes.described import ROOT
from tests.fakes.mixed_flow import INSTRUMENTS

PROGRAM = ROOT / "tests/fakes/jsonl_deviating.py"
FOUND = {
    "not at all": [],
    "gives no acknowledgement": [("adapter", "a new order is not acknowledged")],
    "gives ids of its own": [("adapter", "orders are told under ids that the engine gave them")],
    "tells each side of a trade": [
        ("adapter", "a trade is told once a side"),
        ("adapter", "`trade` is without `maker`, which the capabilities say is carried"),
    ],
    "accepts twice": [("adapter", "a command is answered twice")],
    "names no command": [("adapter", "an event names no command that was sent")],
    "names another order": [
        ("adapter", "an answer names another order"),
        ("adapter", "an event names an order that was never sent"),
    ],
    "leaves out the price of a trade": [("adapter", "`trade` is without `price`, which the capabilities say is carried")],
    "scales prices": [("adapter", "an order is accepted with another price")],
    "never answers a cancel": [("adapter", "a command is not answered")],
    "refuses fok": [("declaration", "is declared, and refused")],
    "takes fok for ioc": [("engine", "is declared, taken, and carried out otherwise")],
    "hides ioc": [],
    "hides and ignores ioc": [],
    "says that it never keeps the place": [("declaration", "declared never; seen: quantity_down")],
    "says that it lets one trade with oneself": [("declaration", "declared none; seen: cancel_newest")],
    "cannot say another id": [],
    "forgets its book": [("adapter", "the book is not the one that the events told of, as (instrument, side, price, place, order, what is open)")],
    "resets nothing": [("adapter", "an order from before a reset is still there")],
}  # fmt: skip


def deviating(way):
    # It reads a few lines and may be started anew for each row: to load what compiles would take most of its time.
    start = {
        "command": [sys.executable, str(PROGRAM), way],
        "env": {"PYTHONPATH": str(ROOT), "NUMBA_DISABLE_JIT": "1"},
        "timeout_s": 60,
    }
    told = {"schema": 1, "name": "deviating", "adapter": "jsonl", "start": start}
    return EngineChoice("engine.toml", "jsonl", file=EngineFile.model_validate(told))


@cache
def examined(way):
    """The differences that are told, and the lines for engine.toml."""
    engine, seen = examine(deviating(way))
    return engine, seen


@pytest.mark.parametrize("way", FOUND)
def test_what_differs_is_found_and_told_and_nothing_else(way):
    _, seen = examined(way)
    wrong = [told for told in seen.told if told.state == "wrong"]
    assert [(told.whose, told.said) for told in wrong] == FOUND[way]
    assert all(told.sent and told.wanted for told in wrong)


@pytest.mark.parametrize(
    ("way", "whose", "said"),
    [("prints in between", "adapter", "Engine 3.1 says hello"), ("dies of a cancel", "engine", "exit code 3")],
)
def test_a_failure_is_told_and_after_three_nothing_more_is_tried(way, whose, said):
    _, seen = examined(way)
    wrong = [told for told in seen.told if told.state == "wrong"]
    assert [(told.whose, said in told.said) for told in wrong] == 3 * [(whose, True)]
    assert seen.told[-1].said == "not tried: it failed 3 times"


def test_a_wrong_match_is_the_engines():
    _, seen = examined("trades at another price")
    wrong = [told for told in seen.told if told.state == "wrong"]
    assert {told.whose for told in wrong} == {"engine"}
    first = wrong[0]
    assert first.what == "a trade at the maker's price"
    assert first.sent.splitlines()[-1] == "new buy 101 x 2 #2 (account 2, instrument 1)"
    assert (first.came.splitlines()[-1], first.wanted) == (
        "trade #2 with #1 at 101 x 2, 0 left",
        "trade #2 with #1 at 100 x 2, 0 left",
    )


@pytest.mark.parametrize(
    ("way", "said"),
    [("hides ioc", "is carried out, and not declared"), ("hides and ignores ioc", "is not declared, and not refused")],
)
def test_what_is_not_declared_is_a_note(way, said):
    _, seen = examined(way)
    assert [(told.what, told.said.startswith(said)) for told in seen.told if told.state == "note"] == [("ioc", True)]


@pytest.mark.parametrize("engine", ["plain", "reference", "guarded"])
def test_a_bundled_engine_fits(engine):
    made, seen = examine(plugs.engine(engine))
    assert [told for told in seen.told if told.state != "ok"] == []
    assert proposed(made, seen) == (made.capabilities, made.conventions)


@pytest.mark.parametrize(
    ("way", "conventions"),
    [
        ("self_trade", ["none", "cancel_oldest", "cancel_both", "decrement"]),
        ("replace_keeps_place", ["never"]),
        ("replace_quantity", ["total"]),
        ("stop_trigger", ["quote"]),
        ("stop_order", ["time"]),
        ("stop_evaluation", ["fill"]),
    ],
)
def test_each_convention_is_seen(way, conventions):
    """The engine works by it and says that it works by the other one."""
    for value in conventions:
        one = plugs.engine("plain")
        declared = one.engine(INSTRUMENTS, None).conventions
        engine, seen = examine(one, msgspec.structs.replace(declared, **{way: value}))
        assert seen.fits
        assert seen.conventions[way] == value == getattr(engine.conventions, way)


def proposed(engine, seen):
    told = tomllib.loads(proposal(engine, seen))
    return msgspec.convert(told["capabilities"], Capabilities), msgspec.convert(told["conventions"], Conventions)


@pytest.mark.parametrize(
    ("way", "name", "value"),
    [
        ("refuses fok", "tifs", ("day", "ioc", "gtc")),
        ("takes fok for ioc", "tifs", ("day", "ioc", "gtc")),
        ("hides ioc", "tifs", ("day", "fok", "gtc", "ioc")),
        ("hides and ignores ioc", "tifs", ("day", "fok", "gtc")),
        ("forgets its book", "book", ()),
        ("resets nothing", "reset", "restart"),
        ("says that it never keeps the place", "replace_keeps_place", "quantity_down"),
        ("says that it lets one trade with oneself", "self_trade", "cancel_newest"),
    ],
)
def test_what_was_seen_is_proposed(way, name, value):
    engine, seen = examined(way)
    capabilities, conventions = proposed(engine, seen)
    was = engine.capabilities, engine.conventions
    table = conventions if hasattr(conventions, name) else capabilities
    assert getattr(table, name) == value
    changed = [
        field
        for now, before in zip((capabilities, conventions), was, strict=True)
        for field in now.__struct_fields__
        if getattr(now, field) != getattr(before, field)
    ]
    assert changed == [name] * (way != "hides and ignores ioc")


def test_what_an_event_lacks_is_not_proposed_to_be_carried():
    capabilities, _ = proposed(*examined("leaves out the price of a trade"))
    assert "price" not in capabilities.carries
    assert {"qty", "maker", "match"} <= set(capabilities.carries)


def test_an_engine_that_does_not_start_is_no_mistake_of_gonogo():
    _, seen = examine(
        EngineChoice(
            "engine.toml",
            "jsonl",
            file=EngineFile.model_validate(
                {"schema": 1, "name": "none", "adapter": "jsonl", "start": {"command": ["/nowhere"]}}
            ),
        )
    )
    assert [(told.state, told.what, told.whose) for told in seen.told] == [("wrong", "start", "engine")]


def test_a_wire_that_cannot_say_another_id_is_asked_for_replaces_that_keep_theirs():
    engine, seen = examined("cannot say another id")
    assert [(told.state, told.said) for told in seen.told if told.what == "replace"] == [
        ("ok", "carried out, as declared")
    ]
    assert {"replace_keeps_place": "quantity_down", "replace_quantity": "open"}.items() <= seen.conventions.items()
    assert "replace" in proposed(engine, seen)[0].commands
