"""What a file is: by its first bytes, by its name, by what somebody declares, and when two of these contradict.

Plain tables. A *family* is what first bytes can tell: ``docx`` and ``xlsx`` are both ``zip``, ``doc`` and ``xls`` both
``ole``. Types without a family are unknown here; nothing contradicts them.
"""

from __future__ import annotations

import mimetypes
import re
from typing import Final

HTML: Final = "text/html"
UNKNOWN: Final = "application/octet-stream"

# So many bytes of a file are enough for `sniff`.
HEAD_SIZE: Final = 4096

_PDF: Final = "application/pdf"
_RTF: Final = "application/rtf"
_ZIP: Final = "application/zip"
_OLE: Final = "application/x-ole-storage"
_MP4: Final = "video/mp4"
_HEIC: Final = "image/heic"
_WINDOWS: Final = "application/vnd.microsoft.portable-executable"
_ELF: Final = "application/x-executable"
_MACH_O: Final = "application/x-mach-binary"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_POWERPOINT: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

# What senders write who do not know, or who want a browser to save instead of to show.
_SAYS_NOTHING: Final = {
    UNKNOWN,
    "binary/octet-stream",
    "application/download",
    "application/force-download",
    "application/x-download",
    "application/unknown",
}

_FAMILIES: Final = {
    "pdf": (_PDF, "application/x-pdf", "application/acrobat", "application/vnd.pdf", "text/pdf", "text/x-pdf"),
    "rtf": (_RTF, "application/x-rtf", "text/rtf", "text/richtext"),
    "ole": (
        _OLE,
        "application/msword",
        "application/x-msword",
        "application/doc",
        "application/vnd.ms-excel",
        "application/msexcel",
        "application/x-msexcel",
        "application/vnd.ms-powerpoint",
        "application/mspowerpoint",
        "application/vnd.ms-outlook",
    ),
    "ooxml": (_WORD, _EXCEL, _POWERPOINT),
    "zip": (
        _ZIP,
        "application/x-zip",
        "application/x-zip-compressed",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.graphics",
    ),
    "png": ("image/png", "image/x-png"),
    "jpeg": ("image/jpeg", "image/jpg", "image/pjpeg"),
    "gif": ("image/gif",),
    "webp": ("image/webp",),
    "tiff": ("image/tiff", "image/tif", "image/x-tiff"),
    "heic": (_HEIC, "image/heif", "image/heic-sequence", "image/heif-sequence"),
    "mp4": (_MP4, "audio/mp4", "video/x-m4v", "audio/x-m4a", "video/quicktime"),
    "gzip": ("application/gzip", "application/x-gzip"),
    "rar": ("application/vnd.rar", "application/x-rar-compressed"),
    "7z": ("application/x-7z-compressed",),
    "program": (_ELF, _WINDOWS, _MACH_O, "application/x-msdownload", "application/x-dosexec"),
    "html": (HTML, "application/xhtml+xml"),
    "text": ("text/plain", "text/csv"),
}
_FAMILY_OF: Final = {name: family for family, names in _FAMILIES.items() for name in names}

# What else a file may begin with that is declared so, family by family. Windows declares `.rtf` and `.docx` as
# msword and `.csv` as Excel; Word reads all of them under `.doc`; an Office file with a password is an OLE container.
_ALSO: Final = {
    "ole": {"zip", "rtf"},
    "ooxml": {"zip", "ole"},
    "text": {"html", "rtf"},
}

_MAGIC: Final = (
    (b"%PDF-", _PDF),
    (b"{\\rtf", _RTF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE),
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", _ZIP),
    (b"PK\x07\x08", _ZIP),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x7fELF", _ELF),
    (b"\xcf\xfa\xed\xfe", _MACH_O),
    (b"\xce\xfa\xed\xfe", _MACH_O),
)

# Names of parts that stand near the beginning of an Office file; the list of all parts is at its end.
_OFFICE_PARTS: Final = ((b"word/", _WORD), (b"xl/", _EXCEL), (b"ppt/", _POWERPOINT))
_ODF: Final = re.compile(rb"mimetype(application/vnd\.oasis\.opendocument\.(?:text|spreadsheet|presentation|graphics))")
_HEIC_BRANDS: Final = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_AVIF_BRANDS: Final = {b"avif", b"avis"}

# a web page's first tag, behind white space, a byte order mark, an XML declaration and comments
_TAG: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*|<!--(?:(?!-->).){0,2000}-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title|script)\b",
    re.IGNORECASE | re.DOTALL,
)
_PDF_WITHIN: Final = 1024  # as readers do: what stands before may be a mail's header or a byte order mark

_EXTENSIONS: Final = {
    ".pdf": _PDF,
    ".doc": "application/msword",
    ".dot": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".msg": "application/vnd.ms-outlook",
    ".docx": _WORD,
    ".xlsx": _EXCEL,
    ".pptx": _POWERPOINT,
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".odg": "application/vnd.oasis.opendocument.graphics",
    ".rtf": _RTF,
    ".zip": _ZIP,
    ".gz": "application/gzip",
    ".rar": "application/vnd.rar",
    ".7z": "application/x-7z-compressed",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".heic": _HEIC,
    ".heif": "image/heif",
    ".mp4": _MP4,
    ".m4a": "audio/mp4",
    ".m4v": "video/x-m4v",
    ".mov": "video/quicktime",
    ".html": HTML,
    ".htm": HTML,
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".exe": _WINDOWS,
}
# the first extension of a type is its usual one; a type without any has that of its family's first type
_EXTENSION_OF: Final = {type_: extension for extension, type_ in reversed(_EXTENSIONS.items())}

# Python's own table, without what this machine's files add to it: a run must not depend on where it runs.
_python_types: Final = mimetypes.MimeTypes()

_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
_SUFFIX: Final = re.compile(r"[^.].*(\.[A-Za-z0-9]{1,10})", re.DOTALL)


def read_type(value: object) -> str | None:
    """The media type in a `Content-Type`, in small letters and without parameters.

    None where it says nothing: no type at all, or one like `application/octet-stream`.
    """
    if not isinstance(value, str):
        return None
    found = value.split(";")[0].strip().lower()
    return found if _TYPE.fullmatch(found) and found not in _SAYS_NOTHING else None


def sniff(head: bytes) -> str | None:
    """The type that a file's first `HEAD_SIZE` bytes surely tell; None where they tell nothing, as in plain text.

    Of what is a ZIP or an OLE container inside, only the usual kinds are told apart.
    """
    for magic, type_ in _MAGIC:
        if head.startswith(magic):
            return _zip_type(head) if type_ == _ZIP else type_
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _media_type(head[8:12])
    if head[:2] == b"MZ" and b"\0" in head[:64]:  # the letters alone may begin a text
        return _WINDOWS
    if _TAG.match(head):
        return HTML
    return _PDF if b"%PDF-" in head[:_PDF_WITHIN] else None


def _zip_type(head: bytes) -> str:
    odf = _ODF.search(head, 30, 200)
    if odf:
        return odf[1].decode()
    return next((type_ for part, type_ in _OFFICE_PARTS if part in head), _ZIP) if b"[Content_Types]" in head else _ZIP


def _media_type(brand: bytes) -> str:
    if brand in _HEIC_BRANDS:
        return _HEIC
    if brand in _AVIF_BRANDS:
        return "image/avif"
    return "video/quicktime" if brand == b"qt  " else _MP4


def suffix_of(name: str) -> str:
    """The extension with its dot, as it is written; empty where a name has none. A dot at the start begins none."""
    found = _SUFFIX.fullmatch(name)
    return found[1] if found else ""


def type_of_name(name: str) -> str | None:
    """The type that a file name's extension stands for, None for an unknown extension or none."""
    suffix = suffix_of(name).lower()
    found = _EXTENSIONS.get(suffix) or _python_types.types_map[True].get(suffix)
    return found if found not in _SAYS_NOTHING else None


def extension_of(type_: str) -> str:
    """The usual extension of a type, with its dot; empty where it has none."""
    first = _FAMILIES[_FAMILY_OF[type_]][0] if type_ in _FAMILY_OF else type_
    return _EXTENSION_OF.get(type_) or _EXTENSION_OF.get(first) or _python_types.guess_extension(type_) or ""


def is_same_family(type_: str, other: str) -> bool:
    """Whether both are known and begin alike, so that either may be the more exact name of the same thing."""
    return type_ in _FAMILY_OF and _bytes_family(type_) == _bytes_family(other)


def contradicts(declared: str, found: str) -> bool:
    """Whether a file of the type `found` (by its first bytes) cannot be what it is declared to be.

    Only where both are known; equivalents agree, and so do a container and what lives in it.
    """
    family = _FAMILY_OF.get(declared)
    told = _bytes_family(found)
    if family is None or told is None:
        return False
    return told != _bytes_family(declared) and told not in _ALSO.get(family, ())


def _bytes_family(type_: str) -> str | None:
    family = _FAMILY_OF.get(type_)
    return "zip" if family == "ooxml" else family
