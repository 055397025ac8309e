"""OUCH messages of every kind: drawn ones for properties, and one or two plain ones of each kind."""

import struct

from hypothesis import strategies as st

from tests.fakes.plain_ouch import IN, MANDATORY, NO_TAIL, OUT, TAGS

BY_WIDTH = {"B": 1, "H": 2, "I": 4, "Q": 8}
SIGNED = struct.Struct(">i")


def value(form):
    """Any value of a field of this form."""
    if form.endswith("s"):
        size = int(form.strip(">s"))
        # A last byte of 0 would be cut off by numpy's text.
        return st.binary(min_size=size, max_size=size).filter(lambda raw: not raw.endswith(b"\0"))
    if form == ">i":
        return st.integers(-(2**31), 2**31 - 1)
    return st.integers(0, 256 ** BY_WIDTH[form.strip(">")] - 1)


def forms_of(form):
    """Such as [">B", ">I", "8s"] for ">BI8s"."""
    found, digits = [], ""
    for letter in form[1:]:
        if letter.isdigit():
            digits += letter
        else:
            found.append(digits + letter)
            digits = ""
    return found


@st.composite
def messages(draw, kinds):
    """(fields, tags) of any message of one direction; tags None where the appendage is left out."""
    kind = draw(st.sampled_from(sorted(kinds)))
    form, names, presence, allowed = kinds[kind]
    fields = {name: draw(value(each)) for name, each in zip(names.split(), forms_of(form), strict=True)}
    fields["type"] = ord(kind)
    if presence == NO_TAIL or (presence != MANDATORY and draw(st.booleans())):
        return fields, None
    chosen = draw(st.lists(st.sampled_from(allowed), unique=True, max_size=6))
    return fields, {tag: draw(value(TAGS[tag][1])) for tag in chosen}


def plain(kinds, kind, *, full):
    """(fields, tags) of a message whose values count up; `full` with every tag that it may have."""
    form, names, presence, allowed = kinds[kind]
    fields = {
        name: counted(each, place) for place, (name, each) in enumerate(zip(names.split(), forms_of(form), strict=True))
    }
    fields["type"] = ord(kind)
    if presence == NO_TAIL or (presence != MANDATORY and not full):
        return fields, None
    return fields, {tag: counted(TAGS[tag][1], tag) for tag in allowed} if full else {}


def counted(form, place):
    if form.endswith("s"):
        size = int(form.strip(">s"))
        return bytes(ord("A") + (place + at) % 26 for at in range(size - 1)) + b" "
    return -place if form == ">i" else ord("A") + place if form.strip(">") == "B" else 1_000_003 * place % 65_521


DIRECTIONS = {"in": IN, "out": OUT}
