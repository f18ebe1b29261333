"""README, `--about`, meltano.yml and the contract's documentation say the same as the code.

After a change of settings, `python -m tests.test_documents` writes the README's table and meltano.yml's list anew.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

from tap_hr4you.schemas import STREAMS, stream_schema
from tap_hr4you.settings import PROPERTIES
from tap_hr4you.tap import TapHR4YOU
from tests.tap_hr4you.runs import run_tap

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
MELTANO = ROOT / "meltano.yml"

TABLE = re.compile(r"(?<=<!-- settings -->\n).*?(?=<!-- end of settings -->)", re.DOTALL)
SETTINGS = re.compile(r"(?<=    settings:\n)(?:    - .*\n|      .*\n)*(?=  loaders:)")
SDK_SETTINGS = {
    *("stream_maps", "stream_map_config", "faker_config"),
    *("flattening_enabled", "flattening_max_depth", "flattening_max_key_length", "flattening_separator"),
}
"""What every tap of the Meltano SDK has; Meltano and the SDK document them."""

KINDS = {"string": "string", "integer": "integer", "number": "string", "boolean": "boolean", "object": "object"}
"""Numbers are text: Meltano 4.4 fails on its own kind `decimal` as soon as a value is set. So is `contract`, a path or
a list of paths."""


def readme_table() -> str:
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, schema in PROPERTIES.items():
        default = f"`{json.dumps(schema['default'])}`" if "default" in schema else ""
        secret = " Secret." if schema.get("secret") else ""
        rows.append(f"| `{name}` | {default} | {schema['description']}{secret} |")
    return "\n".join(rows) + "\n"


def meltano_settings() -> list[dict[str, Any]]:
    """Without the defaults as values: Meltano would hand these over as TAP_HR4YOU_*, which wins over HR4YOU_*."""
    settings = []
    for name, schema in PROPERTIES.items():
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


def test_the_readme_lists_every_setting_as_the_command_does() -> None:
    about = json.loads(run_tap({}, "--about", "--format=json").stdout)

    shown = about["settings"]["properties"]
    assert set(shown) - SDK_SETTINGS == set(PROPERTIES)
    assert {name: shown[name]["description"] for name in PROPERTIES} == {
        name: schema["description"] for name, schema in PROPERTIES.items()
    }
    found = TABLE.search(README.read_text(encoding="utf-8"))
    assert found is not None
    assert found[0] == readme_table()


def test_meltano_yml_lists_every_setting_and_capability() -> None:
    [tap] = yaml.safe_load(MELTANO.read_text(encoding="utf-8"))["plugins"]["extractors"]

    assert tap["settings"] == meltano_settings()
    assert tap["capabilities"] == sorted_capabilities()


def sorted_capabilities() -> list[str]:
    order = ["about", "catalog", "discover", "state", "test", "stream-maps", "schema-flattening", "structured-logging"]
    assert {capability.value for capability in TapHR4YOU.capabilities} == set(order)
    return order


def test_the_readme_names_every_stream_and_field() -> None:
    text = README.read_text(encoding="utf-8")

    for stream in STREAMS:
        row = next(line for line in text.splitlines() if line.startswith(f"| `{stream}` |"))
        common = {"id", "remote_id", "changed_at", "remote_deleted_at", "remote_data"}
        assert set(re.findall(r"`(\w+)`", row)) == {stream} | (set(stream_schema(stream)["properties"]) - common)


def write() -> None:
    """Bring README and meltano.yml in line with the settings."""
    readme = README.read_text(encoding="utf-8")
    README.write_text(TABLE.sub(lambda _: readme_table(), readme), encoding="utf-8")
    listed = yaml.safe_dump(meltano_settings(), sort_keys=False, allow_unicode=True, width=110)
    indented = "".join(f"    {line}\n" for line in listed.splitlines())
    MELTANO.write_text(SETTINGS.sub(lambda _: indented, MELTANO.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()
