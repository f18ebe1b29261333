"""Contract files that do not load: one line that names file, line and what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hr4you.contract import load_contract
from hr4you.errors import ContractError

if TYPE_CHECKING:
    from pathlib import Path

LOGIN = "type: login, path: an, token: t"


def told(tmp_path: Path, *texts: str) -> str:
    paths = []
    for number, text in enumerate(texts, 1):
        path = tmp_path / f"{number}.yml"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    with pytest.raises(ContractError) as refused:
        load_contract(paths)
    message = str(refused.value)
    assert "\n" not in message
    return message.replace(f"{tmp_path}/", "")


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        # keys
        ("version: 1\nresource: {}", 2, "unknown key `resource` (did you mean `resources`?)"),
        ("version: 2", 1, "version: expected 1"),
        ("resources:\n  job: {}", 2, "unknown resource `job` (did you mean `jobs`?)"),
        ("resources:\n  jobs:\n    feilds: {}", 3, "unknown key `feilds` (did you mean `fields`?)"),
        ("resources:\n  jobs: stellen", 2, "resources.jobs: expected a mapping with some of the keys"),
        ("resources:\n  jobs:\n    id: null", 3, "resources.jobs.id: the key `id` is missing"),
        ("resources:\n\n  users: null", 3, "the resource `users` is missing; to leave a stream out, deselect it"),
        ("resources: null", 1, "resources: the key `resources` is missing"),
        ("resources: [jobs]", 1, "expected a mapping with `users`, `jobs`"),
        ("resources:\n  sources:\n    key: x", 3, "resources.sources.key: unknown key `key`"),
        ("resources: {sources: {list: {per: jobs, path: 'j/{id}'}}}", 1, "sources.list: expected a list of its own"),
        # fields
        ("resources:\n  jobs:\n    fields:\n      titel: x", 4, "jobs have no field `titel`; expected `name`"),
        ("resources:\n  users:\n    fields:\n      email:\n        each: a", 4, "expected an expression such as"),
        ("resources:\n  jobs:\n    fields:\n      location: city", 4, "expected a mapping with some of `city`"),
        ("resources:\n  candidates:\n    fields:\n      phone_numbers: tel", 4, "expected a mapping with `each`"),
        (
            "resources:\n  candidates:\n    fields:\n      phone_numbers:\n        each: tel\n        number: n",
            6,
            "resources.candidates.fields.phone_numbers.number: unknown key `number` (did you mean `phone_number`?)",
        ),
        ("resources:\n  jobs:\n    fields:\n      location:\n        town: x", 5, "location.town: unknown key `town`"),
        ("resources:\n  jobs:\n    custom_fields:\n      name: n", 4, "custom_fields.name: unknown key `name`"),
        ("resources:\n  jobs:\n    custom_fields:\n      key: null", 4, "custom_fields.key: the key `key` is missing"),
        ("resources:\n  jobs:\n    flags: {HIRED: x}", 3, "only `applications` have flags"),
        ("resources:\n  applications:\n    flags:\n      WON: x", 4, "unknown key `WON`; expected `PENDING`"),
        # expressions
        ("resources:\n  jobs:\n    id: a b", 3, "expected an expression: a path such as `source.name`, or JMESPath: "),
        ("resources:\n  jobs:\n    id: [a]", 3, "resources.jobs.id: expected an expression"),
        ("resources:\n  jobs:\n    id: true", 3, "resources.jobs.id: expected an expression"),
        ("resources:\n  jobs:\n    fields:\n      name: upper(x)", 4, "there is no function upper()"),
        ("resources:\n  jobs:\n    fields:\n      location:\n        city: 'a['", 5, "location.city: expected"),
        # lists
        ("resources:\n  jobs:\n    list: 'jobs/{id}'", 3, "resources.jobs.list: expected no placeholder"),
        ("resources:\n  jobs:\n    list: https://example.org/jobs", 3, "not a whole address: the host is a setting"),
        ("resources:\n  jobs:\n    list: jobs?active=1", 3, "the query belongs under `params`"),
        ("resources:\n  jobs:\n    list: my jobs", 3, "without spaces"),
        ("resources:\n  jobs:\n    list: {method: GETT}", 3, "list.method: expected 'GET' or 'POST'"),
        ("resources:\n  jobs:\n    get: jobs", 3, "expected a path with `{id}`"),
        ("resources:\n  jobs:\n    list: {per: users}", 3, "resources.jobs.list: the key `path` is missing"),
        ("resources:\n  jobs:\n    list: {per: user, path: 'u/{id}'}", 3, "no resource `user` (did you mean `users`?)"),
        ("resources:\n  jobs:\n    list: {per: users, path: jobs}", 3, "list.path: expected a path with `{id}`"),
        ("resources:\n  jobs:\n    list: {per: users, nested_in: users, path: x}", 3, "not both"),
        ("resources:\n  jobs:\n    list: {nested_in: jobs, path: x}", 3, "expected a resource with a list of its own"),
        ("resources:\n  jobs:\n    list: {nested_in: users, path: 'a['}", 3, "list.path: expected an expression"),
        ("resources:\n  jobs:\n    list: {nested_in: users, path: x, params: {a: 1}}", 3, "`params` has no meaning"),
        ("resources:\n  jobs:\n    list: {parent_touches: true}", 3, "needs `nested_in` or `per`"),
        (
            "resources:\n  jobs:\n    list: {nested_in: users, path: x}\n    changed_since: {param: ab}",
            4,
            "`changed_since` has no meaning for a list nested in another",
        ),
        (
            "resources:\n  jobs:\n    changed_since:\n      format: iso",
            4,
            "`iso8601`, `epoch_s`, `epoch_ms` or a pattern",
        ),
        ("resources:\n  jobs:\n    provenance: sure", 3, "expected `verified`, `assumed`"),
        # api
        ("api:\n  base_path: api2", 2, "api.base_path: expected a path that starts and ends with a slash"),
        ("api:\n  timezone: Berlin", 2, "there is no time zone `Berlin`"),
        ("api:\n  timezone: ''", 2, "api.timezone: "),
        ("api:\n  timezone: ../x", 2, "api.timezone: expected the name of a time zone"),
        ("api:\n  naive_times: maybe", 2, "api.naive_times: expected a valid boolean"),
        ("api:\n  pagination: null", 2, "api.pagination: the key `pagination` is missing"),
        ("api:\n  pagination:\n    type: pages", 3, "expected 'page', 'offset', 'cursor', 'link' or 'none'"),
        (
            "api:\n  pagination:\n    type: cursor\n    cursor: c",
            2,
            "the key `next` is missing: type `cursor` needs it",
        ),
        ("api:\n  pagination:\n    offset: c", 3, "`offset` has no meaning for type `page`, which takes `page`"),
        ("api:\n  pagination:\n    max_size: 0", 3, "api.pagination.max_size: expected greater than 0"),
        ("api:\n  auth:\n    type: oauth", 3, "expected 'bearer', 'raw', 'header', 'basic' or 'login'"),
        ("api:\n  auth:\n    type: header", 2, "the key `name` is missing: type `header` needs it"),
        ("api:\n  auth:\n    type: header\n    name: 'X Token'", 4, "api.auth.name: "),
        ("api:\n  auth:\n    type: login", 2, "the key `path` is missing: type `login` needs it"),
        (f"api:\n  auth: {{{LOGIN}, body: {{u: user}}}}", 2, "api.auth.body.u: there is no credential `user`"),
        (
            f"api:\n  auth: {{{LOGIN}, body: {{u: username}}, then: {{type: basic}}}}",
            2,
            "auth.then.type: expected `bearer`",
        ),
        # words
        ("vocabularies:\n  colour: {}", 2, "unknown vocabulary `colour`"),
        ("vocabularies:\n  status:\n    OPENED: [x]", 3, "unknown word `OPENED` (did you mean `OPEN`?)"),
        ("vocabularies:\n  status:\n    OPEN: {a: b}", 3, "vocabularies.status.OPEN: expected"),
        ("vocabularies:\n  status:\n    OPEN: [auf]\n    CLOSED: [AUF]", 4, "`AUF` stands under `OPEN` already"),
        ("vocabularies:\n  outcome:\n    sources: [stage]", 3, "vocabularies.outcome.sources: unknown source `stage`"),
        # actions
        ("actions:\n  hire: {steps: []}", 2, "actions.hire"),
        ("actions:\n  hire: {steps: [{name: a, request: {method: GET, path: a}}]}", 2, "unknown action `hire`"),
        ("actions:\n  create_candidate: {steps: []}", 2, "at least 1 item"),
        (
            "actions:\n  create_candidate:\n    steps:\n      applicant:\n        request:\n          path: 'a/{'",
            6,
            "path",
        ),
        (
            "actions:\n  create_candidate:\n    steps:\n      applicant:\n        request:\n           body: {a: 'x['}",
            6,
            "actions.create_candidate.steps.0.request.body: expected an expression",
        ),
        (
            "actions:\n  create_candidate:\n    steps:\n      attachment:\n        fallback: {path: 'a/{b c}'}",
            5,
            "fallback.path: in the braces: expected an expression",
        ),
        (
            (
                "actions:\n  add_note_to_application:\n    steps:\n      - {name: a, request: {method: GET, path: a}}\n"
                "      - {name: a, request: {method: GET, path: a}}"
            ),
            5,
            "there are two steps `a`",
        ),
        (
            "actions:\n  create_candidate:\n    steps:\n      applicant: {find: null, reuse: true}",
            4,
            "`reuse` needs `find`",
        ),
        (
            "actions:\n  create_candidate:\n    steps:\n      applicant: {request: {multipart: {file: a}}}",
            4,
            "expected `body` or `multipart`, not both",
        ),
        # YAML
        ("api:\n  records: @", 2, "is not readable as YAML: found character '@' that cannot start any token; put the"),
        ("api:\n  records: a: b", 2, "mapping values are not allowed here; mind the indentation"),
        ("api:\n\trecords: a", 2, "is not readable as YAML"),
        ("api:\n  docs: a\n  docs: b", 3, "the key `docs` stands here again, after line 2"),
        ("- api", 1, "expected a mapping"),
        ("api: &a\n  auth: *a", 2, "an alias unfolds without end"),
        ("api:\n  records: !!python/none x", 2, "the tag 'tag:yaml.org,2002:python/none'"),
        ("api:\n  records: !secret x", 2, "the tag `!secret` is not known"),
        ("api:\n  ? [a]\n  : b", 2, "expected a text as key"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_was_expected(
    tmp_path: Path, text: str, line: int, expected: str
) -> None:
    message = told(tmp_path, text)
    assert message.startswith(f"1.yml, line {line}: ")
    assert expected in message


def test_of_several_files_the_one_at_fault_is_named(tmp_path: Path) -> None:
    good, bad = "api: {base_path: /a/}", "\n\napi: {timezone: Mars}"
    assert told(tmp_path, good, bad).startswith("2.yml, line 3: ")
    assert told(tmp_path, bad, good).startswith("1.yml, line 3: ")


def test_a_fault_between_two_files_is_told_where_the_later_one_speaks(tmp_path: Path) -> None:
    message = told(tmp_path, "api:\n  pagination: {type: none}", "# here\napi: {pagination: {page: p}}")
    assert message.startswith("2.yml, line 2: api.pagination.page: `page` has no meaning for type `none`")


def test_several_faults_are_counted(tmp_path: Path) -> None:
    message = told(tmp_path, "api:\n  timezone: Mars\n  base_path: x")
    assert message.startswith("1.yml, line 3: api.base_path")
    assert message.endswith("(1 more like this).")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"none\.yml: there is no such file"):
        load_contract([tmp_path / "none.yml"])


def test_a_directory_is_no_contract(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="cannot be read"):
        load_contract([str(tmp_path)])


@pytest.mark.parametrize(("body", "expected"), [(b"a: \xff", "UTF-8"), (b"a: \x00", "YAML"), (b"[" * 1500, "YAML")])
def test_a_file_of_something_else_is_no_contract(tmp_path: Path, body: bytes, expected: str) -> None:
    path = tmp_path / "odd.yml"
    path.write_bytes(body)
    with pytest.raises(ContractError, match=expected):
        load_contract([path])


def test_a_small_file_that_unfolds_into_a_huge_one_is_refused(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    assert "unfolds without end" in told(tmp_path, bomb)
