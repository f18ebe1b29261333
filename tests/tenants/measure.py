"""How much of what a person would map a drafted contract has, and what of it is wrong.

A leaf is one value of the contract (`resources.jobs.fields.name`). Paths are compared as the whole addresses that they
make, expressions by what they find in the tenant's objects, words of vocabularies by what they mean in the end.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hr4you.contract import compile_expression
from hr4you.contract.document import Document, read_document
from hr4you.contract.draft.drafting import Draft, draft
from hr4you.contract.draft.openapi import OpenAPI
from hr4you.contract.draft.source import parse_openapi
from hr4you.contract.loader import load_document
from hr4you.contract.merge import merge
from hr4you.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE: Final = Path(__file__).parent
NAMES: Final = ("kranich", "otter", "luchs", "biber")
SURE: Final = 0.8

_PATHS: Final = frozenset({"list", "path", "get"})
_UNIMPORTANT: Final = frozenset({"docs", "provenance", "version", "timezone"})
_MISSING: Final = object()

Place = tuple[str, ...]


@dataclasses.dataclass
class Measured:
    """The figures of one draft.

    Attributes:
        expected: what a person would map.
        found: of these, what the draft has.
        missing: the others.
        wrong: what the draft says otherwise, or says where a person would say nothing, with its confidence.
    """

    name: str
    expected: int
    found: int
    missing: list[str]
    wrong: list[tuple[str, float]]

    @property
    def share(self) -> float:
        """Of what a person would map."""
        return self.found / self.expected

    @property
    def surely_wrong(self) -> list[tuple[str, float]]:
        """What is wrong with a confidence above 0.8."""
        return [each for each in self.wrong if each[1] > SURE]


def document_of(name: str) -> OpenAPI:
    """The document of one of our tenants."""
    path = next(path for path in (HERE / name).iterdir() if path.stem == "openapi")
    return OpenAPI(parse_openapi(path.read_bytes(), path.name))


def objects_of(name: str) -> dict[str, list[dict[str, Any]]]:
    """What the tenant's lists hold, by the resources of the expected contract."""
    server = importlib.import_module(f"tests.tenants.{name}.server")
    expected = read_document(HERE / name / "expected.yml").data["resources"]
    found: dict[str, list[dict[str, Any]]] = {}
    with server.serve() as tenant:
        for resource, described in expected.items():
            if described is None:
                continue
            given = described["list"]
            path = given if isinstance(given, str) else given["path"]
            table = path.replace("/{id}", "").rsplit("/", 1)[-1]
            found[resource] = list(tenant.tables.get(path, tenant.tables.get(table, {})).values())
            if isinstance(given, dict) and "nested_in" in given:
                inside = compile_expression(path)
                found[resource] = [wire for parent in found[given["nested_in"]] for wire in inside(parent) or []]
    return found


def measure(name: str, drafted: Draft | None = None) -> Measured:
    """Compare a draft with what is expected of the tenant's document."""
    drafted = drafted or draft(document_of(name))
    return compare(name, drafted, HERE / name, objects_of(name))


def compare(name: str, drafted: Draft, folder: Path, objects: Mapping[str, list[dict[str, Any]]]) -> Measured:
    """Compare a draft with the files ``expected.yml`` and ``alternatives.yml`` of a folder."""
    own = read_document(folder / "expected.yml")
    whole = load_document([folder / "expected.yml"]).data
    expected = {place: value for place, value in _leaves(own.data) if value is not None and not _unimportant(place)}
    whole["api"].setdefault("record", whole["api"]["records"])  # as the contract's model has it
    effective = dict(_leaves(whole))
    alternatives = _alternatives(folder / "alternatives.yml")
    given = drafted.data()
    says = dict(_leaves(given))
    same = _Same(own.data["api"].get("base_path", "/api2/"), given["api"].get("base_path", "/"), objects)
    words = _word_places(own.data, whole, merge(load_document(), Document(given, {})).data)
    missing, optional = [], 0
    for place, value in expected.items():
        if place[0] == "vocabularies":
            continue
        listed = [value, *_accepted(alternatives, place)]
        if any(same(place, option, says.get(place)) for option in listed) or same.as_whole(place, own.data, given):
            continue
        if None in listed and says.get(place) is None:
            optional += 1
            continue
        missing.append(f"{'.'.join(place)}: expected {value}, drafted {says.get(place)}")
    missing += [f"{place}: not known" for place, known in words.items() if not known]
    wrong = []
    for place, value in says.items():
        if value is None or place[0] in {"vocabularies", "version"} or _unimportant(place):
            continue
        right = [effective.get(place), *_accepted(alternatives, place)]
        if not any(same(place, option, value) for option in right) and not same.as_whole(place, own.data, given):
            wrong.append(
                (f"{'.'.join(place)}: drafted {value}, expected {effective.get(place)}", _confidence(drafted, place))
            )
    count = sum(place[0] != "vocabularies" for place in expected) - optional + len(words)
    return Measured(name, count, count - len(missing), missing, wrong)


class _Same:
    """Whether two values say the same."""

    def __init__(self, base: str, drafted_base: str, objects: Mapping[str, list[dict[str, Any]]]) -> None:
        self._bases = (base, drafted_base)
        self._objects = objects

    def __call__(self, place: Place, expected: Any, drafted: Any) -> bool:
        if expected is None or drafted is None:
            return expected is drafted
        if place[-1] in _PATHS and place[0] in {"resources", "actions", "api"}:
            return self._bases[0] + str(expected) == self._bases[1] + str(drafted)
        if place == ("api", "base_path"):
            return True  # what matters are the addresses
        if str(expected) == str(drafted):
            return True
        if place[0] == "resources" and len(place) > 2 and place[2] in {"id", "changed_at", "fields"}:
            return self._find_the_same(place[1], str(expected), str(drafted))
        return False

    def _find_the_same(self, resource: str, expected: str, drafted: str) -> bool:
        objects = self._objects.get(resource, [])
        try:
            pair = [[compile_expression(text)(wire) for wire in objects] for text in (expected, drafted)]
        except ValueError:
            return False
        return pair[0] == pair[1] and any(value is not None for value in pair[0])

    def as_whole(self, place: Place, expected: Any, drafted: Any) -> bool:
        """Whether the list that the leaf is a part of gives the same elements."""
        if place[0] != "resources" or len(place) < 4 or place[2] not in {"fields", "custom_fields"}:
            return False
        at = place[:4] if place[2] == "fields" else place[:3]
        sides = [_at(expected, at), _at(drafted, at)]
        if not all(isinstance(side, dict) and "each" in side for side in sides):
            return False
        objects = self._objects.get(place[1], [])
        found = [[_elements(side, wire) for wire in objects] for side in sides]
        return found[0] == found[1] and any(found[0])


def _elements(side: Mapping[str, Any], wire: Any) -> list[dict[str, Any]]:
    listed = compile_expression(str(side["each"]))(wire) or []
    found = []
    for element in listed if isinstance(listed, list) else []:
        made = {
            key: compile_expression(str(text))(element)
            for key, text in side.items()
            if key != "each" and text is not None
        }
        main = next(iter(made.values()), None)
        if main not in {None, ""} and not isinstance(main, dict):
            found.append({key: value for key, value in made.items() if value is not None and key != "type"})
    return sorted(found, key=json.dumps)


def _leaves(data: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value with its place; steps stand under their names, lists of texts are one value."""
    if isinstance(data, dict) and data:
        short = len(place) == 3 and place[0] == "resources" and place[2] == "list"
        for key, value in data.items():
            at = place if short and key == "path" else (*place, str(key))
            yield from _leaves(value, at)
    elif isinstance(data, list) and data and all(isinstance(part, dict) and "name" in part for part in data):
        for part in data:
            yield from _leaves(
                {key: value for key, value in part.items() if key != "name"}, (*place, str(part["name"]))
            )
    else:
        yield place, data


def _at(data: Any, place: Place) -> Any:
    for key in place:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _alternatives(path: Path) -> dict[Place, list[Any]]:
    given = read_document(path).data
    return {tuple(str(place).split(".")): list(values) for place, values in given.items()}


def _accepted(alternatives: Mapping[Place, list[Any]], place: Place) -> list[Any]:
    """What is as good at a place, also if it is said of the mapping that the place is in."""
    found = list(alternatives.get(place, ()))
    for length in range(1, len(place)):
        found += [_below(option, place[length:]) for option in alternatives.get(place[:length], ())]
    return found


def _below(option: Any, rest: Place) -> Any:
    if option is None:
        return None
    return _at(option, rest) if isinstance(option, dict) else _MISSING


def _unimportant(place: Place) -> bool:
    return place[-1] in _UNIMPORTANT


def _confidence(drafted: Draft, place: Place) -> float:
    """The confidence of the entry that a leaf is a part of."""
    known = {tuple(map(str, at)): proposal.confidence for at, proposal in drafted.entries.items()}
    for length in range(len(place), 0, -1):
        if place[:length] in known:
            return known[place[:length]]
    return 1.0


def _word_places(own: Mapping[str, Any], expected: Mapping[str, Any], drafted: Mapping[str, Any]) -> dict[str, bool]:
    """Each word that the expected contract adds -> whether it means the same with the draft."""
    found = {}
    for vocabulary, words in (own.get("vocabularies") or {}).items():
        for unified, listed in words.items():
            if unified == "sources":
                continue
            for word in listed if isinstance(listed, list) else [listed]:
                meanings = [_meaning(side, vocabulary, str(word)) for side in (expected, drafted)]
                found[f"vocabularies.{vocabulary}.{unified}: {word}"] = meanings[0] == meanings[1]
    return found


def _meaning(contract: Mapping[str, Any], vocabulary: str, word: str) -> str | None:
    for unified, listed in contract["vocabularies"].get(vocabulary, {}).items():
        words = listed if isinstance(listed, list) else [listed]
        if unified != "sources" and fold(word) in {fold(str(each)) for each in (unified, *words)}:
            return str(unified)
    return None


if __name__ == "__main__":
    for tenant in sys.argv[1:] or NAMES:
        result = measure(tenant)
        print(f"{tenant}: {result.found} of {result.expected} ({result.share:.0%})")  # noqa: T201  # run by hand
        for line in result.missing:
            print("   -", line)  # noqa: T201  # run by hand
        for line, sure in sorted(result.wrong, key=lambda each: -each[1]):
            print(f"   ! {sure:.2f} {line}")  # noqa: T201  # run by hand
