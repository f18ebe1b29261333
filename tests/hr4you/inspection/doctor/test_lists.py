"""Lists that are not what the contract says, or not all that they should be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.hr4you.inspection.doctor.tenants import HonestTenant, contract, examine
from tests.servers.base import serving

if TYPE_CHECKING:
    from pathlib import Path


def test_of_a_tenant_without_faults_nothing_fails_and_nothing_is_written(tenant: HonestTenant) -> None:
    report = examine(tenant.base_url)
    assert report.status == 0
    assert report.data["ok"] is True
    assert {what for what, _, _ in report.bad} == {"fields"}  # its objects hold few
    for what in ("rights", "ids", "one by id", "page size", "totals", "paging", "changed at", "changed since"):
        for subject in ("users", "jobs", "candidates", "application_stages", "applications"):
            assert report.result(what, subject) == "ok", (what, subject)
    assert tenant.methods == {"GET", "OPTIONS"}
    assert len(tenant.requests) < 40


def test_a_right_that_lacks_concerns_its_resource_alone(tenant: HonestTenant) -> None:
    tenant.refused["applicants"] = 403
    report = examine(tenant.base_url)
    assert report.status == 1
    rights = report.find("rights", "candidates")
    assert (rights["result"], "403" in rights["found"]) == ("failed", True)
    assert rights["to_do"] == "Ask HR4YOU for the right to read candidates (GET /api2/applicants)"
    assert report.result("rights", "applications") == report.result("paging", "applications") == "ok"
    for what in ("ids", "paging", "changed at", "fields"):
        assert report.result(what, "candidates") == "not tried"


def test_a_path_that_is_not_there_names_the_line_that_says_it(tenant: HonestTenant, tmp_path: Path) -> None:
    path = contract(tmp_path, "version: 1\nresources:\n  jobs:\n    list: stellen\n    get: null\n")
    tenant.refused["stellen"] = 404
    report = examine(tenant.base_url, contract=path)
    assert report.find("rights", "jobs")["to_do"] == f"Mend `resources.jobs.list` ({path}, line 4)"


@pytest.mark.parametrize(("status", "told"), [(404, "`api.base_path`"), (403, "whether the token is for API v2")])
def test_where_all_lists_fail_alike_the_common_cause_comes_first(tenant: HonestTenant, status: int, told: str) -> None:
    tenant.refused |= dict.fromkeys(["users", "jobs", "applicants", "stages", "applications"], status)
    report = examine(tenant.base_url)
    assert report.status == 1
    first = next(check for check in report.data["checks"] if check["result"] == "failed")
    assert told in first["to_do"]
    assert report.result("action") == "not tried"


def test_records_that_stand_elsewhere_are_found(tenant: HonestTenant) -> None:
    tenant.instead["users"] = {"ergebnis": {"liste": [{"userId": 1}]}, "Müller, Eva": []}
    report = examine(tenant.base_url)
    rights = report.find("rights", "users")
    assert (report.status, rights["result"]) == (1, "failed")
    assert rights["to_do"] == "Mend `api.records` (so far the default): there is one at `ergebnis.liste`"
    assert "Müller" not in report.text


def test_an_empty_list_is_a_warning(tenant: HonestTenant) -> None:
    tenant.tables["users"].clear()
    report = examine(tenant.base_url)
    assert report.status == 0
    assert report.result("rights", "users") == "warning"
    assert report.result("paging", "users") == "not tried"


def test_a_smaller_cap_of_the_page_size_is_told(tenant: HonestTenant) -> None:
    rows = list(tenant.tables["jobs"].values())
    tenant.instead["jobs"] = {"data": rows[:4], "meta": {"total": 6, "lastPage": 2}}
    size = examine(tenant.base_url).find("page size", "jobs")
    assert size["result"] == "warning"
    assert size["to_do"].startswith("Set `max_size: 4` in `api.pagination`")


@pytest.mark.parametrize(
    ("meta", "told"),
    [
        ({}, "no number where the contract has `total` and `last_page`"),
        ({"total": 2, "lastPage": 1}, "says there are 2, but 6 came"),
        ({"total": 6, "lastPage": 3}, "but 3 pages"),
    ],
    ids=["not told", "too few", "pages that disagree"],
)
def test_totals_that_do_not_agree_are_a_warning(tenant: HonestTenant, meta: dict[str, int], told: str) -> None:
    tenant.instead["jobs"] = {"data": list(tenant.tables["jobs"].values()), "meta": meta}
    totals = examine(tenant.base_url).find("totals", "jobs")
    assert (totals["result"], told in totals["found"]) == ("warning", True)


def test_a_second_page_that_is_the_first_again_fails(tenant: HonestTenant) -> None:
    tenant.ignored = {"page"}
    report = examine(tenant.base_url)
    paging = report.find("paging", "candidates")
    assert (report.status, paging["result"]) == (1, "failed")
    assert "`page` is not heeded" in paging["found"]


class FromZero(HonestTenant):
    """Counts its pages from 0."""

    def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:
        if "page" in query:
            query = query | {"page": str(int(query["page"]) + 1)}
        return super().handle(method, path, query, headers, body)


@pytest.mark.parametrize(("number", "what"), [(6, "rights"), (250, "paging")], ids=["one page", "two pages"])
def test_pages_that_count_from_zero_are_known_by_what_comes(number: int, what: str) -> None:
    tenant = FromZero()
    tenant.put("jobs", *range(1, number + 1))
    with serving(tenant):
        report = examine(tenant.base_url)
    assert (report.status, report.result(what, "jobs")) == (1, "failed")
    assert "`first_page: 0`?" in report.find(what, "jobs")["to_do"]


def test_a_first_page_that_is_empty_though_there_are_records_fails(tenant: HonestTenant) -> None:
    tenant.instead["jobs"] = {"data": [], "meta": {"total": 6, "lastPage": 1}}
    rights = examine(tenant.base_url).find("rights", "jobs")
    assert (rights["result"], "first_page: 0" in rights["to_do"]) == ("failed", True)


CURSOR = """\
api:
  pagination: {type: cursor, cursor: after, size: limit, max_size: 200, next: meta.next}
"""


@pytest.mark.parametrize(
    ("habit", "told", "result"),
    [("heeds", "page 2 differs", "ok"), ("ignores", "in a circle", "failed"), ("hides", "does not tell", "failed")],
    ids=["turned", "not heeded", "no next"],
)
def test_pages_that_are_turned_by_a_cursor_are_turned_too(tmp_path: Path, habit: str, told: str, result: str) -> None:
    class ByCursor(HonestTenant):
        def handle(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any) -> Any:
            after = query.pop("after", "0") if habit == "heeds" else "0"
            answer = super().handle(method, path, {"page": "1", **query, "limit": "200"}, headers, body)
            if "limit" not in query or not isinstance(answer, dict):
                return answer
            end = int(after) + int(query["limit"])
            rows = answer["data"]
            more = {"next": str(end)} if end < len(rows) and habit != "hides" else {}
            return {"data": rows[int(after) : end], "meta": more}

    with serving(ByCursor()) as tenant:
        paging = examine(tenant.base_url, contract=contract(tmp_path, CURSOR)).find("paging", "jobs")
    assert (paging["result"], told in paging["found"]) == (result, True)


@pytest.mark.parametrize(
    ("override", "told"),
    [("id: number", "6 of 6 objects have none"), ("id: jobStatus", "6 objects share 1 ids")],
    ids=["missing", "not unique"],
)
def test_ids_that_are_missing_or_shared_fail(tenant: HonestTenant, tmp_path: Path, override: str, told: str) -> None:
    report = examine(tenant.base_url, contract=contract(tmp_path, f"resources: {{jobs: {{{override}}}}}"))
    ids = report.find("ids", "jobs")
    assert (report.status, ids["result"], told in ids["found"]) == (1, "failed", True)


def test_one_object_that_is_another_than_asked_for_fails(tenant: HonestTenant) -> None:
    tenant.instead["jobs/1"] = {"data": {"jobId": 2}}
    one = examine(tenant.base_url).find("one by id", "jobs")
    assert (one["result"], "`api.record`" in one["to_do"]) == ("failed", True)


PER = "resources: {applications: {list: {per: candidates, path: 'applicants/{id}/applications'}, get: null}}"
INSIDE = """\
resources:
  applications:
    list: {nested_in: candidates, path: %s}
    get: null
    select: null
    changed_since: null
    only_ids: null
"""


def test_what_is_asked_for_per_parent_is_asked_for(tenant: HonestTenant, tmp_path: Path) -> None:
    report = examine(tenant.base_url, contract=contract(tmp_path, PER))
    assert report.result("rights", "applications") == report.result("ids", "applications") == "ok"
    assert "GET /api2/applicants/1/applications" in tenant.requests


def test_a_key_inside_the_parents_that_none_has_fails(tenant: HonestTenant, tmp_path: Path) -> None:
    report = examine(tenant.base_url, contract=contract(tmp_path, INSIDE % "bewerbungen"))
    rights = report.find("rights", "applications")
    assert (report.status, rights["result"]) == (1, "failed")
    assert "none of 6 candidates holds `bewerbungen`" in rights["found"]


def test_what_hangs_on_parents_that_may_not_be_read_is_not_tried(tenant: HonestTenant, tmp_path: Path) -> None:
    tenant.refused["applicants"] = 403
    report = examine(tenant.base_url, contract=contract(tmp_path, PER))
    assert report.result("rights", "applications") == "not tried"


def test_a_tenant_that_goes_down_meanwhile_is_not_asked_for_all_the_rest(tenant: HonestTenant) -> None:
    tenant.refused |= dict.fromkeys(["jobs", "applicants", "stages", "applications"], 503)
    report = examine(tenant.base_url)
    assert report.status == 75
    assert report.result("rights", "application_stages") == "not tried"
    assert report.result("action", "create_candidate") == "not tried"
    assert len(tenant.requests) < 12


def test_fields_that_are_never_found_are_named(tenant: HonestTenant, tmp_path: Path) -> None:
    override = "resources: {users: {fields: {first_name: vorname}}}"
    fields = examine(tenant.base_url, contract=contract(tmp_path, override)).find("fields", "users")
    assert fields["result"] == "warning"
    assert fields["found"] == "2 of 3 found in 6 records; never first_name"
    assert "`hr4you contract check`" in fields["to_do"]


@pytest.mark.parametrize(
    ("headers", "settings", "result", "to_do"),
    [
        ({}, {}, "ok", None),
        ({"X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "12"}, {}, "warning", "Ask HR4YOU how many requests"),
        (
            {"RateLimit-Policy": '"default";q=120;w=60'},
            {},
            "warning",
            "Set `max_requests_per_second` to 1.6, and `conc",
        ),
        ({"RateLimit-Policy": "6000;w=60"}, {"max_requests_per_second": "90"}, "ok", None),
    ],
    ids=["none", "no window", "a policy", "kept to"],
)
def test_a_rate_limit_in_the_headers_is_told(
    headers: dict[str, str], settings: dict[str, str], result: str, to_do: str | None
) -> None:
    tenant = HonestTenant()
    tenant.headers = headers
    tenant.refused |= dict.fromkeys(["jobs", "applicants", "stages", "applications"], 404)  # few requests: no pauses
    with serving(tenant):
        limit = examine(tenant.base_url, **settings).find("rate limit")
    assert limit["result"] == result
    assert (limit["to_do"] or "").startswith(to_do or "")
    assert (limit["to_do"] is None) == (to_do is None)


def test_what_a_header_holds_beside_numbers_is_not_shown(tenant: HonestTenant) -> None:
    tenant.headers = {"X-RateLimit-Limit": "erika.geheim@example.org 60", "Retry-After": "\x1b[1m"}
    report = examine(tenant.base_url)
    assert "60" in report.find("rate limit")["found"]
    assert "erika" not in report.text
