"""Words made ready for a reader."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from reports import texts


def test_unseen_characters_are_shown_by_number() -> None:
    assert texts.clean("a\x00b\u202ec\x1b[31m") == "a[U+0000]b[U+202E]c[U+001B][31m"
    assert texts.clean("two\r\nlines\tand a tab") == "two\nlines\tand a tab"


@given(st.text())
def test_clean_text_holds_nothing_unseen_but_lines_and_tabs(text: str) -> None:
    hidden = {c for c in texts.clean(text) if unicodedata.category(c) in ("Cc", "Cf", "Cs")}
    assert hidden <= {"\n", "\t", "\u00ad"}


def test_long_text_is_cut_and_says_so() -> None:
    assert texts.clean("x" * 5_000).endswith("x ... (1,000 characters more)")


def test_names_become_titles() -> None:
    assert texts.titled("price_time") == "Price time"
    assert texts.spoken("latency.response") == "latency response"
    assert texts.titled("_") == "_"


def test_lists_and_sentences() -> None:
    assert [texts.listed(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "a", "a and b", "a, b and c",
    ]  # fmt: skip
    assert texts.sentence("the check crashed:\nTraceback") == "The check crashed."
    assert texts.sentence("is it deterministic?") == "Is it deterministic?"
    assert texts.sentence("") == ""


def test_anchors_are_harmless_and_given_once() -> None:
    anchors = texts.Anchors()
    assert anchors.give("check", '"><x y', "price_time") == "check.x-y.price_time"
    assert anchors.give("check", "x y", "price_time") == "check.x-y.price_time.2"
    assert anchors.give("scenario", "\u202e") == "scenario.x"
