"""The plain engine as a program that speaks JSON lines and differs from it in the one way that its first word names."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from engines.plain.engine import PlainEngine
from engines.plain.offered import CAPABILITIES, CONVENTIONS
from engines.service.speaking import Conversation, Offer

Line = dict[str, Any]
OWN = 1000
"""What an engine of own ids adds to those that it is given."""


class Told(PlainEngine):
    @property
    def engine_seq(self) -> int:
        return self.tell.engine_seq


def same(line: Line) -> Line:
    return line


def once(line: Line) -> Iterator[Line]:
    yield line


class Way(NamedTuple):
    """How commands are changed on their way in, lines on their way out, and what it declares."""

    asks: Callable[[Line], Line] = same
    says: Callable[[Line], Iterator[Line]] = once
    offers: dict[str, Any] = {}
    agrees: dict[str, str] = {}


def only(kind: str, change: Callable[[Line], Iterator[Line]]) -> Callable[[Line], Iterator[Line]]:
    return lambda line: change(line) if line["type"] == kind else once(line)


def changed(**fields: Callable[[Any], Any]) -> Callable[[Line], Iterator[Line]]:
    return lambda line: once(line | {name: change(line.get(name)) for name, change in fields.items() if name in line})


def without(name: str) -> Callable[[Line], Iterator[Line]]:
    return lambda line: once({key: value for key, value in line.items() if key != name})


def nothing(line: Line) -> Iterator[Line]:
    del line
    yield from ()


def silent(line: Line) -> Iterator[Line]:
    return nothing(line) if line["type"] in ("accepted", "rested") else once(line)


def by_side(line: Line) -> Iterator[Line]:
    maker = line.pop("maker")
    yield line | {"role": "taker"}
    yield line | {"order": maker, "role": "maker", "side": "sell" if line["side"] == "buy" else "buy"}


def with_tif(came: str, taken: str) -> Callable[[Line], Line]:
    return lambda line: line | {"tif": taken} if line.get("tif") == came else line


def own_id(order: int) -> int:
    return order + OWN


def own_rows(rows: list[list[int]]) -> list[list[int]]:
    return [[*row[:4], own_id(row[4]), row[5]] for row in rows]


renamed = changed(order=own_id, maker=own_id, new_order=own_id, rows=own_rows)


def nonsense(line: Line) -> Iterator[Line]:
    sys.stdout.write("Engine 3.1 says hello\n")
    yield line


def dies(line: Line) -> Iterator[Line]:
    del line
    sys.exit(3)


def refused(line: Line) -> Line:
    """What the engine refuses as unsupported in place of a replace by another id."""
    renames = line["type"] == "replace" and line["order"] != line["target"]
    return line | {"type": "new", "order_type": "stop_limit", "tif": "gtd", "side": "buy"} if renames else line


def unsaid(line: Line) -> Iterator[Line]:
    """On no channel where it is unsupported."""
    yield line | ({"channel": "none"} if line["reason"] == "unsupported" else {})


KEPT = [word for word in CAPABILITIES.tifs if word != "ioc"]
WAYS = {
    "not at all": Way(),
    "gives no acknowledgement": Way(says=silent),
    "gives ids of its own": Way(
        asks=lambda line: line | ({"target": line["target"] - OWN} if line.get("target", 0) > OWN else {}),
        says=lambda line: once(line) if line["type"] == "cancel_rejected" else renamed(line),
    ),
    "tells each side of a trade": Way(says=only("trade", by_side)),
    "accepts twice": Way(says=only("accepted", lambda line: iter((line, line)))),
    "names no command": Way(says=without("command")),
    "names another order": Way(says=only("canceled", changed(order=lambda _: 7))),
    "leaves out the price of a trade": Way(says=only("trade", without("price"))),
    "scales prices": Way(says=only("accepted", changed(price=lambda price: price * 100))),
    "never answers a cancel": Way(says=lambda line: nothing(line) if line.get("reason") == "user" else once(line)),
    "refuses fok": Way(asks=with_tif("fok", "gtd")),
    "takes fok for ioc": Way(asks=with_tif("fok", "ioc")),
    "hides ioc": Way(offers={"tifs": KEPT}),
    "hides and ignores ioc": Way(offers={"tifs": KEPT}, asks=with_tif("ioc", "day")),
    "says that it never keeps the place": Way(agrees={"replace_keeps_place": "never"}),
    "says that it lets one trade with oneself": Way(agrees={"self_trade": "none"}),
    "trades at another price": Way(says=only("trade", changed(price=lambda price: price + 1))),
    "prints in between": Way(says=only("canceled", nonsense)),
    "dies of a cancel": Way(says=only("canceled", dies)),
    "cannot say another id": Way(asks=refused, says=only("rejected", unsaid), offers={"says_all": False}),
    "forgets its book": Way(says=only("snapshot_ok", changed(rows=lambda _: []))),
    "resets nothing": Way(),
}  # fmt: skip


def main(name: str) -> None:
    way = WAYS[name]
    talk = Conversation(Offer("deviating", "0.1", CAPABILITIES, CONVENTIONS, Told))
    for text in sys.stdin:
        line = json.loads(text)
        if line["type"] == "reset" and name == "resets nothing":
            answers = '{"type": "reset_ok"}\n'
        else:
            answers = talk.answer((json.dumps(way.asks(line)) + "\n").encode()).decode()
        for answer in map(json.loads, answers.splitlines()):
            if answer["type"] == "init_ok":
                answer["capabilities"] |= way.offers
                answer["conventions"] = answer.get("conventions", {}) | way.agrees
            for said in way.says(answer):
                sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
