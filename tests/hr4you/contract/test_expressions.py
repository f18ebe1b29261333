"""Expressions: what is a path, what is JMESPath, and that no value makes one raise."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr4you.contract import Expression, compile_expression

WIRE: dict[str, Any] = {
    "firstname": "Jörg",
    "source": {"name": "LinkedIn"},
    "emails": [{"address": "a@example.org"}, {"address": "b@example.org"}],
    "grid": [[1, 2], [3, 4]],
    "Straße": "Am Wall 1",
    "e-mail": "c@example.org",
    "key with a space": 1,
    "a.b": "dotted",
    "12": "twelve",
    "empty": None,
    "no": False,
    "zero": 0,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("firstname", "Jörg", id="one key"),
        pytest.param("  firstname ", "Jörg", id="white space around"),
        pytest.param("source.name", "LinkedIn", id="path"),
        pytest.param("emails[0].address", "a@example.org", id="position"),
        pytest.param("emails[-1].address", "b@example.org", id="position from the end"),
        pytest.param("emails[2].address", None, id="position past the end"),
        pytest.param("emails[-3]", None, id="position before the start"),
        pytest.param("grid[1][0]", 3, id="positions in a row"),
        pytest.param("Straße", "Am Wall 1", id="umlauts and sharp s"),
        pytest.param("e-mail", "c@example.org", id="hyphen"),
        pytest.param("12", "twelve", id="a number is a key"),
        pytest.param("no", False, id="false is a value"),
        pytest.param("zero", 0, id="zero is a value"),
        pytest.param("empty", None, id="null"),
        pytest.param("missing", None, id="no such key"),
        pytest.param("firstname.name", None, id="a key of a text"),
        pytest.param("source[0]", None, id="a position in an object"),
        pytest.param("emails.address", None, id="a key of a list"),
        pytest.param('"key with a space"', 1, id="quoted key"),
        pytest.param('"a.b"', "dotted", id="quoted key with a dot"),
        pytest.param("source.name || source", "LinkedIn", id="first of two"),
        pytest.param("missing || firstname", "Jörg", id="second of two"),
        pytest.param("emails[].address | [0]", "a@example.org", id="pipe"),
        pytest.param("@", WIRE, id="the object itself"),
        pytest.param("length(emails)", 2, id="function"),
        pytest.param("[firstname]", ["Jörg"], id="list of one"),
        pytest.param("'fixed'", "fixed", id="literal"),
        pytest.param("`unquoted`", "unquoted", id="literal in the old form"),
    ],
)
def test_an_expression_finds(text: str, expected: Any) -> None:
    assert compile_expression(text)(WIRE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("firstname", {"firstname"}),
        ("source.name", {"source"}),
        ("emails[0].address", {"emails"}),
        ("source.name || source", {"source"}),
        ("a || b.c", {"a", "b"}),
        ("emails[?type == 'WORK'].address", {"emails"}),
        ("emails[*].address | [0]", {"emails"}),
        ("join(' ', [first, last])", {"first", "last"}),
        ("sort_by(emails, &rank)[0].address", {"emails"}),
        ("{a: b, c: d.e}", {"b", "d"}),
        ("@.first", {"first"}),
        ("'fixed'", set()),
        ("@", None),
        ("*", None),
        ("keys(@)", None),
        ("values(@) | [0]", None),
    ],
)
def test_the_top_level_keys_of_an_expression_are_known_where_they_can_be(text: str, expected: set[str] | None) -> None:
    assert compile_expression(text).roots == (None if expected is None else frozenset(expected))


@pytest.mark.parametrize(
    ("text", "path"),
    [("a", ("a",)), ("a.b[2].c", ("a", "b", 2, "c")), ("a || b", None), ("@", None)],
)
def test_only_a_dotted_path_tells_its_steps(text: str, path: tuple[str | int, ...] | None) -> None:
    assert compile_expression(text).path == path


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("a..b", "column 2"),
        ("a[", "Incomplete"),
        ("a b", "column 2"),
        ("nonsense(a)", "nonsense"),
        ("length(", "Incomplete"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        compile_expression(text)
    assert "\n" not in str(refused.value)
    assert reason in str(refused.value)


def test_a_function_of_the_actions_is_known_only_there() -> None:
    with pytest.raises(ValueError, match="gender"):
        compile_expression("gender(sex)")
    assert compile_expression("gender(sex)", functions=frozenset({"gender"})).roots == frozenset({"sex"})


@pytest.mark.parametrize(
    "text",
    ["sum(a)", "max_by(a, &b)", "join(',', a)", "sort(a)", "to_number(a)", "avg(a)", "a.b", "a[0]", "sort_by(a, &b)"],
)
@pytest.mark.parametrize(
    "value",
    [None, 1, "x", [], {}, {"a": None}, {"a": ["x", 1]}, {"a": [{"b": None}, {"b": 1}]}, {"a": [[], {}]}, {"a": {}}],
    ids=repr,
)
def test_no_value_makes_an_expression_raise(text: str, value: Any) -> None:
    compile_expression(text)(value)


json_values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=12,
)


@given(json_values)
def test_a_getter_finds_what_jmespath_finds(value: Any) -> None:
    for path in ("a", "a.b", "a[0].b", "a[-1]"):
        assert repr(compile_expression(path)(value)) == repr(compile_expression(f"{path} | @")(value))


def test_expressions_of_the_same_text_are_equal_and_change_nothing() -> None:
    wire = copy.deepcopy(WIRE)
    first, second = compile_expression("source.name"), compile_expression(" source.name ")
    assert first == second
    assert hash(first) == hash(second)
    assert first != compile_expression("source")
    assert repr(first) == "Expression('source.name')"
    first(wire)
    assert wire == WIRE


def test_the_base_of_all_expressions_finds_nothing_itself() -> None:
    with pytest.raises(NotImplementedError):
        Expression("a", None, None)({})
