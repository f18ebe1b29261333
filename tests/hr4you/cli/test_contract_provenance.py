"""``hr4you contract show`` tells where every entry comes from, and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hr4you.contract import load_contract
from tests.hr4you.cli.tenants import run

if TYPE_CHECKING:
    from pathlib import Path


def show(*arguments: str) -> str:
    """The output of ``hr4you contract show``."""
    done = run("contract", "show", *arguments)
    assert (done.status, done.err) == (0, "")
    return done.out


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


def test_of_several_files_the_one_that_says_it_is_named(tmp_path: Path) -> None:
    tenant, other = tmp_path / "my.yml", tmp_path / "other.yml"
    tenant.write_text("api: {timezone: Europe/Vienna}\nresources:\n  jobs:\n    list: stellen\n", encoding="utf-8")
    other.write_text("api: {timezone: UTC}", encoding="utf-8")
    told = provenance_of(show("--contract", str(tenant), "--contract", str(other)))
    assert told["timezone: UTC"] == f"yours: {other}, line 1"
    assert told["list: stellen"] == f"yours: {tenant}, line 4"


def test_no_entry_is_without_provenance() -> None:
    lines = show().splitlines()
    opened = [line for line in lines if line.endswith(":")]
    plain = [line.strip() for line in lines if "    # " not in line and line not in opened]
    assert {line.partition(":")[0] for line in plain} == {"version", "provenance"}
    assert {line.partition("    # ")[2] for line in lines if "    # " in line} == {"verified", "assumed"}


def test_entries_stand_in_the_default_s_order_whatever_a_file_changes(tmp_path: Path) -> None:
    def keys(shown: str) -> list[str]:
        return [line.partition(":")[0] for line in shown.splitlines() if line.startswith("  ") and line[2] != " "]

    path = tmp_path / "my.yml"
    path.write_text(DRAFTED, encoding="utf-8")
    shown = keys(show("--contract", str(path)))
    assert [key for key in shown if key != "  provenance"] == keys(show())


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
