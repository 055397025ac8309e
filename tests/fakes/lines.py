"""A small language for commands, so that a table of cases reads like a page of rules.

    B 100x5 #1 ioc a2 i1 post      a new order: side, price x quantity, id, terms, account, instrument
    S x5 #2 market                 no price
    B x5 #3 @105                   a stop; with a price a stop limit
    B 100x5 #4 min3                a minimum quantity
    cancel #1 x2                   two of order 1; without a quantity all of it
    replace #1 #9 101x5            order 1 becomes order 9 at 101 for 5
    mass_cancel a1 sell            account, instrument and side are any where they are not named

Account 1, instrument 1, limit and day go without saying. Several commands on a line are parted by semicolons. What the
engine says is put in words by `harness.base.words.say_event`.
"""

from __future__ import annotations

import re

from harness.base.records import Command, CommandKind, Flag, OrderType, Side, TimeInForce, command_rows, empty_commands

_ABSENT = command_rows(empty_commands(1))[0]
_SIDES = {"B": Side.BUY, "S": Side.SELL}
_WORDS: dict[str, dict[str, int]] = {
    "buy": {"side": Side.BUY},
    "sell": {"side": Side.SELL},
    "post": {"flags": Flag.POST_ONLY},
    "market": {"type": OrderType.MARKET},
}
_TERMS = re.compile(r"(?P<price>-?\d+)?x(?P<qty>-?\d+)")


def commands(text: str) -> list[Command]:
    """The commands of a line, numbered from 1."""
    lines = [line for line in text.split(";") if line.strip()]
    return [command(line)._replace(number=number) for number, line in enumerate(lines, 1)]


def command(line: str) -> Command:
    """One command; a word that the language does not hold is an error."""
    word, *tokens = line.split()
    fields = _start(word)
    ids = [int(token[1:]) for token in tokens if token.startswith("#")]
    fields |= dict(zip(("order",) if word in _SIDES else ("target", "order"), ids, strict=False))
    for token in tokens:
        fields |= _token(token)
    if "stop" in fields:
        fields["type"] = OrderType.STOP_LIMIT if "price" in fields else OrderType.STOP
    fields["session"] = fields["account"]
    return _ABSENT._replace(**fields)


def _start(word: str) -> dict[str, int]:
    if word in _SIDES:
        kind, terms = CommandKind.NEW, {"side": _SIDES[word], "type": OrderType.LIMIT, "tif": TimeInForce.DAY}
    else:
        kind, terms = CommandKind[word.upper()], {}
    any_or_one = 0 if kind is CommandKind.MASS_CANCEL else 1
    return {"kind": kind, "account": any_or_one, "instrument": any_or_one, **terms}


def _token(token: str) -> dict[str, int]:
    """What one word says; ids are taken by their order instead."""
    if terms := _TERMS.fullmatch(token):
        return {name: int(value) for name, value in terms.groupdict().items() if value is not None}
    if token[0] == "@":
        return {"stop": int(token[1:])}
    if token[:3] == "min":
        return {"min_qty": int(token[3:])}
    if token[0] in "ai" and token[1:].isdigit():
        return {"account" if token[0] == "a" else "instrument": int(token[1:])}
    if token in _WORDS:
        return _WORDS[token]
    return {} if token.startswith("#") else {"tif": TimeInForce[token.upper()]}
