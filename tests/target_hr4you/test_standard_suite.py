"""The SDK's standard tests for targets, as far as they make sense for actions.

Their streams are taken for notes: none of their records is one, and a target that takes actions keeps each of them as
failed and goes on. `LEFT_OUT` holds the others, with what holds their place.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from singer_sdk.testing import get_target_test_class, target_test_streams
from singer_sdk.testing.suites import SingerTestSuite, target_tests

from target_hr4you.target import TargetHR4YOU
from tests.target_hr4you.runs import run_target

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT_OUT = {
    "record_before_schema": "wants the SDK's exception; ours is one line with a status (test_bad_input.py)",
    "record_missing_key_property": "wants the run to end; ours keeps the record as failed (test_bad_input.py)",
    "no_primary_keys": "wants rows without identity; ours refuses the stream (test_bad_input.py)",
}

FOLDER = Path(tempfile.mkdtemp())  # the suite takes its settings when tests are collected
STREAMS = (
    *("test_array_data", "TestCamelcase", "ForecastingTypeToCategory", "test_duplicate_records", "test_strings"),
    *("test_strings_in_objects", "test_strings_in_arrays", "test_optional_attributes", "test_pk_updates"),
    *("test_record_missing_fields", "test_object_schema_with_properties", "test_object_schema_no_properties"),
    *("test_schema_updates", "test:SpecialChars!in?attributes", "example_stream", "record_missing_fields"),
)
CONFIG = {
    "base_url": "http://127.0.0.1:1",  # nobody is asked: no record is an action
    "api_token": "sandbox",
    "tenant": "acme",
    "ledger_url": f"sqlite:///{FOLDER / 'ledger.db'}",
    "stream_actions": dict.fromkeys(STREAMS, "add_note_to_application"),
    "fail_on_errors": False,
    "allow_content_ids": True,
}


@pytest.fixture(scope="module", autouse=True)
def _folder() -> Iterator[None]:
    FOLDER.mkdir(exist_ok=True)
    yield
    shutil.rmtree(FOLDER)


TestTargetHR4YOU = get_target_test_class(
    TargetHR4YOU,
    config=CONFIG,
    include_target_tests=False,
    custom_suites=[
        SingerTestSuite(kind="target", tests=[test for test in target_tests.tests if test.name not in LEFT_OUT])
    ],
)


def test_what_is_left_out_is_still_in_the_sdks_suite() -> None:
    assert set(LEFT_OUT) <= {test.name for test in target_tests.tests}


def test_the_suites_records_are_kept_as_failed_and_nothing_is_sent(tmp_path: Path) -> None:
    lines = (files(target_test_streams) / "array_data.singer").read_text(encoding="utf-8").splitlines()
    config = {**CONFIG, "ledger_url": f"sqlite:///{tmp_path / 'ledger.db'}"}
    ended = run_target(config, [json.loads(line) for line in lines])

    assert ended.status == 0
    assert ended.states == [{"test_array_data": 4}]
    assert "add_note_to_application failed 4: INPUT_INVALID (application_id)" in ended.log
