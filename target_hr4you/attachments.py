"""Attachments: from an item of the input to a file that is ready to be sent, never whole in memory."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import tempfile
import unicodedata
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast
from urllib.parse import unquote_to_bytes

from target_hr4you import file_types
from target_hr4you.downloads import (
    AttachmentError,
    AttachmentRules,
    AttachmentUnavailableError,
    Download,
    download,
    refuse_size,
    refused,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from typing_extensions import Self

__all__ = ["Attachment", "AttachmentError", "AttachmentRules", "AttachmentUnavailableError", "open_attachment"]

_IN_MEMORY: Final = 1 << 20
_CHUNK: Final = 1 << 18  # characters of base64: a multiple of 4
_SPACE: Final = " \t\r\n"
_NO_SPACE: Final = dict.fromkeys(map(ord, _SPACE))
_LONGEST_NAME: Final = 150  # bytes of UTF-8
_STEMS: Final = {"CV": "cv", "COVER_LETTER": "cover-letter"}

_SLASHES: Final = re.compile(r"[/\\]")
# Cc: control characters; Cs: halves of surrogate pairs, which nothing can encode; Zl, Zp: line and paragraph ends
_CONTROL: Final = {"Cc", "Cs", "Zl", "Zp"}
# what turns the direction of text, so that `exe.pdf` is shown where `fdp.exe` stands
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# the last part of a URL that ends so is a page or a program that gives the file, and not the file's name
_PAGES: Final = {".html", ".htm", ".php", ".asp", ".aspx", ".ashx", ".jsp", ".do", ".cgi"}
_PARAMETER: Final = re.compile(r';\s*([\w!#$&+^`|~*.-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)


@dataclass(frozen=True)
class Attachment:
    """A file that is ready to be sent; to be closed, which deletes it.

    Attributes:
        name: base name, at most 150 bytes of UTF-8.
        size: in bytes, above 0.
        content_type: without parameters; ``application/octet-stream`` where nothing tells it.
        file: stands at its beginning.
        sha256: of the content, hexadecimal.
    """

    name: str = field(repr=False)
    size: int
    content_type: str
    file: BinaryIO = field(repr=False)
    sha256: str

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Delete the file."""
        self.file.close()


def open_attachment(item: Mapping[str, Any], rules: AttachmentRules) -> Attachment:
    """Decode or download an attachment and check what it is.

    Args:
        item: exactly one of ``data`` (base64) and ``data_url``; ``name``, ``content_type``, ``type`` may be missing.
            None and empty text count as missing.
        rules: what is taken.

    Raises:
        AttachmentError: it cannot be sent as it is.
        AttachmentUnavailableError: it may work later.
    """
    spool = _Spool()
    try:
        source = _fill(spool, item.get("data") or None, item.get("data_url") or None, rules)
        name, content_type = _name_and_type(item, source, spool.head)
        file = spool.rewound()
    except BaseException:
        spool.file.close()
        raise
    return Attachment(name, spool.size, content_type, file, spool.digest.hexdigest())


class _Spool:
    """Where content is kept until it is sent: in memory if it is small, otherwise in a file without a name.

    Attributes:
        head: the content's first bytes.
    """

    def __init__(self) -> None:
        self.file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # closed with its attachment
        self.digest = hashlib.sha256()
        self.head = b""
        self.size = 0

    def write(self, part: bytes) -> None:
        """Raises `AttachmentUnavailableError` where there is no room."""
        if len(self.head) < file_types.HEAD_SIZE:
            self.head += part[: file_types.HEAD_SIZE - len(self.head)]
        self.digest.update(part)
        self.size += len(part)
        self._on_disk(partial(self.file.write, part))

    def rewound(self) -> BinaryIO:
        """The file, at its beginning. Raises as `write`, as what was written may not be on the disk yet."""
        self._on_disk(partial(self.file.seek, 0))
        return cast("BinaryIO", self.file)

    def _on_disk(self, function: partial[int]) -> None:
        try:
            function()
        except OSError as error:
            raise AttachmentUnavailableError(
                f"the attachment cannot be kept in the folder for temporary files ({error.strerror}). "
                "Make room there, or set TMPDIR"
            ) from None


def _fill(spool: _Spool, data: object, url: object, rules: AttachmentRules) -> Download | None:
    if (data is None) == (url is None):
        raise refused("an attachment has exactly one of `data` and `data_url`")
    source: Download | None = None
    if isinstance(url, str):
        source = download(url, rules, spool.write)
    elif isinstance(data, str):
        for part in _decode(data, rules.max_bytes):
            spool.write(part)
    else:
        raise refused("an attachment's `data` and `data_url` are texts")
    if not spool.size:
        raise refused("the attachment is an empty file")
    return source


def _decode(data: str, max_bytes: int) -> Iterator[bytes]:
    """Decode base64 piece by piece; line breaks and spaces in it do not count. Its length is checked before."""
    if data[:64].lstrip()[:5].lower() == "data:":
        raise refused("the attachment's `data` begins with `data:`. Leave out all up to the comma")
    length = len(data) - sum(map(data.count, _SPACE))
    if length // 4 * 3 - min(data.count("="), 2) > max_bytes:
        raise refuse_size(max_bytes)
    if length % 4:
        raise refused("the attachment's `data` is no base64: its length is no multiple of 4, so a part is missing")
    rest = ""
    for start in range(0, len(data), _CHUNK):
        rest += data[start : start + _CHUNK].translate(_NO_SPACE)
        end = len(rest) - len(rest) % 4
        length -= end
        yield _decode_part(rest[:end], is_last=length == 0)
        rest = rest[end:]


def _decode_part(part: str, *, is_last: bool) -> bytes:
    try:
        if is_last or "=" not in part:
            return base64.b64decode(part, validate=True)
    except (binascii.Error, ValueError):
        pass
    if "-" in part or "_" in part:
        raise refused("the attachment's `data` is URL-safe base64. Use the standard alphabet, with + and /")
    raise refused("the attachment's `data` is no base64")


def _name_and_type(item: Mapping[str, Any], source: Download | None, head: bytes) -> tuple[str, str]:
    """Return the file's name and type.

    Raises:
        AttachmentError: what is declared, the name's extension and the first bytes contradict each other.
    """
    header = file_types.read_type(source.content_type) if source else None
    declared = file_types.read_type(item.get("content_type")) or header
    found = file_types.sniff(head)
    if found is None and header == file_types.HTML:
        found = header
    given = item.get("name")
    name = _clean(given) if isinstance(given, str) else ""
    name = name or (_name_of(source) if source else "")
    by_name = file_types.type_of_name(name)
    for claim in (declared, by_name):
        if claim and found and file_types.contradicts(claim, found):
            raise _contradiction(claim, found)
    if found and by_name and file_types.is_same_family(by_name, found):
        found = by_name  # a ZIP container named .docx
    content_type = declared or found or by_name or file_types.UNKNOWN
    stem = _STEMS.get(str(item.get("type")), "attachment")
    return name or f"{stem}{file_types.extension_of(content_type)}", content_type


def _contradiction(claim: str, found: str) -> AttachmentError:
    if found == file_types.HTML:
        return refused(
            f"the attachment is a web page where {claim} was expected: a login page or a notice, often behind a link "
            "that has expired. Give a `data_url` that gives the file itself"
        )
    return refused(
        f"the attachment is said to be {claim}, by its type or its name, but its content is {found}. Correct "
        "`content_type` and `name`"
    )


def _clean(name: str) -> str:
    """Return the base name as it may be sent, empty where nothing is left of it."""
    name = unicodedata.normalize("NFC", _SLASHES.split(name)[-1])
    name = "".join(char for char in name if char not in _BIDI and unicodedata.category(char) not in _CONTROL).strip()
    if name in {".", ".."}:
        return ""
    suffix = file_types.suffix_of(name)
    stem = name.removesuffix(suffix).encode()[: _LONGEST_NAME - len(suffix)].decode(errors="ignore")
    return f"{stem}{suffix}" if len(name.encode()) > _LONGEST_NAME else name


def _name_of(source: Download) -> str:
    """Return the name that the server gives, or else that of the URL; empty where neither is a file's."""
    name = _clean(_disposition_name(source.disposition or ""))
    if name:
        return name
    for path in reversed(source.paths):
        name = _clean(_unquote(path.rsplit("/", 1)[-1]))
        suffix = file_types.suffix_of(name).lower()
        if suffix and not suffix[1:].isdecimal() and suffix not in _PAGES:
            return name
    return ""


def _disposition_name(header: str) -> str:
    """Return the file name of a `Content-Disposition` (RFC 6266), empty without: ``filename*`` before ``filename``."""
    found: dict[str, str] = {key.lower(): value.strip() for key, value in reversed(_PARAMETER.findall(header))}
    charset, _, rest = found.get("filename*", "").strip('"').partition("'")
    if rest:
        try:
            return unquote_to_bytes(rest.partition("'")[2]).decode(charset or "utf-8")
        except (LookupError, ValueError):
            pass  # not decodable: the other one is there for that
    name = found.get("filename", "")
    if name.startswith('"'):
        name = re.sub(r'\\(["\\])', r"\1", name[1:].removesuffix('"'))
    try:
        return name.encode("latin-1").decode()  # headers are read as Latin-1, and many write UTF-8 into them
    except ValueError:
        return name


def _unquote(text: str) -> str:
    raw = unquote_to_bytes(text)
    try:
        return raw.decode()
    except ValueError:
        return raw.decode("latin-1")
