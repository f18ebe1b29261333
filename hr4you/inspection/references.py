"""Documents of several files: what their ``$ref`` name is put into one document, below ``x-external``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from hr4you.contract.draft.source import parse_data
from hr4you.errors import AnswerError, SetupError
from hr4you.inspection.web import printable, shown

if TYPE_CHECKING:
    from hr4you.inspection.web import Web

KEY: Final = "x-external"
_MOST_FILES: Final = 50
_BARE: Final = re.compile(r"[\w-]*")


def bundle(data: dict[str, Any], base: str, web: Web) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the document with all files that it refers to, and a line for each reference that leads nowhere.

    Those references are left as they are. References to other hosts and out of the document's folder are not followed.

    Args:
        data: the document.
        base: its address.
        web: gets the others.

    Raises:
        TenantUnavailableError: a host is down.
    """
    bundler = _Bundler(base, web)
    whole: dict[str, Any] = bundler.rewrite(data, base, "")
    while bundler.waiting:
        address, key, content = bundler.waiting.pop()
        bundler.files[key] = bundler.rewrite(content, address, f"/{KEY}/{_escaped(key)}")
    if bundler.files:
        whole = {**whole, KEY: {**whole.get(KEY, {}), **bundler.files}}
    return (whole if bundler.files else data), tuple(bundler.problems.values())


class _Bundler:
    """Loads files and turns references to them into references inside the one document.

    Attributes:
        files: by key, done.
        waiting: address, key and content of files whose own references are still as they were.
        problems: reference or address -> line.
    """

    def __init__(self, root: str, web: Web) -> None:
        self.files: dict[str, Any] = {}
        self.waiting: list[tuple[str, str, Any]] = []
        self.problems: dict[str, str] = {}
        self._root = urldefrag(root).url
        self._folder = urljoin(self._root, ".")
        self._web = web
        self._keys: dict[str, str | None] = {self._root: None}

    def rewrite(self, value: Any, base: str, prefix: str) -> Any:
        """Return a copy whose references hold in the one document; prefix is the file's place in it."""
        if isinstance(value, list):
            return [self.rewrite(part, base, prefix) for part in value]
        if not isinstance(value, dict):
            return value
        copy = {key: self.rewrite(part, base, prefix) for key, part in value.items()}
        reference = value.get("$ref")
        if isinstance(reference, str) and reference.strip():
            copy["$ref"] = self._target(reference.strip(), base, prefix)
        return copy

    def _target(self, reference: str, base: str, prefix: str) -> str:
        if reference.startswith("#"):
            return f"#{prefix}{reference[1:]}" if reference[1:2] in {"", "/"} else reference
        try:
            address, fragment = urldefrag(urljoin(base, reference))
        except ValueError:
            address, fragment = "", ""
        if _BARE.fullmatch(reference) or not address or fragment[:1] not in {"", "/"}:
            self.problems[reference] = f"`{printable(reference)}` is no reference that can be followed."
            return reference
        if address != self._root and address not in self._keys:
            self._load(address)
        if address == self._root:
            return f"#{fragment}"
        key = self._keys[address]
        return reference if key is None else f"#/{KEY}/{_escaped(key)}{fragment}"

    def _load(self, address: str) -> None:
        self._keys[address] = None
        is_file = address.startswith("file:")
        name = self._web.file_name(address) if is_file else shown(address)
        if not is_file and urlsplit(address)[:2] != urlsplit(self._root)[:2]:
            self.problems[address] = f"{name}: is on another host than the document, so it was not read."
            return
        if len(self._keys) > _MOST_FILES + 1:
            self.problems[""] = f"The document refers to more than {_MOST_FILES} files; the others were not read."
            return
        try:
            fetched = self._web.get(address)
            content = parse_data(fetched.body, name)
        except (SetupError, AnswerError) as error:
            self.problems[address] = str(error)
            return
        key = unquote(address.removeprefix(self._folder) if is_file or self._folder in address else name)
        self._keys[address] = key
        self.waiting.append((address, key, content))


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
