"""The bytes of an OpenAPI document as plain data, or one line that says what they are instead."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any, Final

import msgspec

from hr4you.contract.draft.source_kinds import EXPECTED, kind_of_data, kind_of_text
from hr4you.contract.draft.source_yaml import DEEPEST, IS_FAST, MEND, parse_yaml, shown
from hr4you.errors import ContractError

LARGEST: Final = 20 << 20
"""Bytes; a document of so many is read within seconds."""

_LARGEST_YAML: Final = LARGEST if IS_FAST else 1 << 20
_LARGEST_BRACES: Final = 1 << 20  # what looks like JSON and is none is broken JSON, or small YAML that a person wrote
_CUT: Final = "Cut the document to the paths that are needed"
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_VERSIONS: Final = re.compile(r"3(?:\.\d+)*(?:-\w+)?")


def parse_openapi(content: bytes, name: str) -> dict[str, Any]:
    """Return an OpenAPI 2.0 or 3.x document of JSON or YAML, as JSON would hold it: keys are text, and so are dates.

    Args:
        content: of a file or an answer.
        name: what errors call it.

    Raises:
        ContractError: it is something else, broken, too large, or nests or unfolds without end.
    """
    return check_openapi(parse_data(content, name), name)


def parse_data(content: bytes, name: str) -> Any:
    """Return any JSON or YAML as JSON would hold it, at most 200 levels deep. Raises `ContractError`."""
    if len(content) > LARGEST:
        raise too_large(name)
    text = _decode(content, name)
    start = text[:1000].lstrip()
    if not text.strip():
        raise ContractError(f"{name}: is empty. {EXPECTED}.")
    is_like_json = start[:1] in {"{", "["}
    if is_like_json:
        try:
            return _checked_depth(_parse_json(text), name)
        except RecursionError:
            raise _too_deep(name) from None
        except ValueError as error:
            problem = error
            if len(content) > _LARGEST_BRACES:
                raise _json_error(problem, name) from None
    kind = kind_of_text(text)
    if kind is not None:
        raise ContractError(f"{name}: is {kind[0]}. {kind[1]}.")
    if len(content) > _LARGEST_YAML:
        raise ContractError(f"{name}: is YAML of more than {_LARGEST_YAML >> 20} MB. {_CUT}, or give it as JSON.")
    try:
        return parse_yaml(text, name)
    except ContractError:
        if is_like_json:
            raise _json_error(problem, name) from None
        raise


def check_openapi(data: Any, name: str) -> dict[str, Any]:
    """Return data that is an OpenAPI document, its version as text. Raises `ContractError`."""
    version = data.get("openapi", data.get("swagger")) if isinstance(data, dict) else None
    if version is None or not isinstance(data, dict) or isinstance(version, dict | list):
        kind, advice = kind_of_data(data)
        raise ContractError(f"{name}: is {kind}. {advice}.")
    key = "openapi" if "openapi" in data else "swagger"
    text = str(version).strip()
    if not (_VERSIONS.fullmatch(text) if key == "openapi" else text in {"2", "2.0"}):
        raise ContractError(f'{name}: is `{key}: {shown(text)}`; expected `swagger: "2.0"`, or `openapi` 3.0 to 3.2.')
    paths = data.get("paths")
    if not isinstance(paths, dict) or not any(isinstance(item, dict) for item in paths.values()):
        raise ContractError(
            f"{name}: is an OpenAPI document without any paths; a part of the document, or one of webhooks only? "
            "Expected `paths` with the requests that the API takes."
        )
    return data if version == text else {**data, key: text}


def too_large(name: str) -> ContractError:
    """Return the error for a document beyond `LARGEST`."""
    return ContractError(f"{name}: is larger than {LARGEST >> 20} MB. {_CUT}.")


def _decode(content: bytes, name: str) -> str:
    encoding = "utf-8"
    for mark, marked in _MARKS:
        if content.startswith(mark):
            content, encoding = content[len(mark) :], marked
            break
    else:
        if content[1:2] == b"\0" or content[:1] == b"\0":  # all these documents begin with ASCII
            encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        kind = kind_of_text(content[:1000].decode("utf-8", "replace"))
        if kind is not None:
            raise ContractError(f"{name}: is {kind[0]}. {kind[1]}.") from None
        raise ContractError(f"{name}: is not text in UTF-8 or UTF-16. Save it as UTF-8.") from None


def _parse_json(text: str) -> Any:
    """Raises `ValueError` and `RecursionError`."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        pass
    data = json.loads(text, parse_constant=lambda _: None)  # NaN, which some write and nothing else reads
    if "\\ud" not in text and "\\uD" not in text:
        return data
    whole = json.dumps(data, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return msgspec.json.decode(whole)  # without the halves of surrogate pairs, which nothing could write


def _json_error(problem: ValueError, name: str) -> ContractError:
    if isinstance(problem, json.JSONDecodeError):
        reason = problem.msg[:1].lower() + problem.msg[1:]
        return ContractError(f"{name}, line {problem.lineno}: is broken JSON: {reason}. {MEND}.")
    return ContractError(f"{name}: is broken JSON. {MEND}.")


def _checked_depth(data: Any, name: str) -> Any:
    """Return the data if others can walk through it by functions that call themselves."""
    level = [data]
    for _ in range(DEEPEST):
        parents = [part for part in level if type(part) is dict or type(part) is list]
        if not parents:
            return data
        level = [part for parent in parents for part in (parent.values() if type(parent) is dict else parent)]
    raise _too_deep(name)


def _too_deep(name: str) -> ContractError:
    return ContractError(f"{name}: more than {DEEPEST} levels are nested; expected a document that describes an API.")
