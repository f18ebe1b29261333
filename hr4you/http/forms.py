"""Forms with a file (multipart/form-data), sent piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from requests_toolbelt import MultipartEncoder

if TYPE_CHECKING:
    from collections.abc import Mapping


class FilePart(NamedTuple):
    """A file of a form; it is read from its start, also where the form is sent once more."""

    name: str
    file: BinaryIO
    content_type: str


def make_form(parts: Mapping[str, str | FilePart]) -> MultipartEncoder:
    """Return the form's body, which is read while it is sent: the file is never in memory as a whole."""
    fields: dict[str, str | tuple[str, BinaryIO, str]] = {}
    for name, part in parts.items():
        if isinstance(part, FilePart):
            part.file.seek(0)
            fields[name] = (part.name, part.file, part.content_type)
        else:
            fields[name] = part
    return MultipartEncoder(fields)
