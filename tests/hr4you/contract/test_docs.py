"""docs/contract.md: its examples load, and no key of the format is missing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hr4you.contract import Action, Api, Auth, Contract, Fallback, Find, Listing, Pagination, Request, Resource, Step
from hr4you.contract import load_contract as load
from hr4you.contract.actions import FUNCTIONS, ActionLookup
from hr4you.contract.fields import FIELDS, OUTCOME_SOURCES, WORDS
from hr4you.contract.model import ACTIONS, LOOKUPS
from hr4you.contract.resource import ChangedSince, CustomFieldDefinitions, OnlyIds, Select, Sources
from tests.hr4you.cli.tenants import run
from tests.tenants.biber import server as biber

if TYPE_CHECKING:
    from pydantic import BaseModel

TEXT = (Path(__file__).parents[3] / "docs" / "contract.md").read_text(encoding="utf-8")
BOTH = TEXT + (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
EXAMPLES_IN = re.compile(r"```yaml\n(version: 1\n.*?)```", re.DOTALL)
EXAMPLES = EXAMPLES_IN.findall(BOTH)

MODELS: list[type[BaseModel]] = [
    *(Contract, Api, Auth, Pagination, Resource, Listing, Select, ChangedSince, OnlyIds, Sources),
    *(CustomFieldDefinitions, Action, Step, Request, Find, Fallback, ActionLookup),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_documented(model: type[BaseModel]) -> None:
    hidden: frozenset[str] = getattr(model, "hidden", frozenset())
    for name in model.model_fields:
        assert name in hidden or re.search(rf"`[^`]*\b{name}\b[^`]*`", TEXT), name


def test_every_name_that_can_be_chosen_is_documented() -> None:
    names = {*ACTIONS, *LOOKUPS, *WORDS, *OUTCOME_SOURCES, *FIELDS}
    names |= {word for words in WORDS.values() for word in words}
    for fields in FIELDS.values():
        names |= {*fields, *(key for _, keys in fields.values() for key in keys)}
    assert {name for name in names if f"`{name}`" not in TEXT} == set()
    assert {name for name in FUNCTIONS if f"`{name}(x)`" not in TEXT} == set()


@pytest.mark.parametrize(
    "example",
    [pytest.param(text, id=f"example {number}") for number, text in enumerate(EXAMPLES, 1)],
)
def test_every_example_loads(tmp_path: Path, example: str) -> None:
    path = tmp_path / "example.yml"
    path.write_text(example, encoding="utf-8")
    load([path])


def test_the_worked_override_mends_what_the_draft_of_its_tenant_leaves_open(tmp_path: Path) -> None:
    section = TEXT.split("### A worked override\n")[1].split("\n### ")[0]
    drafted, settled, config = (tmp_path / name for name in ("biber.yml", "settled.yml", "config.json"))
    settled.write_text(EXAMPLES_IN.findall(section)[0], encoding="utf-8")
    document = Path(biber.__file__).with_name("openapi.yml")
    assert run("contract", "draft", "--docs", str(document), "-o", str(drafted)).status == 0

    with biber.serve() as tenant:
        config.write_text(json.dumps({"base_url": tenant.base_url, **biber.CREDENTIALS}), encoding="utf-8")
        check = ("contract", "check", "--json", "--config", str(config), "--contract", str(drafted))
        before, after = run(*check), run(*check, "--contract", str(settled))

    failed = {(line["section"], line["entry"]) for line in before.lines if line["result"] == "failed"}
    assert failed == {("application_stages", "id"), ("application_stages", "changed_at"), ("applications", "job_id")}
    assert [line for line in after.lines if line["result"] != "ok"] == []
    assert (before.status, after.status) == (1, 0)
