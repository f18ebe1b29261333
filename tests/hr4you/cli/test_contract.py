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
