"""The tool that breaks kernels: each break changes one place, is still Python, and none is missed."""

import ast

from tests.mutants.changes import changes_of

SOURCE = '''def step(a, b):
    """Not this one: 1 + 1."""
    if a < (b) and a != 3:
        b += (a << 2)
    b = a
    return a - b
'''


def changed():
    function = ast.parse(SOURCE).body[0]
    return [change.applied(SOURCE).splitlines()[2:] for change in changes_of(function, SOURCE)]


def test_each_kind_of_place_is_changed_once():
    whole = SOURCE.splitlines()[2:]
    lines = [
        (number, line)
        for made in changed()
        for number, (line, was) in enumerate(zip(made, whole, strict=True))
        if line != was
    ]
    assert sorted(lines) == sorted([
        (0, "    if not (a < (b) and a != 3):"),
        (0, "    if a < (b) or a != 3:"),
        (0, "    if a <= (b) and a != 3:"),
        (0, "    if a < (b) and a == 3:"),
        (0, "    if a < (b) and a != 4:"),
        (1, "        b -= (a << 2)"),
        (1, "        b += (a >> 2)"),
        (1, "        b += (a << 3)"),
        (2, "    pass"),
        (3, "    return a + b"),
    ])  # fmt: skip


def test_every_break_is_still_python():
    function = ast.parse(SOURCE).body[0]
    for change in changes_of(function, SOURCE):
        ast.parse(change.applied(SOURCE))
