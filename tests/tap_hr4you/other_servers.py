"""What the tests of the two other servers share: a config for each, a run that must succeed, and looks at records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.servers import german, nested
from tests.tap_hr4you.runs import STREAMS, TapRun, run_tap

if TYPE_CHECKING:
    from pathlib import Path

Config = dict[str, Any]
NOTHING = dict.fromkeys(STREAMS, 0)


def german_config(tenant: german.GermanTenant) -> Config:
    login = {"username": german.USERNAME, "password": german.PASSWORD}
    return {**_config(tenant.base_url, german.CONTRACT), **login}


def nested_config(tenant: nested.NestedTenant) -> Config:
    return {**_config(tenant.base_url, nested.CONTRACT), "api_token": nested.TOKEN}


def _config(base_url: str, contract: Path) -> Config:
    return {
        "base_url": base_url,
        "tenant": "acme",
        "contract": [str(contract)],
        "deletion_check_interval_hours": 0,
    }


def sync(config: Config, state: dict[str, Any] | None = None) -> TapRun:
    """Run the tap to a good end."""
    done = run_tap(config, state=state)
    assert done.status == 0, done.log
    return done


def by_id(run: TapRun, stream: str) -> dict[str, dict[str, Any]]:
    """The stream's records by their remote id, of which none may come twice."""
    records = {record["remote_id"]: record for record in run.records(stream)}
    assert len(records) == len(run.records(stream)), f"{stream}: a record came twice"
    return records


def assert_has(record: dict[str, Any], expected: dict[str, Any]) -> None:
    """Compare only the fields that are expected."""
    found = {name: record[name] for name in expected}
    assert found == expected, f"{found} is not {expected}"
