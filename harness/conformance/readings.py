"""What a row of the battery shows: the answers are held against its readings, and the reading against what is declared."""

from __future__ import annotations

from harness.base.capabilities import Capabilities
from harness.base.records import Event, EventKind
from harness.base.words import say_command, say_event, say_events
from harness.conformance.manners import BY_SIDE, OWN_IDS, UNACKNOWLEDGED, fields_of, has, mistakes
from harness.conformance.rows import ROWS, Row
from harness.conformance.seen import Seen, State, Told, Whose
from harness.conformance.talk import Ground, Heard, agree, effects
from harness.port import Engine

REFUSED = (EventKind.REJECTED, EventKind.REPLACE_REJECTED, EventKind.CANCEL_REJECTED)


def is_undeclared(row: Row, offered: Capabilities) -> bool:
    """Whether the row is about a word of the capabilities that the engine does not declare."""
    return row.about not in ("matching", "conventions") and row.name not in getattr(offered, row.about)


def note_row(row: Row, talk: list[Heard], ground: Ground, engine: Engine, seen: Seen) -> None:
    """Tell what the row shows: of the way in which it was answered, and, where that can be read, of what the engine did."""
    if _note_manners(row, talk, engine.capabilities, seen):
        _note_reading(row, talk, ground, engine, seen)


def _option(value: str, events: list[Event], among: int) -> str:
    said = "; ".join(map(say_event, events)) or "no further event"
    return f"{value}: {said}" if among > 1 else said


def note_habits(seen: Seen) -> None:
    """How orders are named, acknowledged and executions told, where nothing was wrong with it."""
    habits = {
        OWN_IDS: ("ids", "orders keep the ids that they were sent under"),
        UNACKNOWLEDGED: ("acknowledgement", "each new order is accepted or rejected first"),
        BY_SIDE: ("executions", f"one a trade{', with the id of the maker' if 'maker' in seen.carried else ''}"),
    }
    if seen.offers:
        seen.told += [
            Told("ok", name, said) for mistake, (name, said) in habits.items() if mistake not in seen.mistakes
        ]


def _note_manners(row: Row, talk: list[Heard], offered: Capabilities, seen: Seen) -> bool:
    """Keep which fields came, and tell each new mistake; whether what the engine did can be read all the same."""
    for event in (event for heard in talk for event in heard.events):
        held = {name for name in fields_of(event) if has(event, name)}
        seen.carried |= held
        untold = {"qty"} if event.kind == EventKind.CANCELED and offered.untold else set()
        seen.missing |= set(fields_of(event)) - held - untold
    found = list(mistakes(talk, offered))
    forgiven = is_undeclared(row, offered)
    for mistake in found:
        if mistake.what not in seen.mistakes and not forgiven:
            seen.mistakes[mistake.what] = mistake
            sent = say_command(mistake.heard.command)
            seen.told.append(Told("wrong", row.name, mistake.what, "adapter", sent, mistake.came, mistake.wanted))
    blurred = [mistake for mistake in found if mistake.blurs]
    if blurred and forgiven:
        seen.offers[row.name] = False
        told = f"is not declared, and not refused: {blurred[0].what}; wanted `rejected`, unsupported"
        seen.told.append(_told("note", row, talk, told, None, "a refusal"))
    return not blurred


def _note_reading(row: Row, talk: list[Heard], ground: Ground, engine: Engine, seen: Seen) -> None:
    """Tell what the row shows."""
    came = effects(talk[-1].events)
    got_there = all(heard.said for heard in talk) and not any(_is_refused(heard) for heard in talk[:-1])
    wanted = {value: [ground.event(line) for line in lines] for value, lines in row.readings.items()}
    found = [value for value, events in wanted.items() if got_there and agree(events, came)]
    options = "\n".join(_option(value, events, among=len(wanted)) for value, events in wanted.items())
    match row.about:
        case "matching":
            seen.takes_orders &= row is not ROWS[0] or not _is_refused(talk[0])
            seen.told.append(_matched(row, talk, options, right=bool(found)))
        case "conventions":
            declared = getattr(engine.conventions, row.name)
            if len(found) == 1:
                seen.conventions[row.name] = found[0]
            seen.told.append(_convention(row, talk, options, found, declared))
        case _:
            seen.offers[row.name] = bool(found)
            declared = not is_undeclared(row, engine.capabilities)
            seen.told.append(_offer(row, talk, options, declared=declared, works=bool(found)))


def _matched(row: Row, talk: list[Heard], wanted: str, *, right: bool) -> Told:
    if not all(heard.said for heard in talk):
        return Told("ok", row.name, "the wire cannot say it")
    return Told("ok", row.name, "as it must be") if right else _told("wrong", row, talk, "is carried out otherwise", "engine", wanted)  # fmt: skip


def _convention(row: Row, talk: list[Heard], wanted: str, found: list[str], declared: str) -> Told:
    if not found:
        return _told("wrong", row, talk, f"declared {declared}; seen: nothing that is known", "engine", wanted)
    if len(found) > 1:
        return Told("note", row.name, f"declared {declared}; what it does cannot be told from what its events carry")
    if found[0] != declared:
        return _told("wrong", row, talk, f"declared {declared}; seen: {found[0]}", "declaration", wanted)
    return Told("ok", row.name, f"{declared}, as declared")


def _offer(row: Row, talk: list[Heard], wanted: str, *, declared: bool, works: bool) -> Told:
    refused = any(map(_is_refused, talk)) or not all(heard.said for heard in talk)
    if declared and works:
        return Told("ok", row.name, "carried out, as declared")
    if declared:
        said = "is declared, and refused" if refused else "is declared, taken, and carried out otherwise"
        return _told("wrong", row, talk, said, "declaration" if refused else "engine", wanted)
    if works:
        return _told("note", row, talk, "is carried out, and not declared: without that it stays untested", None, "")
    if refused:
        return Told("ok", row.name, "not declared, and refused")
    return _told("note", row, talk, "is not declared, and not refused", None, "a refusal, unsupported")


def _is_refused(heard: Heard) -> bool:
    return any(event.kind in REFUSED for event in heard.events)


def _told(  # noqa: PLR0917 - the four things that are told, in the order of Told
    state: State, row: Row, talk: list[Heard], said: str, whose: Whose | None, wanted: str
) -> Told:  # fmt: skip
    sent = "\n".join(say_command(heard.command) for heard in talk)
    return Told(state, row.name, said, whose, sent, say_events(talk[-1].events), wanted)
