"""What the token could do, told without writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hr4you.inspection.doctor.tenants import HonestTenant, contract, examine

if TYPE_CHECKING:
    from pathlib import Path

WRITES = {
    "applicants": "GET, POST",
    "applications": "GET, POST",
    "applications/1/attachments": "GET, POST",
    "applications/1/notes": "POST",
    "applications/1": "GET, PATCH",
    "applicants/1/attachments": "POST",
}


def test_where_paths_tell_their_methods_all_actions_are_fine(tenant: HonestTenant) -> None:
    tenant.allow = dict(WRITES)
    report = examine(tenant.base_url)
    results = {check["subject"]: check["result"] for check in report.data["checks"] if check["what"] == "action"}
    assert len(results) == 6
    assert set(results.values()) == {"ok"}


def test_where_they_do_not_it_is_said_that_nobody_can_tell(tenant: HonestTenant) -> None:
    report = examine(tenant.base_url)
    create = report.find("action", "create_candidate")
    assert (report.status, create["result"]) == (0, "not tried")
    assert "cannot be told without writing" in create["found"]
    assert "`dry_run`" in create["to_do"]


def test_a_path_that_does_not_take_the_method_is_a_warning(tenant: HonestTenant) -> None:
    tenant.allow = WRITES | {"applications/1/notes": "GET, HEAD"}
    report = examine(tenant.base_url)
    note = report.find("action", "add_note_to_application")
    assert (note["result"], "takes GET, HEAD, not POST" in note["found"]) == ("warning", True)
    assert report.result("action", "create_candidate") == "ok"


def test_a_lookup_by_email_that_finds_everybody_fails(tenant: HonestTenant) -> None:
    tenant.ignored = {"email"}
    report = examine(tenant.base_url)
    create = report.find("action", "create_application")
    assert (report.status, create["result"]) == (1, "failed")
    assert "`email` is ignored" in create["found"]
    assert "steps.0.find` (so far the default)" in create["to_do"]


def test_a_lookup_that_does_not_find_an_application_that_is_there_fails(tenant: HonestTenant, tmp_path: Path) -> None:
    tenant.instead["nothing"] = {"data": []}
    find = "{path: nothing, params: {a: steps.applicant.id}, records: data, id: applicationId}"
    step = f"{{name: application, request: {{method: POST, path: applications}}, find: {find}}}"
    report = examine(
        tenant.base_url, contract=contract(tmp_path, f"actions: {{create_application: {{steps: [{step}]}}}}")
    )
    assert report.result("action", "create_application") == "failed"


@pytest.mark.parametrize(("status", "told"), [(403, "Ask HR4YOU for the right to GET"), (404, "Mend `actions.")])
def test_a_lookup_that_is_refused_is_a_warning(tenant: HonestTenant, status: int, told: str) -> None:
    tenant.refused |= {"sources": status, "applications/1/notes": status}
    report = examine(tenant.base_url)
    assert (report.status, report.result("look-up", "sources")) == (0, "warning")
    note = report.find("action", "add_note_to_application")
    assert (note["result"], note["to_do"].startswith(told)) == ("warning", True)
    assert report.result("action", "create_candidate") == "not tried"


def test_attachments_that_only_candidates_take_are_no_fault(tenant: HonestTenant) -> None:
    tenant.refused["applications/1/attachments"] = 404
    attach = examine(tenant.base_url).find("action", "add_attachment_to_application")
    assert (attach["result"], "its `fallback` would be taken" in attach["found"]) == ("not tried", True)


def test_an_action_that_the_contract_lacks_is_a_warning(tenant: HonestTenant, tmp_path: Path) -> None:
    report = examine(tenant.base_url, contract=contract(tmp_path, "actions: {add_note_to_application: null}"))
    assert report.result("action", "add_note_to_application") == "warning"


def test_without_records_to_try_with_nothing_is_claimed(tenant: HonestTenant) -> None:
    tenant.tables["applications"].clear()
    note = examine(tenant.base_url).find("action", "add_note_to_application")
    assert (note["result"], "no record was read" in note["found"]) == ("not tried", True)


def test_lookups_that_refuse_the_token_do_not_count_as_a_tenant_that_is_down(tenant: HonestTenant) -> None:
    tenant.refused |= {"sources": 401, "customfields": 401}
    report = examine(tenant.base_url)
    assert report.result("look-up", "custom_field_definitions") == "warning"
    assert "cannot be told without writing" in report.find("action", "create_candidate")["found"]
