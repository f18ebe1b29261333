"""The comparison itself can fail: what it must notice and what it must let pass."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.shapes import broken_terms, differences, dig

ROWS: list[dict[str, Any]] = [
    {"noteId": 1, "text": "a", "createdAt": "2026-01-01T00:00:00Z", "source": {"id": 1}, "tags": ["x"]},
    {"noteId": 2, "text": None, "createdAt": "2026-01-01T00:00:00Z", "source": None, "tags": []},
]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="the same"),
        pytest.param({"text": None, "source": None, "tags": []}, [], id="empty fields"),
        pytest.param({"noteId": None}, ["data[].noteId is null"], id="an id that is null"),
        pytest.param({"noteId": "1"}, ["data[].noteId is text, not number"], id="a number as text"),
        pytest.param({"noteId": True}, ["data[].noteId is boolean, not number"], id="a boolean is no number"),
        pytest.param(
            {"createdAt": "2026-01-01 00:00:00"},
            ["data[].createdAt is not written like '2026-01-01T00:00:00Z'"],
            id="a time in another form",
        ),
        pytest.param({"source": {}}, ["data[].source.id is missing"], id="a key missing below"),
        pytest.param({"more": 1}, ["data[].more is not written down"], id="a key more"),
        pytest.param({"tags": [1]}, ["data[].tags[] is number, not text"], id="another type inside a list"),
    ],
)
def test_an_object_is_compared_with_all_examples_of_its_list(change: dict[str, Any], expected: list[str]) -> None:
    assert differences([{"data": ROWS}], {"data": [{**ROWS[0], **change}]}, {}) == expected


def test_open_lists_and_more_keys_are_let_pass() -> None:
    assert differences([{"data": ROWS}], {"data": [{"x": 1}]}, {"open": ["data"]}) == []
    assert differences([{"data": ROWS}], {"data": [1]}, {"open": ["data"]}) == ["data holds other things than objects"]
    assert differences([{"data": []}], {"data": [], "meta": 1}, {"more_keys": True}) == []


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({"exact": ["data[-1].noteId"]}, "data[-1].noteId is 9, not 2"),
        ({"length": {"data": 2}}, "data has 1 elements, not 2"),
        ({"holds": {"data": {"noteId": 1}}}, "data has no {'noteId': 1}"),
    ],
)
def test_terms_of_a_pair_are_kept(terms: dict[str, Any], told: str) -> None:
    assert broken_terms({"data": ROWS}, {"data": [{"noteId": 9}]}, terms) == [told]
    assert broken_terms({"data": ROWS}, {"data": ROWS}, terms) == []


def test_paths_go_through_lists() -> None:
    assert dig({"data": [{"a": 1}, {"a": {"b": 2}}]}, "data[-1].a.b") == 2
