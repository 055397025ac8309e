"""What the templates print is harmless."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import environment


def test_markdown_signs_are_escaped() -> None:
    assert environment.escaped("a|b <b> [x](y) `c` *d* _e_ snake_case") == (
        r"a\|b \<b\> \[x\](y) \`c\` \*d\* \_e\_ snake_case"
    )
    assert environment.escaped("# no heading\n- no list") == r"\# no heading - no list"
    assert environment.escaped("1. no list") == r"1\. no list"
    assert environment.escaped("7.59 ms") == "7.59 ms"
    assert "http://" not in environment.escaped("see http://evil.example and @everyone")


@given(st.text(), st.sampled_from(["", "`", "``", "```", "\n```\n"]))
def test_a_code_span_and_a_block_cannot_be_left(text: str, ticks: str) -> None:
    for made in (environment.code(text + ticks + text), environment.block(text + ticks + text)):
        match = re.match(r"`+", made)
        assert match is not None
        inside = str(made)[len(match[0]) : -len(match[0])]
        assert match[0] not in inside.strip("`") or not match[0]


def test_a_bar_ends_no_cell() -> None:
    assert environment.cell("a|b") == r"`a\|b`"
    assert environment.cell("") == ""


@pytest.mark.parametrize("make", [environment.html, environment.markdown])
def test_values_are_never_markup(make) -> None:
    printed = make().from_string("{{ value }}").render(value="<i>\u202e\x00</i>")
    assert "<i>" not in printed.replace(r"\<i\>", "")
    assert "U+202E" in printed
