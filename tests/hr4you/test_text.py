from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr4you.text import fold, to_json_text, to_text

SAME = {
    "case": ("Vollzeit", "VOLLZEIT"),
    "outer-space": ("  Vollzeit\n", "Vollzeit"),
    "umlaut": ("öffentlich", "oeffentlich"),
    "capital-umlaut": ("ÄRZTE", "aerzte"),
    "decomposed-umlaut": ("o\u0308ffentlich", "oeffentlich"),
    "sharp-s": ("Straße", "STRASSE"),
    "hyphen-and-space": ("full-time", "full time"),
    "underscore": ("in_bearbeitung", "In Bearbeitung"),
    "several-spaces": ("in   bearbeitung", "in bearbeitung"),
    "no-break-space": ("in\xa0bearbeitung", "in bearbeitung"),
    "typographic-hyphen": ("full‑time", "full-time"),
    "dash": ("full–time", "full-time"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_two_spellings_are_one_word(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Minijob", "Mini-Job"), ("Bar", "Bär"), ("Vollzeit", "Vollzeit/Teilzeit"), ("a", "")]
)
def test_two_words_stay_two(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("value", "text"),
    [(" a ", "a"), (5, "5"), (5.0, "5"), (0.5, "0.5"), (0, "0"), ("", None), (True, None), (None, None), ([1], None)],
    ids=repr,
)
def test_texts_and_numbers_are_texts_and_nothing_else_is(value: Any, text: str | None) -> None:
    assert to_text(value) == text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(JSON.filter(lambda value: isinstance(value, list | dict | int)))
def test_a_value_is_found_again_in_its_json_text(value: Any) -> None:
    text = to_json_text(value)
    assert text is not None
    assert json.loads(text) == value
