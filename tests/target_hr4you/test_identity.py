from __future__ import annotations

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr4you.ids import MODELS, make_id
from target_hr4you.identity import (
    Reference,
    ReferenceInvalidError,
    action_id_of,
    canonical,
    content_hash,
    content_id,
    parse_reference,
    safe_action_id,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
OBJECTS = st.dictionaries(st.text(max_size=8), JSON, max_size=4)
QUERIES = st.from_regex(r"(\?[a-z=&?/]{0,9})?(#[a-z?#]{0,5})?", fullmatch=True)


def id_of(record: dict[str, Any], keys: list[str], *, allow: bool = False, content: Any = None) -> str | None:
    return action_id_of(record, "public-new", keys, allow_content_ids=allow, content=content)


def reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("record", "action_id"),
    [
        ({"action_id": " a-1 ", "id": 7}, "a-1"),
        ({"action_id": 12, "id": 7}, "12"),
        ({"action_id": Decimal("12.0"), "id": 7}, "12"),
        ({"ACTION_ID": "a-1", "id": 7}, "a-1"),
        ({"ACTION_ID": "b", "action_id": "a", "id": 7}, "a"),
        ({"action_id": "", "id": 7}, "public-new:[7]"),
        ({"action_id": None, "id": 7}, "public-new:[7]"),
    ],
)
def test_a_record_s_own_id_goes_before_its_key(record: dict[str, Any], action_id: str) -> None:
    assert id_of(record, ["id"]) == action_id


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (7, "[7]"),
        ("7", '["7"]'),
        ("Köln ", '["Köln "]'),
        (Decimal("7.00"), "[7]"),
        (7.0, "[7]"),
        (Decimal("1.50"), "[1.5]"),
        (dt.date(2026, 1, 31), '["2026-01-31"]'),
        (dt.datetime(2026, 1, 31, 12, tzinfo=dt.timezone.utc), '["2026-01-31T12:00:00+00:00"]'),
        (True, "[true]"),
        (0, "[0]"),
        ({"a": [1, 2]}, '[{"a":[1,2]}]'),
    ],
)
def test_a_key_is_written_as_compact_json_after_the_stream(key: Any, text: str) -> None:
    assert id_of({"id": key}, ["id"]) == f"public-new:{text}"


def test_the_parts_of_a_key_keep_their_order() -> None:
    assert id_of({"a": 1, "b": "x"}, ["b", "a"]) == 'public-new:["x",1]'


def deep() -> Any:
    value: Any = 1
    for _ in range(400):
        value = [value]
    return value


@pytest.mark.parametrize("key", [None, "", "  ", float("nan"), Decimal("NaN"), deep()], ids=lambda key: str(key)[:5])
@pytest.mark.parametrize("allow", [True, False])
def test_a_record_with_an_empty_key_has_no_id(key: Any, *, allow: bool) -> None:
    assert id_of({"id": key, "b": 1}, ["b", "id"], allow=allow, content={"a": 1}) is None
    assert id_of({"b": 1}, ["b", "id"], allow=allow, content={"a": 1}) is None
    assert id_of({"action_id": key}, [], allow=allow, content={"a": 1}) is None


def test_contents_are_ids_only_where_that_is_allowed_and_nothing_else_is_there() -> None:
    assert id_of({"x": 1}, [], allow=True, content={"a": 1}) == content_id({"a": 1})
    assert id_of({"x": 1}, [], allow=False, content={"a": 1}) is None
    assert id_of({"x": 1}, [], allow=True) is None
    assert id_of({"id": 1}, ["id"], allow=True, content={"a": 1}) == "public-new:[1]"


def test_ids_with_an_address_are_not_shown() -> None:
    digest = hashlib.sha256(b'public-new:["joerg@example.de"]').hexdigest()[:32]
    assert id_of({"mail": "joerg@example.de"}, ["mail"]) == f"sha256:{digest}"
    assert id_of({"action_id": "joerg@example.de"}, []) == safe_action_id("joerg@example.de")


@pytest.mark.parametrize(
    "text",
    [
        *("joerg@example.de", "new:joerg@example.de/1", 'x:["a.b+c@d"]', "ü@ä", "a-@example.de", "o'neil'@b"),
        *("jose\u0301@example.de", "x" * 256, "a\nb", "a\0b", "\ud800"),
    ],
)
def test_an_id_that_may_not_be_shown_or_kept_becomes_a_digest(text: str) -> None:
    expected = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
    assert safe_action_id(text) == f"sha256:{expected}"
    assert safe_action_id(safe_action_id(text)) == safe_action_id(text)


@pytest.mark.parametrize(
    "text", ["a-1", "a/b:c", "@", "a @ b", "team:@max", "a@", "x" * 255, "Köln 1", "sha256:00", ""]
)
def test_every_other_id_stays_as_it_is(text: str) -> None:
    assert safe_action_id(text) == text


@given(OBJECTS)
def test_the_order_of_keys_does_not_change_what_a_content_is(content: dict[str, Any]) -> None:
    assert content_hash(reordered(content)) == content_hash(content)
    assert content_id(reordered(content)) == content_id(content)
    assert json.loads(canonical(content)) == content


@given(OBJECTS, OBJECTS)
def test_other_contents_are_told_apart(one: dict[str, Any], other: dict[str, Any]) -> None:
    is_same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (content_id(one) == content_id(other)) == is_same


@given(QUERIES, QUERIES)
def test_a_signature_renewed_is_the_same_content(one: str, other: str) -> None:
    def contents(query: str) -> list[dict[str, Any]]:
        attachment = {"name": "a?b#c", "data_url": f"https://files.example/cv{query}"}
        return [{"candidate_id": "1", "attachment": attachment}, {"attachments": [{"data_url": "x"}, attachment]}]

    assert list(map(content_hash, contents(one))) == list(map(content_hash, contents(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"attachment": {"data_url": "https://a/1"}}, {"attachment": {"data_url": "https://a/2"}}),
        ({"url": "https://a/?1"}, {"url": "https://a/?2"}),
        ({"data_url": ["?1"]}, {"data_url": ["?2"]}),
        ({"a": 1}, {"a": "1"}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({}, {"a": None}),
    ],
)
def test_what_is_sent_otherwise_is_another_content(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert content_hash(one) != content_hash(other)


def test_hashes_are_sha256_of_the_canonical_text() -> None:
    digest = hashlib.sha256(b'{"a":{"c":2,"d":1},"b":[1,2]}').hexdigest()
    assert content_hash({"b": [1, 2], "a": {"d": 1, "c": 2}}) == digest
    assert content_id({"b": [1, 2], "a": {"d": 1, "c": 2}}) == f"content:{digest}"


def test_two_files_behind_one_address_are_two_contents() -> None:
    one, other = ({"attachment": {"data_url": f"https://a.example/download?id={i}"}} for i in (1, 2))
    assert content_id(one) != content_id(other)


def test_a_record_that_cannot_be_read_has_a_hash_too() -> None:
    record = {"a": Decimal("1.5"), "b": dt.date(2026, 1, 31), "c": float("nan"), "d": "\ud800"}
    assert content_id(record) == content_id(dict(reversed(record.items())))


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("acme:candidate:123", Reference(remote_id="123")),
        (" acme:candidate:urn:x:7 ", Reference(remote_id="urn:x:7")),
        ("remote:123", Reference(remote_id="123")),
        ("remote: 12:3 ", Reference(remote_id="12:3")),
        (" 123 ", Reference(remote_id="123")),
        ("a1-b2.c3", Reference(remote_id="a1-b2.c3")),
        ("action:a-1", Reference(action_id="a-1")),
        ("action:create_candidate/a-1", Reference(action="create_candidate", action_id="a-1")),
        ("action:passthrough/a/b:c", Reference(action="passthrough", action_id="a/b:c")),
        ("action:a/b:c", Reference(action_id="a/b:c")),
        ("action:create_candidate", Reference(action_id="create_candidate")),
        ("action:create_candidate/", Reference(action_id="create_candidate/")),
        ('action:public-new:["x",1]', Reference(action_id='public-new:["x",1]')),
        ("action:joerg@example.de", Reference(action_id=safe_action_id("joerg@example.de"))),
        (
            "action:create_candidate/joerg@example.de",
            Reference(action="create_candidate", action_id=safe_action_id("joerg@example.de")),
        ),
    ],
)
def test_a_reference_is_read(text: str, reference: Reference) -> None:
    assert parse_reference(text, tenant="acme", model="candidate") == reference


@given(st.sampled_from(MODELS), st.from_regex(r"[a-z0-9._-]*[a-z0-9][a-z0-9:._-]*", fullmatch=True))
def test_an_id_of_the_tap_refers_to_its_object(model: str, remote_id: str) -> None:
    assert parse_reference(make_id("acme", model, remote_id), tenant="acme", model=model).remote_id == remote_id


@given(st.text().filter(lambda text: text.strip()))
def test_the_id_that_an_action_has_is_the_one_its_reference_has(text: str) -> None:
    own = id_of({"action_id": text}, [])
    assert parse_reference(f"action:create_candidate/{text}", tenant="acme", model="candidate").action_id == own


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "remote:", "remote: ", "action:", "action: ", "acme:candidate:", "acme:candidates:4711", ":4711"),
        *("acme:4711", "other:stuff:4711", "acme:action:create_candidate/4711", "Remote:4711", "candidate:4711"),
        *(
            ".",
            "..",
            "remote:..",
            "acme:candidate:..",
            "47 11",
            "4711\n4711",
            "4711@example.de",
            "remote:4711@example.de",
        ),
    ],
)
def test_what_is_no_reference_is_refused_with_the_forms_that_are(text: str) -> None:
    with pytest.raises(ReferenceInvalidError) as caught:
        parse_reference(text, tenant="acme", model="candidate")
    assert caught.value.code == "INPUT_INVALID"
    assert caught.value.field == "candidate_id"
    assert "`tenant:candidate:123`, `remote:123`, `123` or `action:{action_id}`" in str(caught.value)
    assert "4711" not in str(caught.value)


def test_an_id_of_another_tenant_is_told_apart_from_other_faults() -> None:
    with pytest.raises(ReferenceInvalidError, match="an id of another tenant; expected one of `acme`") as caught:
        parse_reference("secret:job:4711", tenant="acme", model="candidate")
    assert caught.value.code == "TENANT_MISMATCH"
    assert "4711" not in str(caught.value)


def test_an_id_of_another_model_is_refused() -> None:
    with pytest.raises(ReferenceInvalidError, match="an id of the model `job`; expected one of the model `") as caught:
        parse_reference("acme:job:4711", tenant="acme", model="candidate")
    assert caught.value.code == "INPUT_INVALID"
    assert "4711" not in str(caught.value)


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("job", "application.job_id"),
        ("application_stage", "application.stage_id"),
        ("candidate", "candidate_id"),
        ("application", "application_id"),
    ],
)
def test_the_field_of_a_wrong_reference_is_named(model: str, field: str) -> None:
    with pytest.raises(ReferenceInvalidError) as caught:
        parse_reference("", tenant="acme", model=model)
    assert caught.value.field == field
    with pytest.raises(ReferenceInvalidError) as caught:
        parse_reference("", tenant="acme", model=model, field="job_id")
    assert caught.value.field == "job_id"
