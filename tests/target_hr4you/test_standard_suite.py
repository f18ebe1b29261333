"""The SDK's standard tests for targets, as far as they make sense for actions.

Their streams are taken for notes: none of their records is one, and a target that takes actions keeps each of them as
failed and goes on. `LEFT_OUT` holds the others, with what holds their place.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from singer_sdk.testing import get_target_test_class
from singer_sdk.testing.suites import SingerTestSuite, target_tests
from sqlalchemy import create_engine, text

from target_hr4you.target import TargetHR4YOU

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


def test_every_record_of_the_suite_is_kept_as_failed() -> None:
    engine = create_engine(str(CONFIG["ledger_url"]))
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT status, error_code FROM hr4you_actions")).all()
    engine.dispose()

    assert len(rows) > 20
    assert set(rows) == {("failed", "INPUT_INVALID")}
