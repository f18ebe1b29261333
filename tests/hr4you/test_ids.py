from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr4you.ids import MODEL_OF_STREAM, MODELS, STREAM_OF_MODEL, make_id, split_id, to_remote_id

TENANTS = st.from_regex(r"[a-z0-9][a-z0-9._-]*", fullmatch=True).filter(lambda name: name not in {"remote", "action"})


@given(TENANTS, st.sampled_from(MODELS), st.text(min_size=1))
def test_an_id_is_taken_apart_into_what_it_was_made_of(tenant: str, model: str, remote_id: str) -> None:
    assert split_id(make_id(tenant, model, remote_id)) == (tenant, model, remote_id)


def test_an_id_reads_tenant_model_and_remote_id() -> None:
    assert make_id("acme", "application_stage", "7") == "acme:application_stage:7"


def test_a_remote_id_may_hold_colons() -> None:
    assert split_id("acme:job:urn:x:7") == ("acme", "job", "urn:x:7")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1001",
        "remote:123",
        "acme:job",
        "acme:job:",
        ":job:1",
        "acme::1",
        "acme:jobs:1",
        "action:application:1",
        "remote:job:1",
    ],
)
def test_what_is_no_id_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="tenant:model:remote_id") as caught:
        split_id(text)
    assert not text or text not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1001, "1001"),
        (0, "0"),
        (" 1001 ", "1001"),
        ("a:b", "a:b"),
        (12.0, "12"),
        (12.5, None),
        (float("nan"), None),
        (float("inf"), None),
        ("", None),
        ("  ", None),
        (None, None),
        (True, None),
        ([1001], None),
        ({"id": 1001}, None),
    ],
)
def test_a_remote_id_is_the_text_of_the_wire_s_id(value: Any, text: str | None) -> None:
    assert to_remote_id(value) == text


def test_streams_are_the_models_in_the_plural() -> None:
    assert MODEL_OF_STREAM == {
        "users": "user",
        "jobs": "job",
        "candidates": "candidate",
        "application_stages": "application_stage",
        "applications": "application",
    }
    assert {stream: STREAM_OF_MODEL[model] for stream, model in MODEL_OF_STREAM.items()} == {
        stream: stream for stream in MODEL_OF_STREAM
    }
