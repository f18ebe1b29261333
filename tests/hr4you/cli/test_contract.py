"""The command ``hr4you``, and ``hr4you contract show``, run as people run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml
from click.testing import CliRunner

import hr4you.cli
from hr4you.contract import load_contract
from hr4you.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

OVERRIDE = """\
api:
  timezone: Europe/Vienna
resources:
  jobs:
    list: stellen
    changed_since: null
vocabularies:
  status: {OPEN: [laufend]}
"""


@pytest.fixture
def tenant(tmp_path: Path) -> Path:
    path = tmp_path / "tenant.yml"
    path.write_text(OVERRIDE, encoding="utf-8")
    return path


def run(*arguments: str, env: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Run the command in a process of its own: exit status, stdout, stderr."""
    clean = {name: value for name, value in os.environ.items() if "HR4YOU" not in name} | {"PYTHONUTF8": "1"}
    done = subprocess.run(  # our own command
        [sys.executable, "-c", "from hr4you.cli import main; main()", *arguments],
        env=clean | (env or {}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def show(*arguments: str, env: dict[str, str] | None = None) -> str:
    """The output of ``hr4you contract show``."""
    clean: dict[str, str | None] = {name: None for name in os.environ if "HR4YOU" in name}
    result = CliRunner().invoke(hr4you.cli.hr4you, ["contract", "show", *arguments], env=clean | (env or {}))
    if result.exception is not None:
        raise result.exception
    assert result.exit_code == 0
    return result.stdout


def test_without_overrides_the_default_is_shown() -> None:
    status, out, err = run("contract", "show")
    assert (status, err) == (0, "")
    assert yaml.safe_load(out)["resources"]["jobs"]["fields"]["name"] == "jobTitle"
    assert "zurückgezogen" in out
    assert "&" not in out


def test_what_is_shown_loads_again_as_the_same(tmp_path: Path) -> None:
    path = tmp_path / "shown.yml"
    path.write_text(show(), encoding="utf-8")
    assert load_contract([path]) == load_contract()


def test_the_default_shows_the_same_values_as_its_file() -> None:
    shown = yaml.safe_load(show())
    assert shown["actions"]["create_candidate"]["steps"][2]["fallback"]["on"] == [404, 405, 501]


def test_an_override_is_merged_into_what_is_shown(tenant: Path) -> None:
    shown = yaml.safe_load(show("--contract", str(tenant)))
    assert shown["api"]["timezone"] == "Europe/Vienna"
    assert "changed_since" not in shown["resources"]["jobs"]


DRAFTED = """\
api:
  provenance: drafted (0.80)
  timezone: Europe/Vienna
  records: treffer    # 0.55 or: daten
resources:
  jobs:
    provenance: drafted (0.90)
    list: stellen    # 0.93
    fields:
      name: titel
      status: zustand    # 0.41, perhaps: phase
  users:
    provenance: verified
    fields: {email: mail}    # 0.10 does not count where somebody looked
  candidates:
    fields: {source: herkunft}
actions:
  add_note_to_application:
    steps: {note: {request: {path: "bewerbungen/{application_id}/notizen"}}}
vocabularies:
  status:
    OPEN: [laufend]    # 0.66
"""


def provenance_of(shown: str) -> dict[str, str]:
    """Each line that has a comment: what stands before it, and the comment."""
    lines = (line.partition("    # ") for line in shown.splitlines())
    return {before.strip(): comment for before, mark, comment in lines if mark}


def test_every_entry_tells_where_it_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "my.yml"
    path.write_text(DRAFTED, encoding="utf-8")
    told = provenance_of(show("--contract", str(path)))

    assert told["base_path: /api2/"] == "verified"
    assert told["docs: /api2/docs"] == "verified"
    assert told["auth: {type: bearer}"] == "assumed"
    assert told["timezone: Europe/Vienna"] == f"drafted (0.80): {path}, line 3"
    assert told["records: treffer"] == f"drafted (0.55): {path}, line 4"
    assert told["list: stellen"] == f"drafted (0.93): {path}, line 8"
    assert told["name: titel"] == f"drafted (0.90): {path}, line 10"
    assert told["status: zustand"] == f"drafted (0.41): {path}, line 11"
    assert told["email: mail"] == f"verified: {path}, line 14"
    assert told["source: herkunft"] == f"yours: {path}, line 16"
    assert told["path: bewerbungen/{application_id}/notizen"] == f"yours: {path}, line 19"
    assert told["OPEN: [laufend, offen, open]"] == f"drafted (0.66): {path}, line 22"
    assert told["employment_type: jobEmploymentType"] == "assumed", "what the file leaves alone stays the default's"


def test_a_figure_in_a_comment_of_a_file_that_nobody_drafted_is_no_confidence(tmp_path: Path) -> None:
    path = tmp_path / "my.yml"
    path.write_text("resources:\n  jobs:\n    list: stellen    # 1 of the two lists\n", encoding="utf-8")
    assert provenance_of(show("--contract", str(path)))["list: stellen"] == f"yours: {path}, line 3"


def test_of_several_files_the_one_that_says_it_is_named(tenant: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yml"
    other.write_text("api: {timezone: UTC}", encoding="utf-8")
    told = provenance_of(show("--contract", str(tenant), "--contract", str(other)))
    assert told["timezone: UTC"] == f"yours: {other}, line 1"
    assert told["list: stellen"] == f"yours: {tenant}, line 5"


def test_no_entry_is_without_provenance() -> None:
    lines = show().splitlines()
    opened = [line for line in lines if line.endswith(":")]
    plain = [line.strip() for line in lines if "    # " not in line and line not in opened]
    assert {line.partition(":")[0] for line in plain} == {"version", "provenance"}
    assert {line.partition("    # ")[2] for line in lines if "    # " in line} == {"verified", "assumed"}


def test_entries_stand_in_the_default_s_order_whatever_a_file_changes(tenant: Path) -> None:
    def keys(shown: str) -> list[str]:
        return [line.partition(":")[0] for line in shown.splitlines() if line.startswith("  ") and line[2] != " "]

    assert keys(show("--contract", str(tenant))) == keys(show())


def test_what_is_shown_of_overrides_that_take_nothing_away_loads_again_as_the_same(tmp_path: Path) -> None:
    path, shown = tmp_path / "my.yml", tmp_path / "shown.yml"
    path.write_text(DRAFTED, encoding="utf-8")
    shown.write_text(show("--contract", str(path)), encoding="utf-8")
    assert load_contract([shown]) == load_contract([path])


@pytest.mark.parametrize("word", ["guessed", "drafted 0.8", ""], ids=str)
def test_another_word_for_the_provenance_of_the_api_is_refused_with_its_line(tmp_path: Path, word: str) -> None:
    path = tmp_path / "my.yml"
    path.write_text(f"api:\n  provenance: '{word}'\n", encoding="utf-8")
    status, out, err = run("contract", "show", "--contract", str(path))
    assert (status, out) == (2, "")
    assert err.startswith(f"hr4you: {path}, line 2: api.provenance: ")
    assert "`drafted (how sure)`" in err


def test_a_difference_is_shown_with_the_line_that_makes_it(tenant: Path) -> None:
    lines = show("--diff", "--contract", str(tenant)).splitlines()
    assert lines == [
        "- api.timezone: Europe/Berlin",
        f"+ api.timezone: Europe/Vienna    # {tenant}, line 2",
        f"- resources.jobs.changed_since.format: iso8601    # taken away: {tenant}, line 6",
        f"- resources.jobs.changed_since.param: updatedSince    # taken away: {tenant}, line 6",
        f"- resources.jobs.get: jobs/{{id}}    # taken away: {tenant}, line 4",
        "- resources.jobs.list: jobs",
        f"+ resources.jobs.list: stellen    # {tenant}, line 5",
        "- resources.jobs.provenance: assumed",
        f"+ resources.jobs.provenance: yours    # {tenant}, line 4",
        "- vocabularies.status.OPEN: [offen, open]",
        f"+ vocabularies.status.OPEN: [laufend, offen, open]    # {tenant}, line 8",
    ]


def test_no_difference_is_said() -> None:
    assert show("--diff") == "No difference from the default contract.\n"
    assert json.loads(show("--diff", "--json")) == []


def test_the_merged_contract_is_shown_as_json_and_loads_again_as_the_same(tenant: Path, tmp_path: Path) -> None:
    shown = show("--json", "--contract", str(tenant))
    path = tmp_path / "shown.json"
    path.write_text(shown, encoding="utf-8")

    merged = json.loads(shown)
    assert merged["api"]["timezone"] == "Europe/Vienna"
    assert merged["resources"]["jobs"]["changed_since"] is None, "null takes away what the default has"
    assert "zurückgezogen" in shown
    assert json.loads(show("--json", "--contract", str(path))) == merged
    assert load_contract([path]) == load_contract([tenant])


def test_the_default_as_json_makes_no_difference(tmp_path: Path) -> None:
    path = tmp_path / "shown.json"
    path.write_text(show("--json"), encoding="utf-8")

    assert json.loads(path.read_text(encoding="utf-8")) == yaml.safe_load(show())
    assert show("--diff", "--contract", str(path)) == "No difference from the default contract.\n"


def test_a_difference_is_shown_as_json_for_programs(tenant: Path) -> None:
    changes = {change["path"]: change for change in json.loads(show("--diff", "--json", "--contract", str(tenant)))}

    lines = show("--diff", "--contract", str(tenant)).splitlines()
    assert set(changes) == {line[2:].partition(": ")[0] for line in lines}
    assert changes["api.timezone"] == {
        "path": "api.timezone",
        "default": "Europe/Berlin",
        "value": "Europe/Vienna",
        "by": f"{tenant}, line 2",
    }
    assert "value" not in changes["resources.jobs.changed_since.param"]


def test_the_config_file_and_over_it_the_environment_name_the_overrides(tenant: Path, tmp_path: Path) -> None:
    config, other = tmp_path / "config.json", tmp_path / "other.yml"
    config.write_text(json.dumps({"api_token": "secret", "contract": [str(tenant)]}), encoding="utf-8")
    other.write_text("api: {timezone: UTC}", encoding="utf-8")
    assert "timezone: Europe/Vienna" in show("--config", str(config))
    assert "timezone: UTC" in show("--config", str(config), env={"HR4YOU_CONTRACT": str(other)})
    both = json.dumps([str(other), str(tenant)])
    assert "timezone: Europe/Vienna" in show(env={"HR4YOU_CONTRACT": str(other), "TAP_HR4YOU_CONTRACT": both})
    assert "timezone: UTC" in show("--contract", str(other), env={"HR4YOU_CONTRACT": str(tenant)})


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (None, "cannot be read"),
        ("{", "holds no JSON object: line 1, column 2"),
        ("[]", "holds no JSON object"),
        ('{"contract": 1}', "`contract`"),
        ('{"contract": "missing.yml"}', "missing.yml: there is no such file"),
    ],
    ids=["missing", "no JSON", "list", "number", "missing override"],
)
def test_a_bad_config_ends_in_one_line_and_with_2(tmp_path: Path, config: str | None, expected: str) -> None:
    path = tmp_path / "config.json"
    if config is not None:
        path.write_text(config, encoding="utf-8")
    status, out, err = run("contract", "show", "--config", str(path))
    assert (status, out) == (2, "")
    assert err.startswith("hr4you: ")
    assert expected in err
    assert err.count("\n") == 1


def test_a_contract_that_does_not_load_ends_in_one_line_and_with_2(tenant: Path) -> None:
    tenant.write_text("api:\n  timezone: Mars\n", encoding="utf-8")
    status, out, err = run("contract", "show", "--contract", str(tenant))
    assert (status, out) == (2, "")
    assert err == (
        f"hr4you: {tenant}, line 2: api.timezone: there is no time zone `Mars`: expected a name such as "
        "`Europe/Berlin`.\n"
    )


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["contract", "nonsense"], ["contract", "show", "--nonsense"]], ids=str
)
def test_a_wrong_call_ends_with_2_and_says_how_to_get_help(arguments: list[str]) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert "--help" in err
    assert "nonsense" in err


def test_help_names_the_commands_of_other_packages_too() -> None:
    status, out, _ = run("--help")
    assert status == 0
    assert "contract" in out
    assert "sandbox" in out


def test_the_version_is_told() -> None:
    status, out, _ = run("--version")
    assert status == 0
    assert out.startswith("hr4you, version ")


@pytest.mark.parametrize("package", ["starlette", "uvicorn", "faker"])
def test_the_sandbox_without_one_of_its_packages_says_in_a_line_how_to_install_it(package: str) -> None:
    code = (
        f"import sys; sys.modules['{package}'] = None; from hr4you.cli import main; main()"  # as if it were not there
    )
    command = [sys.executable, "-c", code, "sandbox", "--port", "0", "--candidates", "1"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # our own command

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hr4you: ")
    assert package in done.stderr
    assert "pip install 'tap-hr4you[sandbox]'" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_command_whose_extra_is_not_installed_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        def load(self) -> None:
            raise ModuleNotFoundError("No module named 'starlette'", name="starlette")

    monkeypatch.setattr(hr4you.cli, "_entry_points", lambda: {"sandbox": Point()})
    result = CliRunner().invoke(hr4you.cli.hr4you, ["sandbox", "--port", "1"])
    assert isinstance(result.exception, ConfigError)
    assert "pip install 'tap-hr4you[sandbox]'" in str(result.exception)
    assert "needs the extra `sandbox`" in CliRunner().invoke(hr4you.cli.hr4you, ["--help"]).stdout
