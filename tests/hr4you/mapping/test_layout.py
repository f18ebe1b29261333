from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr4you.contract.expressions import compile_expression
from hr4you.mapping.layout import getter

VALUES = st.sampled_from([None, "", "x", 0, 0.0, 1, False, True, [], {}, [0], {"b": 0}, {"b": False}, {"b": "y"}])
OBJECTS = st.dictionaries(st.sampled_from("abcd"), VALUES) | VALUES

EXPRESSIONS = ["a", "a.b", "a || c", "a.b || c", "a||b.b  ||  c || d", "a || 'x'", "[a, b][0] || c", "(a || b) && c"]


@pytest.mark.parametrize("text", EXPRESSIONS)
@given(wire=OBJECTS)
def test_the_quick_getter_finds_what_the_expression_finds(text: str, wire: Any) -> None:
    expression = compile_expression(text)
    expected, found = expression(wire), getter(expression)(wire)
    assert found == expected
    assert type(found) is type(expected)
