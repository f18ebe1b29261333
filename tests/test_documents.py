"""README, `--about`, meltano.yml and the commands in the documents say the same as the code.

After a change of settings, `python -m tests.test_documents` writes the README's table and meltano.yml's list anew.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

import hr4you.cli
from hr4you.connection_schema import CONNECTION_PROPERTIES
from tap_hr4you.schemas import STREAMS, stream_schema
from tap_hr4you.settings import PROPERTIES as TAP_PROPERTIES
from tap_hr4you.tap import TapHR4YOU
from target_hr4you.settings import PROPERTIES as TARGET_PROPERTIES
from target_hr4you.target import TargetHR4YOU
from tests.tap_hr4you.runs import run_tap
from tests.target_hr4you.runs import run_target

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
MELTANO = ROOT / "meltano.yml"

Properties = dict[str, dict[str, Any]]

TABLES: dict[str, Properties] = {
    "settings": CONNECTION_PROPERTIES,
    "tap settings": {name: TAP_PROPERTIES[name] for name in TAP_PROPERTIES if name not in CONNECTION_PROPERTIES},
    "target settings": {
        name: TARGET_PROPERTIES[name] for name in TARGET_PROPERTIES if name not in CONNECTION_PROPERTIES
    },
}
"""The README's tables, by the comments around them."""

PLUGINS: dict[str, tuple[str, Properties, Any]] = {
    "tap-hr4you": ("extractors", TAP_PROPERTIES, TapHR4YOU),
    "target-hr4you": ("loaders", TARGET_PROPERTIES, TargetHR4YOU),
}

SDK_SETTINGS = {
    *("stream_maps", "stream_map_config", "faker_config"),
    *("flattening_enabled", "flattening_max_depth", "flattening_max_key_length", "flattening_separator"),
    "validate_records",
}
"""What every plugin of the Meltano SDK has; Meltano and the SDK document them."""

KINDS = {kind: kind for kind in ("string", "integer", "boolean", "object", "array")} | {"number": "string"}
"""Numbers are text: Meltano 4.4 fails on its own kind `decimal` as soon as a value is set. So is `contract`, a path or
a list of paths."""


def readme_table(properties: Properties) -> str:
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, schema in properties.items():
        default = f"`{json.dumps(schema['default'])}`" if "default" in schema else ""
        secret = " Secret." if schema.get("secret") else ""
        rows.append(f"| `{name}` | {default} | {schema['description']}{secret} |")
    return "\n".join(rows) + "\n"


def place_of(table: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=<!-- {table} -->\n).*?(?=<!-- end of {table} -->)", re.DOTALL)


def meltano_settings(properties: Properties) -> list[dict[str, Any]]:
    """Without the defaults as values: Meltano would hand these over as TAP_HR4YOU_*, which wins over HR4YOU_*."""
    settings = []
    for name, schema in properties.items():
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        setting: dict[str, Any] = {"name": name}
        if "enum" in schema:
            setting["kind"] = "options"
            setting["options"] = [{"label": value, "value": value} for value in schema["enum"]]
        else:
            setting["kind"] = "date_iso8601" if schema.get("format") == "date-time" else KINDS[types[0]]
        if schema.get("secret"):
            setting["sensitive"] = True
        setting["label"] = name.replace("_", " ").capitalize().replace("Api", "API").replace("url", "URL")
        default = f" Default: {json.dumps(schema['default'])}." if "default" in schema else ""
        setting["description"] = schema["description"] + default
        settings.append(setting)
    return settings


@pytest.mark.parametrize("plugin", PLUGINS)
def test_the_readme_lists_every_setting_as_the_command_does(plugin: str) -> None:
    _, properties, _ = PLUGINS[plugin]
    ended = run_tap({}, "--about", "--format=json") if plugin == "tap-hr4you" else None
    about = json.loads(ended.stdout if ended else run_target({}, [], "--about", "--format=json").stdout)

    shown = about["settings"]["properties"]
    assert set(shown) - SDK_SETTINGS == set(properties)
    assert {name: shown[name]["description"] for name in properties} == {
        name: schema["description"] for name, schema in properties.items()
    }
    assert about["version"] != "[could not be detected]"
    for table, listed in TABLES.items():
        found = place_of(table).search(README.read_text(encoding="utf-8"))
        assert found is not None
        assert found[0] == readme_table(listed)


@pytest.mark.parametrize("plugin", PLUGINS)
def test_meltano_yml_lists_every_setting_and_capability(plugin: str) -> None:
    kind, properties, command = PLUGINS[plugin]
    plugins = yaml.safe_load(MELTANO.read_text(encoding="utf-8"))["plugins"][kind]
    [listed] = [each for each in plugins if each["name"] == plugin]

    assert listed["settings"] == meltano_settings(properties)
    assert {capability.value for capability in command.capabilities} == set(listed["capabilities"])


def test_the_readme_names_every_stream_and_field() -> None:
    text = README.read_text(encoding="utf-8")

    for stream in STREAMS:
        row = next(line for line in text.splitlines() if line.startswith(f"| `{stream}` |"))
        common = {"id", "remote_id", "changed_at", "remote_deleted_at", "remote_data"}
        assert set(re.findall(r"`(\w+)`", row)) == {stream} | (set(stream_schema(stream)["properties"]) - common)


DOCUMENTS = [README, *sorted((ROOT / "docs").glob("*.md"))]

COMMAND = re.compile(r"(?:(?<=`)|(?<=\$ )|(?<=:)|(?<=/)|^)hr4you (?!--version)([a-z][^`#|\n]*)", re.MULTILINE)
"""A call of `hr4you` and what follows: in backticks, after a prompt or a path, through Meltano, or as a line."""


def commands_of(group: click.Group, *names: str) -> dict[tuple[str, ...], click.Command]:
    """The commands of a group by their names, and those of groups in it."""
    context = click.Context(group)
    found: dict[tuple[str, ...], click.Command] = {}
    for name in group.list_commands(context):
        command, path = group.get_command(context, name), (*names, name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= commands_of(command, *path)
        else:
            found[path] = command
    return found


CALLING = [path for path in DOCUMENTS if COMMAND.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", CALLING, ids=lambda path: path.name)
def test_every_call_of_hr4you_in_the_documents_has_a_command_and_options_that_exist(path: Path) -> None:
    commands = commands_of(hr4you.cli.hr4you)
    for call in COMMAND.findall(path.read_text(encoding="utf-8")):
        words = re.split(r"[\s']+", call)
        command = commands.get((words[0],)) or commands.get(tuple(words[:2]))
        assert command is not None, call
        known = {option for param in command.params for option in (*param.opts, *param.secondary_opts)} | {"--help"}
        assert {word.split("=")[0] for word in words if word.startswith("-") and word != "-"} <= known, call


def test_the_readme_has_a_line_for_every_command_of_hr4you() -> None:
    listed = re.findall(r"^\| `hr4you ([a-z ]+)` \|", README.read_text(encoding="utf-8"), re.MULTILINE)

    assert {tuple(names.split()) for names in listed} == set(commands_of(hr4you.cli.hr4you))


def test_links_between_the_documents_lead_somewhere() -> None:
    for path in DOCUMENTS:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).exists(), f"{path.name}: {link}"


def write() -> None:
    """Bring README and meltano.yml in line with the settings."""
    readme = README.read_text(encoding="utf-8")
    for table, properties in TABLES.items():
        new = readme_table(properties)
        readme = place_of(table).sub(lambda _, new=new: new, readme)  # type: ignore[misc]  # mypy knows no such lambda
    README.write_text(readme, encoding="utf-8")
    project = MELTANO.read_text(encoding="utf-8")
    for plugin, (_, properties, _command) in PLUGINS.items():
        listed = yaml.safe_dump(meltano_settings(properties), sort_keys=False, allow_unicode=True, width=110)
        indented = "".join(f"    {line}\n" for line in listed.splitlines())
        place = re.compile(rf"(?<=  - name: {plugin}\n)((?:    .*\n)*?    settings:\n)(?:    - .*\n|      .*\n)*")
        project = place.sub(lambda found, new=indented: found[1] + new, project)  # type: ignore[misc]  # as above
    MELTANO.write_text(project, encoding="utf-8")


if __name__ == "__main__":
    write()
