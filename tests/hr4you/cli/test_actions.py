"""``hr4you actions list``, and whose actions it lists."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hr4you.errors import ConfigError
from hr4you.ledger import Ledger
from tests.hr4you.cli.scene import CREATE, MARK, candidate, fail, park
from tests.hr4you.cli.test_contract import run
from tests.target_hr4you.runs import schema

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.hr4you.cli.scene import Scene


def test_without_a_ledger_one_line_says_so(tmp_path: Path) -> None:
    for command in (["list"], ["retry", "--all"]):
        status, out, err = run("actions", *command, env={"HR4YOU_LEDGER_URL": f"sqlite:///{tmp_path / 'none.db'}"})
        assert (status, out) == (2, "")
        assert err.startswith("hr4you: There is no ledger at")
        assert err.count("\n") == 1
    assert not (tmp_path / "none.db").exists()


def test_what_has_succeeded_is_listed_only_if_asked_for(scene: Scene) -> None:
    scene.target(schema(CREATE), candidate("1"))
    result = scene.invoke("list")
    assert (result.exit_code, result.output) == (0, "There is nothing left to do.\n")
    assert [each["action_id"] for each in scene.listed("--status", "succeeded")] == ["1"]
    assert scene.listed() == []


def test_what_is_not_done_is_shown_in_a_table_with_what_to_do(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(scene, "1")
    park(scene, "[red]n1:smile:")
    monkeypatch.setenv("COLUMNS", "80")
    assert all(len(line) <= 90 for line in scene.invoke("list").stdout.splitlines())
    monkeypatch.setenv("COLUMNS", "160")
    result = scene.invoke("list")
    shown = "".join(result.stdout.split())
    assert result.exit_code == 0
    for part in ("create_candidate/1", "add_note_to_application/[red]n1:smile:", "REMOTE.PERMISSION_MISSING"):
        assert part in shown
    for part in ("OUTCOME_UNKNOWN", "HTTP403", "stepapplicant", "requestreq-"):
        assert part in shown
    assert shown.index("create_candidate/1") < shown.index("n1"), "the newest is last"
    assert "hr4you actions retry" in result.stdout
    assert "look in HR4YOU first" in result.stdout
    assert MARK not in result.output


def test_a_list_is_narrowed_down_and_the_rest_counted(scene: Scene) -> None:
    fail(scene, "1", "2", "3")
    park(scene, "n1")
    assert [each["action_id"] for each in scene.listed("--status", "parked")] == ["n1"]
    assert {each["action"] for each in scene.listed("--code", "REMOTE.PERMISSION_MISSING")} == {CREATE}
    assert len(scene.listed("--action", CREATE)) == 3
    result = scene.invoke("list", "--limit", "1")
    assert "n1" in result.stdout
    assert "3 more, changed before these: --limit 4 shows them." in result.stdout
    assert scene.invoke("list", "--code", "X").stdout == "There are no such actions.\n"


def test_json_lines_hold_the_columns_of_results(scene: Scene) -> None:
    scene.config["results_path"] = str(scene.path.with_name("results.jsonl"))
    fail(scene, "1")
    written = json.loads(scene.path.with_name("results.jsonl").read_text(encoding="utf-8"))
    assert scene.listed() == [written]


# --- whose actions -------------------------------------------------------------------------------------------------


def test_the_tenant_is_that_of_the_settings_or_the_only_one(scene: Scene) -> None:
    fail(scene, "1")
    url = scene.config["ledger_url"]
    for given, wanted in (
        ({}, "1"),
        ({"tenant": "acme"}, "1"),
        ({"base_url": scene.config["base_url"], "tenant": "acme"}, "1"),
    ):
        scene.path.write_text(json.dumps({"ledger_url": url, **given}), encoding="utf-8")
        assert [each["action_id"] for each in scene.listed()] == [wanted]
    scene.path.write_text(json.dumps({"ledger_url": url, "subdomain": "other"}), encoding="utf-8")
    error = scene.invoke("list").exception
    assert isinstance(error, ConfigError)
    assert str(error) == "The ledger holds nothing of the tenant `other`, but of acme"
    assert [each["action_id"] for each in scene.listed("--tenant", "acme")] == ["1"]


def test_where_several_tenants_are_one_is_to_be_named(scene: Scene) -> None:
    fail(scene, "1")
    with Ledger(scene.config["ledger_url"]) as ledger:
        ledger.pin("beta", "https://beta.hr4you.org")
    scene.path.write_text(json.dumps({"ledger_url": scene.config["ledger_url"]}), encoding="utf-8")
    error = scene.invoke("list").exception
    assert isinstance(error, ConfigError)
    assert "--tenant acme | beta" in str(error)
    assert scene.listed("--tenant", "beta") == []


def test_the_environment_wins_over_the_config_file(scene: Scene) -> None:
    fail(scene, "1")
    url = scene.config["ledger_url"]
    scene.path.write_text('{"ledger_url": "sqlite:////nowhere/x.db"}', encoding="utf-8")
    status, out, err = run("actions", "list", "--config", str(scene.path), env={"TARGET_HR4YOU_LEDGER_URL": url})
    assert (status, err) == (0, "")
    assert "create_candidate/1" in out
