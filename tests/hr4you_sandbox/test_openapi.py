"""The sandbox's OpenAPI document tells the truth about requests and answers, in both dialects."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from hr4you_sandbox import Sandbox, serve_in_thread
from tests.hr4you_sandbox.conftest import Caller

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

DIALECTS = ("default", "legacy")
LOGIN = {"benutzer": "sandbox", "kennwort": "sandbox"}
APPLICANT = {"firstname": "Jörg", "lastname": "Groß", "email": "joerg@example.com", "gender": "m", "consent": True}
FILE = {"file": ("cv.pdf", b"%PDF", "application/pdf")}


class Described(NamedTuple):
    """A sandbox, its document, and a session that is logged in."""

    call: Caller
    document: dict[str, Any]
    sandbox: Sandbox

    def schema_of(self, method: str, path: str, status: int) -> dict[str, Any]:
        answer = self.document["paths"][path][method]["responses"][str(status)]
        return dict(answer["content"]["application/json"]["schema"])

    def validate(self, content: Any, schema: dict[str, Any]) -> None:
        """Nothing may be there that the schema does not name."""
        components = closed(self.document["components"])
        validator = Draft202012Validator(
            {**closed(schema), "components": components}, format_checker=FormatChecker(["date", "email"])
        )
        validator.validate(content)

    def ask(self, method: str, path: str, object_id: int = 0, **more: Any) -> requests.Response:
        """Send a request, and hold its answer against the document."""
        answer = self.call(method.upper(), path.replace("{id}", str(object_id)), **more)
        self.validate(answer.json(), self.schema_of(method, path, answer.status_code))
        return answer


def closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {key: closed(part) for key, part in schema.items()}
    return {**copy, "additionalProperties": False} if isinstance(copy.get("properties"), dict) else copy


@contextmanager
def described(dialect: str) -> Iterator[Described]:
    with serve_in_thread(candidates=60, dialect=dialect) as sandbox:  # type: ignore[arg-type]  # of DIALECTS
        call = Caller(sandbox, {"Authorization": "Bearer sandbox"})
        if dialect == "legacy":
            call.session.headers["X-Auth-Token"] = call("POST", "/api2/anmeldung", json=LOGIN).json()["token"]
        yield Described(call, call.get("/api2/openapi.json"), sandbox)
        call.session.close()


@pytest.fixture(scope="module", params=DIALECTS)
def either(request: pytest.FixtureRequest) -> Iterator[Described]:
    with described(request.param) as found:
        yield found


@pytest.fixture(scope="module")
def default() -> Iterator[Described]:
    with described("default") as found:
        yield found


def listed(content: dict[str, Any]) -> list[dict[str, Any]]:
    return list(content["ergebnis"] if "ergebnis" in content else content["data"])


def fill(default: Described) -> tuple[int, int]:
    """Make an applicant and an application with all that can hang on it; their ids."""
    applicant = default.ask("post", "/api2/applicants", json=APPLICANT).json()["data"]["applicantId"]
    job = next(job["jobId"] for job in default.sandbox.objects("jobs") if job["jobStatus"] == "offen")
    pair = {"applicantId": applicant, "jobId": job}
    application = default.ask("post", "/api2/applications", json=pair).json()["data"]["applicationId"]
    for path, owner in (("applications", application), ("applicants", applicant)):
        default.ask("post", f"/api2/{path}/{{id}}/attachments", owner, files=FILE, data={"category": "cv"})
    default.ask("post", "/api2/applications/{id}/notes", application, json={"text": "Hallo"})
    return applicant, application


def test_every_documented_get_answers_what_the_document_says(either: Described) -> None:
    is_default = "/api2/applicants" in either.document["paths"]
    applicant, application = fill(either) if is_default else (0, 0)
    paths = [path for path, operations in either.document["paths"].items() if "get" in operations]
    for path in paths:
        if path.endswith("/{id}"):
            first = listed(either.call.get(path.removesuffix("/{id}")))[0]
            either.ask("get", path, next(iter(first.values())))
        else:
            answer = either.ask("get", path, applicant if "/applicants/" in path else application)
            assert listed(answer.json()), path
    assert len(paths) == (15 if is_default else 10)


def test_every_object_of_every_list_is_as_described(either: Described) -> None:
    for path, operations in either.document["paths"].items():
        if "{id}" not in path and "get" in operations:
            content = either.call.get(path, limit=200, anzahl=200)  # each dialect has one of them
            either.validate(content, either.schema_of("get", path, 200))


def test_the_validation_would_notice_another_answer(either: Described) -> None:
    path = next(iter(either.document["paths"]))
    content = either.call.get(path)
    schema = either.schema_of("get", path, 200)
    key = next(iter(content))
    for wrong in (content[key], {**content, "more": 1}, {**content, key: [{**content[key][0], "more": 1}]}):
        with pytest.raises(ValidationError):
            either.validate(wrong, schema)


def test_parameters_have_the_types_limits_and_defaults_that_the_document_says(either: Described) -> None:
    for path, operations in either.document["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", []):
            name, schema = parameter["name"], parameter["schema"]
            assert parameter["description"]
            if schema["type"] == "integer":
                assert either.ask("get", path, params={name: "x"}).status_code == 422, name
            if "minimum" in schema:
                assert either.ask("get", path, params={name: schema["minimum"] - 1}).status_code == 422, name
            if "default" in schema:
                assert either.call.get(path) == either.call.get(path, **{name: schema["default"]})
            if "maximum" in schema:
                beyond = either.call.get(path, **{name: schema["maximum"] + 1})
                assert beyond == either.call.get(path, **{name: schema["maximum"]})
            if schema.get("format") == "date-time" or "pattern" in schema:
                either.ask("get", path, params={name: schema.get("example", "2026-01-31T12:00:00Z")})
                assert either.ask("get", path, params={name: "gestern"}).status_code == 422


def test_a_default_size_is_what_a_list_without_one_has(either: Described) -> None:
    for path, size in (("/api2/applicants", "limit"), ("/api2/bewerber", "anzahl")):
        if path in either.document["paths"]:
            parameters = either.document["paths"][path]["get"]["parameters"]
            schema = next(each["schema"] for each in parameters if each["name"] == size)
            assert len(listed(either.call.get(path))) == schema["default"]


def test_every_write_takes_and_answers_what_the_document_says(default: Described) -> None:
    applicant, application = fill(default)
    pair = {key: default.call.get(f"/api2/applications/{application}")["data"][key] for key in ("applicantId", "jobId")}
    assert default.ask("post", "/api2/applications", json=pair).json()["data"] == {"applicationId": application}
    value = {"customFields": [{"key": "cf_51", "value": 3}]}
    assert default.ask("patch", "/api2/applications/{id}", application, json=value).json()["data"]["customFields"]
    bodies = {
        path: each["post"]["requestBody"]["content"]
        for path, each in default.document["paths"].items()
        if "post" in each
    }
    for path, sent in (("/api2/applicants", APPLICANT), ("/api2/applications", pair)):
        default.validate(sent, bodies[path]["application/json"]["schema"])
    assert set(bodies["/api2/applicants/{id}/attachments"]) == {"multipart/form-data"}
    assert applicant == pair["applicantId"]


def test_what_a_body_has_to_hold_is_refused_without(default: Described) -> None:
    _, application = fill(default)
    for path, operations in default.document["paths"].items():
        for method in {"post", "patch"} & operations.keys():
            (kind, content), *_ = operations[method]["requestBody"]["content"].items()
            empty: dict[str, Any] = (
                {"json": {}} if kind == "application/json" else {"files": {"category": (None, "cv")}}
            )
            owner = 1001 if "/applicants/" in path else application
            answer = default.ask(method, path, owner, **empty)
            assert answer.status_code == 422
            assert set(answer.json()["errors"]) == set(content["schema"]["required"])


def test_who_is_not_logged_in_or_asks_for_what_is_not_there_is_told_as_the_document_says(either: Described) -> None:
    for path, operations in either.document["paths"].items():
        if path.endswith("/{id}"):
            assert either.ask("get", path, 1).status_code in {200, 404}
            assert either.ask("get", path, 999_999).status_code == 404
        if "get" in operations:
            assert either.ask("get", path, 1, headers={"Authorization": "", "X-Auth-Token": ""}).status_code == 401


def test_the_login_is_described_with_its_answer() -> None:
    with described("legacy") as legacy:
        answer = legacy.ask("post", "/api2/anmeldung", json=LOGIN)
        operation = legacy.document["paths"]["/api2/anmeldung"]["post"]
        legacy.validate(LOGIN, operation["requestBody"]["content"]["application/json"]["schema"])
        assert answer.status_code == 200
        assert operation["security"] == []
        assert legacy.ask("post", "/api2/anmeldung", json={**LOGIN, "kennwort": "falsch"}).status_code == 401
