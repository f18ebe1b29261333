"""What is told of values, and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from hr4you.inspection.shapes import Shapes, printable


def shape(*values: Any) -> str:
    shapes = Shapes()
    for value in values:
        shapes.add(value)
    return str(shapes)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("anna@example.org", "e-mail address"),
        ("https://www.linkedin.com/in/anna", "web address"),
        ("0170 1234567", "phone number"),
        ("+49 (0)351 123-45", "phone number"),
        ("004917768455441", "phone number"),
        ("01067", "5 digits"),
        ("2024-01-31", "date YYYY-MM-DD"),
        ("31.01.2024", "date DD.MM.YYYY"),
        ("2024-01-31T12:00:00Z", "time YYYY-MM-DDThh:mm:ssZ"),
        ("2024-01-31 12:00:00", "time YYYY-MM-DD hh:mm:ss without a zone"),
        ("2024-01-31T12:00:00.123+02:00", "time YYYY-MM-DDThh:mm:ss.fff+hh:mm"),
        ("5f3d7c1e-0000-4000-8000-000000000001", "UUID"),
        ("<p>Wir suchen Anna</p>", "HTML of 20 to 50 characters"),
        ("Anna", "text of 1 to 5 characters"),
        ("Hauptstr. 5", "text of 10 to 20 characters"),
        (True, "true/false"),
        (52000, "whole number of 5 digits"),
        (1.5, "number with decimals"),
        (["a", "b"], "list (text), 1 to 5"),
        ([{"a": 1}], "list (object), 1 to 5"),
        ({"a": 1}, "object, 1 to 5"),
    ],
    ids=str,
)
def test_a_value_is_told_by_its_kind(value: Any, expected: str) -> None:
    assert shape(value) == expected


@pytest.mark.parametrize("length", [*range(1, 60), 100, 999, 5_000, 200_000])
def test_the_length_of_a_text_is_never_told_exactly(length: int) -> None:
    words = shape("x" * length).split()
    if words[-2] == "more":
        assert int(words[2]) < length
    else:
        assert int(words[2]) <= length <= int(words[4])
        assert int(words[2]) < int(words[4])


@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}], ids=repr)
def test_what_holds_nothing_does_not_count(nothing: Any) -> None:
    shapes = Shapes()
    shapes.add(nothing)
    assert (shapes.count, shapes.distinct, str(shapes)) == (0, 0, "")


def test_kinds_come_by_how_frequent_they_are_and_only_the_first_three() -> None:
    values = ["2024-01-31"] * 4 + ["Anna"] * 3 + [7, 8] + [True]
    assert shape(*values) == "date YYYY-MM-DD; text of 1 to 5 characters; whole number of 1 digit; others"


def test_different_values_are_counted_and_types_too() -> None:
    shapes = Shapes()
    for value in ("Anna", "Anna ", "Bert", 7, 7):
        shapes.add(value)
    assert shapes.distinct == 3
    assert shapes.types == {"text": 3, "whole number": 2}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gehaltswunsch", "Gehaltswunsch"),
        ("a\nb\tc", "a b c"),
        ("\x1b[31mred\x07", "[31mred"),
        ("left\u202eright", "left right"),
        ("x" * 100, "x" * 78 + ".."),
    ],
    ids=["plain", "lines", "escape", "direction", "long"],
)
def test_a_tenant_s_text_is_made_safe_for_the_screen(text: str, expected: str) -> None:
    assert printable(text) == expected
