"""Drafts of our tenants' documents: how much they have, that nothing sure is wrong, and that they work as they come."""

from __future__ import annotations

import importlib
import os
import re
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import hr4you.cli
from hr4you.contract import load_contract
from tests.conftest import FIGURES
from tests.tap_hr4you.other_servers import sync
from tests.target_hr4you.runs import record, run_target, schema
from tests.tenants.figures import DOCS, HOLD_OUT, PLACE, left_out, of_document, of_hold_out, rows, with_a_look
from tests.tenants.measure import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

pytestmark = pytest.mark.e2e  # a whole tenant each time

ENOUGH = 0.9
LOOK_NEEDED = frozenset({"biber"})
"""Whose document leaves open what a person settles with a look at a page of data."""


def run_draft(*arguments: str, settings: dict[str, Any] | None = None) -> Result:
    environment: dict[str, str | None] = {name: None for name in os.environ if "HR4YOU" in name}
    environment |= {f"HR4YOU_{name.upper()}": str(value) for name, value in (settings or {}).items()}
    return CliRunner().invoke(hr4you.cli.hr4you, ["contract", "draft", *arguments], env=environment)


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_has_what_a_person_would_map_and_is_not_sure_of_anything_wrong(
    name: str, record_property: Callable[[str, object], None]
) -> None:
    alone, looked, without = of_document(name), with_a_look(name), left_out(name)
    record_property(
        FIGURES,
        f"{name}: of {alone.expected} a person maps, {alone.share:.0%} from the document, {looked.share:.0%} with a "
        f"look, {without.share:.0%} without what was learnt from it",
    )
    best = looked if name in LOOK_NEEDED else alone
    assert best.share >= ENOUGH, best.missing
    assert looked.share >= ENOUGH, looked.missing
    assert [alone.surely_wrong, looked.surely_wrong, without.surely_wrong] == [[], [], []]


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_as_it_comes_syncs_everything(name: str, tmp_path: Path) -> None:
    server = importlib.import_module(f"tests.tenants.{name}.server")
    path = tmp_path / "drafted.yml"
    with server.serve() as tenant:
        settings = {"base_url": tenant.base_url, **server.CREDENTIALS}
        result = run_draft("--docs", f"{tenant.base_url}{server.DOCS}", "-o", str(path), settings=settings)
        assert result.exit_code == 0, result.output
        run = sync({**settings, "tenant": name, "contract": [str(path)]})
        assert run.counts == server.COUNTS
        again = sync({**settings, "tenant": name, "contract": [str(path)]}, run.state)
        assert again.records() == []


@pytest.mark.parametrize("name", [name for name in NAMES if name not in LOOK_NEEDED])
def test_a_draft_from_the_document_alone_syncs_everything(name: str, tmp_path: Path) -> None:
    server = importlib.import_module(f"tests.tenants.{name}.server")
    path = tmp_path / "drafted.yml"
    with server.serve() as tenant:
        assert run_draft("--docs", str(server.DOCUMENT), "-o", str(path)).exit_code == 0
        settings = {"base_url": tenant.base_url, "tenant": name, **server.CREDENTIALS}
        assert sync({**settings, "contract": [str(path)]}).counts == server.COUNTS


def test_what_a_document_leaves_open_is_listed_and_mended_by_hand(tmp_path: Path) -> None:
    from tests.tenants.biber import server  # noqa: PLC0415  # only this test is about it

    path = tmp_path / "drafted.yml"
    assert run_draft("--docs", str(server.DOCUMENT), "-o", str(path)).exit_code == 0
    listed = re.findall(r"^# - resources\.([\w.]+):", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert {"application_stages", "applications"} <= {each.partition(".")[0] for each in listed}
    mended = tmp_path / "mended.yml"
    mended.write_text(MENDED, encoding="utf-8")
    with server.serve() as tenant:
        settings = {"base_url": tenant.base_url, "tenant": "biber", **server.CREDENTIALS}
        assert sync({**settings, "contract": [str(path), str(mended)]}).counts == server.COUNTS


MENDED = """\
resources:
  application_stages: {id: nr, fields: {name: bez, global_index: position}}
  applications:
    id: nr
    changed_at: aend
    fields: {outcome: erg, current_stage_id: stufe, job_id: st_id, candidate_id: bew_id}
"""


@pytest.mark.parametrize("name", NAMES)
def test_drafted_actions_arrive_once(name: str, tmp_path: Path) -> None:
    server = importlib.import_module(f"tests.tenants.{name}.server")
    path = tmp_path / "drafted.yml"
    with server.serve() as tenant:
        settings = {"base_url": tenant.base_url, **server.CREDENTIALS}
        assert run_draft("--docs", f"{tenant.base_url}{server.DOCS}", "-o", str(path), settings=settings).exit_code == 0
        job = next(iter(tenant.tables[load_contract([path]).resources["jobs"].list.path]))
        lines = [
            schema("create_application"),
            record(
                "create_application",
                action_id="1",
                candidate={"first_name": "Ada", "last_name": "Byron", "email_address": "ada.byron@example.org"},
                job_id=job,
            ),
        ]
        config = {**settings, "tenant": name, "contract": [str(path)], "ledger_url": f"sqlite:///{tmp_path}/ledger.db"}
        before = posts(tenant)
        assert run_target(config, lines).status == 0
        after = posts(tenant)
        assert len(after) == len(before) + 2
        assert run_target(config, lines).status == 0
        assert posts(tenant) == after


def posts(tenant: Any) -> list[str]:
    """The writes that a tenant has seen; logins are none."""
    return [each for each in tenant.requests if each.startswith("POST") and not each.endswith("login")]


@pytest.mark.parametrize("name", HOLD_OUT)
def test_a_draft_of_a_document_nobody_tuned_on_is_of_use(
    name: str, record_property: Callable[[str, object], None]
) -> None:
    held = of_hold_out(name)
    wrong = len(held.surely_wrong)
    record_property(FIGURES, f"{name} (hold-out): {held.share:.0%} of {held.expected}, wrong above 0.8: {wrong}")
    assert held.share >= ENOUGH - 0.1


def test_the_documentation_has_these_figures() -> None:
    found = PLACE.search(DOCS.read_text(encoding="utf-8"))
    assert found is not None
    assert found.group() == "\n".join(rows()) + "\n", "python -m tests.tenants.figures writes them anew"


def test_a_file_that_exists_is_not_written_over(tmp_path: Path) -> None:
    from tests.tenants.kranich import server  # noqa: PLC0415  # its document is as good as any

    path = tmp_path / "mine.yml"
    path.write_text("version: 1\n", encoding="utf-8")
    result = run_draft("--docs", str(server.DOCUMENT), "-o", str(path))
    assert result.exit_code != 0
    assert "--force" in str(result.exception)
    assert path.read_text(encoding="utf-8") == "version: 1\n"
