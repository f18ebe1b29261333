from __future__ import annotations

import datetime as dt
import json
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_hr4you.incoming import DEEPEST, INPUTS, OPEN, OWN, read_record
from target_hr4you.invalid import InputInvalidError
from tests.target_hr4you.contents import flatten

NESTED: dict[str, Any] = {
    "action_id": "a-1",
    "candidate": {"first_name": "Jörg", "email_address": "joerg@example.de", "location": {"country": "DE"}},
    "attachments": [{"name": "cv.pdf", "data_url": "https://files.example/1"}, {"type": "CV"}],
    "gdpr_consent": {"given": True},
}


def nested(node: Any) -> st.SearchStrategy[Any]:
    """What may come for a part of `INPUTS`; never empty, and texts are none that are read as JSON."""
    if isinstance(node, dict):
        fields = {key: nested(part) for key, part in node.items()}
        return st.fixed_dictionaries({}, optional=fields).filter(bool)
    if isinstance(node, list):
        return st.lists(nested(node[0]), min_size=1, max_size=3)
    if node in (OWN, OPEN):
        return st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), SCALARS, min_size=1, max_size=3)
    return SCALARS


SCALARS = st.text(min_size=1).filter(lambda text: text.strip() and text.lstrip()[0] not in "{[n") | st.integers()
RECORDS = nested(INPUTS)


@given(RECORDS)
def test_a_nested_record_of_inputs_stays_as_it_is(record: dict[str, Any]) -> None:
    assert read_record(record) == record


@given(RECORDS, st.sampled_from(["__", "."]))
def test_flat_columns_give_what_the_nested_record_gives(record: dict[str, Any], separator: str) -> None:
    assert read_record(flatten(record, separator)) == record


@given(RECORDS)
def test_json_text_gives_what_the_objects_give(record: dict[str, Any]) -> None:
    as_text = {key: json.dumps(part) if isinstance(part, dict | list) else part for key, part in record.items()}
    assert read_record(as_text) == record


@given(RECORDS, st.sampled_from(["__", "."]))
def test_the_case_of_columns_makes_no_difference(record: dict[str, Any], separator: str) -> None:
    known = {key: part for key, part in record.items() if key != "remote_fields"}  # its keys are the user's own
    assert read_record({key.upper(): part for key, part in flatten(known, separator).items()}) == known


@given(RECORDS)
def test_the_same_values_flat_and_nested_are_no_contradiction(record: dict[str, Any]) -> None:
    assert read_record({**flatten(record, "__"), **record, **flatten(record, ".")}) == record


@pytest.mark.parametrize(
    ("record", "result"),
    [
        ({"candidate__first_name": "Jörg"}, {"candidate": {"first_name": "Jörg"}}),
        ({"candidate.location.city": "Köln"}, {"candidate": {"location": {"city": "Köln"}}}),
        ({"candidate.location__city": "Köln"}, {"candidate": {"location": {"city": "Köln"}}}),
        ({"attachments__0__data_url": "u"}, {"attachments": [{"data_url": "u"}]}),
        (
            {"details.attributes.1.key": "B", "details.attributes.0.key": "A"},
            {"details": {"attributes": [{"key": "A"}, {"key": "B"}]}},
        ),
        (
            {"attachments__999999__name": "n", "attachments__7__name": "m"},
            {"attachments": [{"name": "m"}, {"name": "n"}]},
        ),
        (
            {f"attachments__{i}__name": str(i) for i in range(12)},
            {"attachments": [{"name": str(i)} for i in range(12)]},
        ),
        (
            {"candidate": {"first_name": "J"}, "candidate__last_name": "M"},
            {"candidate": {"first_name": "J", "last_name": "M"}},
        ),
        (
            {"attachments": [{"name": "n"}], "attachments__0__type": "CV"},
            {"attachments": [{"name": "n", "type": "CV"}]},
        ),
        ({"candidate__location": '{"city": "Köln"}'}, {"candidate": {"location": {"city": "Köln"}}}),
        ({"candidate": '{"location": "{\\"city\\": \\"Köln\\"}"}'}, {"candidate": {"location": {"city": "Köln"}}}),
        ({"details__attributes": ' [{"key": "A"}]'}, {"details": {"attributes": [{"key": "A"}]}}),
        (
            {"remote_fields__hr4you__applicant__cf.1": 1, "remote_fields.hr4you.applicant.cf__2": 2},
            {"remote_fields": {"hr4you": {"applicant": {"cf.1": 1, "cf": {"2": 2}}}}},
        ),
    ],
)
def test_columns_are_put_together(record: dict[str, Any], result: dict[str, Any]) -> None:
    assert read_record(record) == result


@pytest.mark.parametrize("nothing", ["", " \t\n", None, {}, [], {"city": ""}, [None, ""], "{}", "[]", "null", "[null]"])
def test_what_holds_nothing_is_absent(nothing: Any) -> None:
    record = {"candidate": {"first_name": "J", "location": nothing}, "attachments": nothing, "source": nothing}
    assert read_record(record) == {"candidate": {"first_name": "J"}}


def test_elements_that_hold_nothing_are_left_out_of_lists() -> None:
    assert read_record({"attachments": [{}, {"name": "a"}, None, {"name": ""}]}) == {"attachments": [{"name": "a"}]}


def test_params_that_hold_nothing_are_left_out() -> None:
    assert read_record({"params": {"page": 1, "Filter": "", "until": None}}) == {"params": {"page": 1}}


def test_a_column_of_nothing_is_filled_from_another() -> None:
    record = {"candidate": {"first_name": ""}, "candidate__first_name": "J", "candidate.first_name": None}
    assert read_record(record) == {"candidate": {"first_name": "J"}}


def test_what_is_the_user_s_own_is_left_alone() -> None:
    own = {"a": None, "b": "", "C": {"d": {}, "e": [None]}, "f": '{"g": 1}', "h": " "}
    record = {"body": own, "remote_fields": {"hr4you": {"applicant": own, "application": {}}}}
    assert read_record(record) == record


def test_an_empty_flat_column_is_nothing_even_among_the_user_s_own() -> None:
    record = {"remote_fields__hr4you__applicant__a": "", "remote_fields__hr4you__applicant__b": None, "body": ""}
    assert read_record(record) == {}


def test_a_body_may_be_json_text_and_other_text_stays_text() -> None:
    assert read_record({"body": '{"a": null}', "params": '{"b": 1}'}) == {"body": {"a": None}, "params": {"b": 1}}
    assert read_record({"body": "12"}) == {"body": "12"}


@pytest.mark.parametrize("text", ["Jörg", "{'first_name': 'J'}", '{"first_name": NaN', "12", '"x"', "[" * 100_000])
def test_text_that_is_no_json_object_stays_text(text: str) -> None:
    assert read_record({"candidate": text, "details": {"attributes": text}}) == {
        "candidate": text,
        "details": {"attributes": text},
    }


@pytest.mark.parametrize(
    "column",
    [
        *(
            "foo",
            "foo__bar",
            "foo.bar",
            "_sdc_batched_at",
            "_SDC_DELETED_AT",
            "",
            "__",
            ".",
            "candidate__",
            "candidate__x",
        ),
        *("url__checked", "body__a", "params.a", "attachments__count", "attachments__0__x", "attachments__-1__name"),
        *("candidate__first_name__x", "candidate_first_name", "attachments__٣__name", "attachments__9999999__name"),
        *("action_id__x", "source__name.x"),
    ],
)
def test_surplus_columns_do_not_count_and_break_nothing(column: str) -> None:
    deep: Any = "x"
    for _ in range(400):
        deep = [deep]
    assert read_record({**NESTED, column: deep}) == NESTED
    assert read_record({column: {"a": object()}, **NESTED}) == NESTED


def test_texts_that_look_like_json_stay_texts_where_a_text_belongs() -> None:
    record = {"content": '{"a": 1}', "candidate": {"last_name": "null"}, "label": "[]"}
    assert read_record(record) == record
    flat = read_record(
        {"remote_fields__hr4you__applicant__a": '{"b": 1}', "remote_fields.hr4you.application": '{"c": 1}'}
    )
    assert flat["remote_fields"]["hr4you"] == {"applicant": {"a": '{"b": 1}'}, "application": {"c": 1}}


def test_surplus_keys_inside_objects_do_not_count() -> None:
    assert read_record({"candidate": {"first_name": "J", "nick": "x", "_sdc_a": 1}}) == {
        "candidate": {"first_name": "J"}
    }


def test_only_the_inputs_that_are_asked_for_count() -> None:
    record = {"content": "x", "candidate": "garbage", "candidate__first_name": "J", "CONTENT": "y"}
    assert read_record(record, inputs=("content",)) == {"content": "x"}


@pytest.mark.parametrize(
    ("record", "result"),
    [
        ({"label": "exact", "LABEL": "other"}, {"label": "exact"}),
        ({"LABEL": "other", "label": "exact"}, {"label": "exact"}),
        ({"LABEL": "other", "label": ""}, {"label": "other"}),
        ({"CANDIDATE": {"FIRST_NAME": "a", "Last_Name": "b"}}, {"candidate": {"first_name": "a", "last_name": "b"}}),
        ({"candidate": {"FIRST_NAME": "a", "first_name": "b"}}, {"candidate": {"first_name": "b"}}),
        ({"CANDIDATE": {"first_name": "a"}, "candidate__first_name": "b"}, {"candidate": {"first_name": "b"}}),
    ],
)
def test_a_column_written_exactly_goes_before_one_in_another_case(
    record: dict[str, Any], result: dict[str, Any]
) -> None:
    assert read_record(record) == result


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"candidate": {"first_name": "Anna"}, "candidate__first_name": "Berta"}, "candidate.first_name"),
        ({"candidate__first_name": "Anna", "candidate.first_name": "Berta"}, "candidate.first_name"),
        ({"LABEL": "Anna", "Label": "Berta"}, "label"),
        ({"attachments": [{}, {"name": "Anna"}], "attachments__1__name": "Berta"}, "attachments[1].name"),
        ({"candidate": "Anna", "candidate__first_name": "Berta"}, "candidate"),
        ({"attachments": {"Anna": 1}, "attachments__0__name": "Berta"}, "attachments"),
        (
            {"remote_fields": {"hr4you": {"applicant": {"Anna": 1}}}, "remote_fields__hr4you__applicant__Anna": 2},
            "remote_fields.hr4you.applicant",
        ),
        (
            {"remote_fields": {"hr4you": {"applicant": "Anna"}}, "remote_fields__hr4you__applicant__Anna__Berta": 2},
            "remote_fields.hr4you.applicant",
        ),
        (
            {
                "remote_fields": {"hr4you": {"applicant": {"Anna": 1}}},
                "remote_fields__hr4you__applicant__Anna__Berta": 2,
            },
            "remote_fields.hr4you.applicant",
        ),
    ],
)
def test_columns_that_contradict_each_other_are_refused_by_name(record: dict[str, Any], field: str) -> None:
    for given_record in (record, dict(reversed(record.items()))):
        with pytest.raises(InputInvalidError) as caught:
            read_record(given_record)
        assert caught.value.field == field
        assert str(caught.value).startswith(f"`{field}`: found ")
        assert "Anna" not in str(caught.value)
        assert "Berta" not in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other"), [(12, "12"), ("12", Decimal("12.0")), (" a ", "a"), (True, "true"), (12.0, 12)]
)
def test_a_value_written_in_two_ways_is_no_contradiction_and_the_nested_one_is_taken(one: Any, other: Any) -> None:
    assert read_record({"source__id": other, "source": {"id": one}})["source"]["id"] == one


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Decimal("12.0"), 12),
        (Decimal("1E+2"), 100),
        (Decimal(12345678901234567890), 12345678901234567890),
        (Decimal("1.50"), 1.5),
        (Decimal("1E+999999"), math.inf),
        (dt.datetime(2026, 1, 31, 12, tzinfo=dt.timezone.utc), "2026-01-31T12:00:00+00:00"),
        (dt.date(2026, 1, 31), "2026-01-31"),
        (1.5, 1.5),
        (False, False),
        (0, 0),
    ],
)
def test_values_become_json(value: Any, plain: Any) -> None:
    result = read_record({"label": value, "body": {"a": [value]}})
    assert result == {"label": plain, "body": {"a": [plain]}}
    assert type(result["label"]) is type(plain)


def test_the_record_is_not_changed_nor_shared() -> None:
    record: dict[str, Any] = {
        "body": {"a": {"b": []}},
        "remote_fields": {"hr4you": {"applicant": {}}},
        "remote_fields__hr4you__applicant__x": 1,
    }
    copy = json.loads(json.dumps(record))
    read_record(record)["body"]["a"]["b"].append(1)
    assert record == copy


def test_what_is_nested_too_deeply_is_refused_by_name() -> None:
    deep: Any = "Geheimnis"
    for _ in range(DEEPEST + 1):
        deep = {"Geheimnis": deep}
    with pytest.raises(InputInvalidError, match="`body`: found an object nested too deeply") as caught:
        read_record({"body": deep})
    assert "Geheimnis" not in str(caught.value)
    assert read_record({"body": deep["Geheimnis"]})
