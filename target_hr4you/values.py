"""The kinds of single inputs: how each is read, and what may stand there, in the words of the message.

A kind refuses with what it expects; `target_hr4you.actions` makes the one line of that. Every kind takes plain JSON
values that are not empty (`target_hr4you.incoming`), and None where a required input is missing.
"""

import math
import re
from collections.abc import Callable
from typing import Annotated, Any, Final
from urllib.parse import unquote, urlsplit

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from hr4you.ids import to_remote_id
from hr4you.mapping.countries import country_code
from hr4you.mapping.emails import is_email_address
from hr4you.settings import is_loopback, origin_of

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")

_LONGEST_NAME: Final = 500
_LONGEST_EMAIL_ADDRESS: Final = 254
_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff]")  # no database and no UTF-8 takes these
_MEDIA_TYPE: Final = re.compile(r"([a-z0-9][\w!#$&^.+-]*/[a-z0-9][\w!#$&^.+-]*)\s*(?:;[^\r\n]*)?", re.ASCII)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_YES: Final = frozenset({"true", "1", "yes", "ja", "wahr"})
_NO: Final = frozenset({"false", "0", "no", "nein", "falsch"})


def refusal(expected: str, found: str | None = None) -> PydanticCustomError:
    """An error to raise from a validator.

    Args:
        expected: what may stand there.
        found: what stood there, where it is not the kind of the value.
    """
    return PydanticCustomError("refused", "{expected}", {"expected": expected, "found": found})


def _kind(expected: str, read: Callable[[Any], Any]) -> PlainValidator:
    """A kind of input; ``read`` gives None for what is not of that kind."""

    def validate(value: Any) -> Any:
        found = read(value)
        if found is None:
            raise refusal(expected)
        return found

    return PlainValidator(validate)


def _exact_text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() and not _NO_TEXT.search(value) else None


def _text(value: Any) -> str | None:
    text = _exact_text(value)
    return text and text.strip()


def _name(value: Any) -> str | None:
    text = _text(value)
    return text if text and len(text) <= _LONGEST_NAME else None


def _email_address(value: Any) -> str | None:
    text = _text(value)
    return text if text and len(text) <= _LONGEST_EMAIL_ADDRESS and is_email_address(text) else None


def _id(value: Any) -> str | None:
    return _text(to_remote_id(value))


def _word_of(words: tuple[str, ...]) -> Callable[[Any], str | None]:
    def read(value: Any) -> str | None:
        word = (_text(value) or "").upper()
        return word if word in words else None

    return read


def _country(value: Any) -> str | None:
    code = (_text(value) or "").upper()
    # Names and other spellings of a country lead to another text than themselves, and so does UK.
    return code if code and country_code(code) == code else None


def _yes_or_no(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = (to_remote_id(value) or "").lower()
    return True if word in _YES else False if word in _NO else None


def _media_type(value: Any) -> str | None:
    found = _MEDIA_TYPE.fullmatch((_text(value) or "").lower())
    return found[1] if found else None


def _plain_text_type(value: Any) -> str | None:
    return "PLAIN_TEXT" if (_text(value) or "").upper() == "PLAIN_TEXT" else None


def _is_url(text: str) -> bool:
    """Whether it is a whole http or https URL, which all parsers read alike."""
    if not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port  # reading it checks it
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _link(value: Any) -> str | None:
    text = _text(value)
    return text if text and _is_url(text) and not set(text) & set('<>"') else None


def _data_url(value: Any) -> str | None:
    text = _text(value)
    if not text or not _is_url(text):
        return None
    try:
        origin_of(text)
    except ValueError:
        return None
    parts = urlsplit(text)
    return text if parts.scheme == "https" or is_loopback(parts.hostname or "") else None


def _path(value: Any) -> str | None:
    text = _text(value)
    if not text or text.startswith("//") or _SCHEME.match(text):
        return None
    # Servers take `%2e%2e` for `..`, so both are looked at.
    forms = (text, unquote(text.partition("?")[0]))
    if any(not form.isprintable() or set(form) & set(" \\") for form in forms) or "#" in text:
        return None
    return None if any(".." in form.partition("?")[0].split("/") for form in forms) else text


def _scalar(value: Any) -> str | int | float | None:
    if isinstance(value, str):
        return _text(value)
    return value if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)) else None


def _params(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict) or any(_scalar(part) is None or not _text(key) for key, part in value.items()):
        return None
    return value


def _json(value: Any) -> Any:
    """The value itself; None where JSON has no form for something in it, or UTF-8 has none."""
    parts = [value]
    while parts:
        part = parts.pop()
        if isinstance(part, dict):
            parts += [*part, *part.values()]
        elif isinstance(part, list):
            parts += part
        elif (isinstance(part, str) and _NO_TEXT.search(part)) or (isinstance(part, float) and not math.isfinite(part)):
            return None
    return value


def _object(value: Any) -> dict[str, Any] | None:
    return _json(value) if isinstance(value, dict) else None


Text = Annotated[str, _kind("a text", _text)]
ExactText = Annotated[str, _kind("a text", _exact_text)]
"""Not trimmed."""
Base64 = Annotated[str, _kind("the file as base64 text", _exact_text)]
"""Not decoded here, so that it may still be none."""
Name = Annotated[str, _kind(f"a text of at most {_LONGEST_NAME} characters", _name)]
EmailAddress = Annotated[
    str, _kind(f"one valid e-mail address of at most {_LONGEST_EMAIL_ADDRESS} characters", _email_address)
]
PhoneNumber = Annotated[str, _kind("a text or a whole number", _id)]
Id = Annotated[str, _kind("an id: a text or a whole number", _id)]
Gender = Annotated[str, _kind("MALE, FEMALE or OTHER", _word_of(("MALE", "FEMALE", "OTHER")))]
AttachmentType = Annotated[str, _kind("CV, COVER_LETTER or OTHER", _word_of(("CV", "COVER_LETTER", "OTHER")))]
Country = Annotated[str, _kind("a country code of ISO 3166-1 alpha-2, such as DE", _country)]
YesOrNo = Annotated[bool, _kind("true or false (or 1, 0, yes, no, ja, nein, wahr, falsch)", _yes_or_no)]
MediaType = Annotated[str, _kind("a content type such as application/pdf", _media_type)]
PlainTextType = Annotated[str, _kind("PLAIN_TEXT, the only kind that notes have here", _plain_text_type)]
Link = Annotated[str, _kind('an http or https URL without white space, control characters and <>"', _link)]
DataUrl = Annotated[str, _kind("an https URL without a user name (http only for this machine itself)", _data_url)]
Method = Annotated[str, _kind(", ".join(METHODS[:-1]) + f" or {METHODS[-1]}", _word_of(METHODS))]
Path = Annotated[
    str, _kind("a path such as applicants/1001: no whole URL, no `..`, `#`, backslash or white space", _path)
]
Params = Annotated[dict[str, Any], _kind("an object of texts, finite numbers and booleans", _params)]
Scalar = Annotated[str | int | float, _kind("a text, a finite number or a boolean", _scalar)]
Json = Annotated[Any, _kind("a JSON value with finite numbers and Unicode texts", _json)]
JsonObject = Annotated[dict[str, Any], _kind("an object with finite numbers and Unicode texts", _object)]
