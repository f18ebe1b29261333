from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_hr4you.actions import ACTION_NAMES, InputInvalidError, read_action
from target_hr4you.incoming import INPUTS
from target_hr4you.models import MODELS
from tests.target_hr4you.contents import MARK, input_leaves, leaves, refused, with_value

WRONG: list[tuple[str, str, list[Any]]] = [
    ("create_candidate", "candidate.first_name", [1, True, [MARK], {MARK: MARK}, "x" * 501, f"{MARK}\0", "\ud800"]),
    ("create_candidate", "candidate.last_name", [1.5, [MARK], "x" * 501]),
    (
        "create_candidate",
        "candidate.email_address",
        [MARK, f"{MARK}@x", f"a@b.de, {MARK}@b.de", 1, f"{'a' * 250}@b.de"],
    ),
    ("create_candidate", "candidate.phone_number", [True, 1.5, [MARK], float("nan"), float("inf")]),
    ("create_candidate", "candidate.gender", [MARK, "m", "männlich", 1, True]),
    ("create_candidate", "candidate.location", [MARK, 1, [MARK], f'["{MARK}"]']),
    ("create_candidate", "candidate.location.city", [1, [MARK], {MARK: 1}]),
    (
        "create_candidate",
        "candidate.location.country",
        [MARK, "D", "DEU", "Deutschland", "UK", "XX", "ZZ", "EU", "ÄÖ", 1],
    ),
    ("create_candidate", "candidate", [MARK, 1, [MARK], "{" + MARK]),
    ("create_candidate", "application", [MARK, 1, [MARK]]),
    ("create_candidate", "application.job_id", [True, 1.5, [MARK], {MARK: 1}, f"{MARK}\0"]),
    ("create_candidate", "application.stage_id", [False, float("nan"), [MARK]]),
    ("create_candidate", "attachments", [MARK, 1, {MARK: MARK}, {"name": MARK}]),
    ("create_candidate", "attachments.1", [MARK, 1, [MARK]]),
    ("create_candidate", "attachments.1.name", [1, [MARK]]),
    ("create_candidate", "attachments.1.type", [MARK, "cv letter", 1]),
    (
        "create_candidate",
        "attachments.0.content_type",
        [MARK, f"{MARK}/", f"/{MARK}", "a/b c", f"a/b;\r\n{MARK}", "pdf", 1],
    ),
    ("create_candidate", "attachments.0.data", [1, [MARK], {MARK: 1}]),
    (
        "create_candidate",
        "attachments.1.data_url",
        [
            *(
                MARK,
                f"http://{MARK}.example/x",
                f"ftp://{MARK}/",
                f"data:text/plain,{MARK}",
                "https://",
                "https:///x",
                1,
            ),
            *(
                f"https://{MARK}@files.example/",
                f"https://a:{MARK}@files.example/",
                "https://a.example:99999/",
                "https://[/",
            ),
            *(f"https://files.example/{MARK} x", f"https://files.example\\{MARK}", f"https://files.example/\n{MARK}"),
            *("http://localhost.example/", "http://10.0.0.1/", "file:///etc/passwd", "//files.example/x"),
        ],
    ),
    ("create_candidate", "source", [MARK, 1, [MARK]]),
    ("create_candidate", "source.name", [1, [MARK]]),
    ("create_candidate", "source.unified_key", [1, {MARK: 1}]),
    ("create_candidate", "source.id", [True, 1.5, [MARK]]),
    ("create_candidate", "gdpr_consent", [MARK, True, [MARK]]),
    ("create_candidate", "gdpr_consent.given", [MARK, "t", 2, 0.5, [MARK], "jawohl"]),
    ("create_candidate", "remote_fields", [MARK, 1, [MARK]]),
    ("create_candidate", "remote_fields.hr4you", [MARK, 1, [MARK]]),
    ("create_candidate", "remote_fields.hr4you.applicant", [MARK, 1, [MARK], {MARK: float("inf")}, {f"{MARK}\0": 1}]),
    ("create_candidate", "remote_fields.hr4you.application", [MARK, 1, [MARK], {"a": ["\ud800"]}]),
    ("add_attachment_to_application", "application_id", [True, [MARK]]),
    ("add_attachment_to_application", "attachment", [MARK, 1, [MARK], {MARK: MARK}]),
    ("add_attachment_to_candidate", "candidate_id", [1.5, {MARK: 1}]),
    ("add_result_link_to_application", "label", [1, [MARK]]),
    (
        "add_result_link_to_application",
        "url",
        [
            *(MARK, f"javascript:{MARK}", f"//{MARK}", f"https:{MARK}", f"https://a.example/{MARK} x", "https://", 1),
            *(
                f"https://a.example/<{MARK}",
                f'https://a.example/"{MARK}',
                f"https://a.example/{MARK}>",
                "https://a.example:x/",
            ),
            *(f"https://a.example/\t{MARK}", f"https://a.example/\u202e{MARK}", f"https://a.example/\u2028{MARK}"),
        ],
    ),
    ("add_result_link_to_application", "details", [MARK, [MARK], 1]),
    ("add_result_link_to_application", "details.custom_field_name_prefix", [1, [MARK]]),
    ("add_result_link_to_application", "details.attributes", [MARK, 1, {MARK: MARK}]),
    ("add_result_link_to_application", "details.attributes.1", [MARK, 1]),
    ("add_result_link_to_application", "details.attributes.1.key", [None, 1, [MARK]]),
    ("add_result_link_to_application", "details.attributes.1.value", [[MARK], {MARK: 1}, float("nan"), float("-inf")]),
    ("add_note_to_application", "content", [1, [MARK], {MARK: 1}, f"{MARK}\0"]),
    ("add_note_to_application", "content_type", [MARK, "HTML", "text/plain", 1]),
    ("passthrough", "method", [MARK, "HEAD", 1]),
    (
        "passthrough",
        "path",
        [
            *(f"https://{MARK}/", f"//{MARK}/x", f"mailto:{MARK}", f"../{MARK}", f"{MARK}/..", f"a/../{MARK}", "..", 1),
            *(f"a/%2e%2E/{MARK}", f"a%2f..%2f{MARK}", f"a/.%2e/{MARK}", f"a b{MARK}", f"a\n{MARK}", f"a\\{MARK}"),
            *(f"a#{MARK}", f"a%5c{MARK}", f"a%0d%0a{MARK}", f"a\u00a0{MARK}", f"a?b={MARK} c", f"a?b=\\{MARK}"),
        ],
    ),
    ("passthrough", "params", [MARK, 1, [MARK], {MARK: [1]}, {"a": {MARK: 1}}, {"a": float("nan")}]),
    ("passthrough", "body", [float("nan"), {MARK: [float("inf")]}, [f"{MARK}\ud800"]]),
]


@pytest.mark.parametrize(
    ("action", "path", "value"), [(action, path, value) for action, path, values in WRONG for value in values]
)
def test_a_wrong_value_is_refused_by_name_and_not_repeated(action: str, path: str, value: Any) -> None:
    error = refused(action, with_value(action, path, value))
    found = error.field.replace("[", ".").replace("]", "")
    assert found == path
    assert " more: " not in str(error)


def test_every_leaf_of_every_model_is_among_the_wrong_values() -> None:
    tried = {".".join(part for part in path.split(".") if not part.isdigit()) for _, path, _ in WRONG}
    known = {leaf for model in MODELS.values() for leaf in leaves(model)}
    # `attachment` is the same model as the elements of `attachments`.
    assert {leaf.replace("attachment.", "attachments.") for leaf in known} <= tried


@given(
    st.recursive(
        st.sampled_from([MARK, f"{MARK}@x", f"{{{MARK}", 4711.5, True, None, f"https://{MARK}@x.de/\n", float("nan")]),
        lambda inner: (
            st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from([MARK, *INPUTS]), inner, max_size=2)
        ),
    ),
    st.sampled_from(ACTION_NAMES),
    st.lists(st.sampled_from(sorted(input_leaves(INPUTS) | set(INPUTS))), min_size=1, max_size=4),
)
def test_no_message_repeats_what_stood_in_a_record(value: Any, action: str, columns: list[str]) -> None:
    with contextlib.suppress(InputInvalidError):
        read_action(action, dict.fromkeys(columns, value))
        return
    refused(action, dict.fromkeys(columns, value))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("X", "a text of 1 character;"),
        ("XYZ", "a text of 3 characters;"),
        (4711, "a number;"),
        (True, "a boolean;"),
        ([MARK], "a list;"),
        ({MARK: 1}, "an object;"),
    ],
)
def test_a_message_tells_the_kind_of_what_was_found(value: Any, kind: str) -> None:
    error = refused("create_candidate", with_value("create_candidate", "candidate.location.country", value))
    assert error.field == "candidate.location.country"
    assert f"found {kind} expected a country code of ISO 3166-1 alpha-2, such as DE" in str(error)


def test_positions_in_lists_are_named() -> None:
    error = refused("create_candidate", with_value("create_candidate", "attachments.1.data_url", MARK))
    assert error.field == "attachments[1].data_url"
