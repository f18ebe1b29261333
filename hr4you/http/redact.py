"""Secrets are scrubbed by value from every log record of the process, whoever writes it.

A client registers its secrets here. Values do not matter less once a client is closed, so they are kept.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import traceback
from typing import Any, Final
from urllib.parse import quote, quote_plus

STAND_IN: Final = "***"

# As a part of other words a short secret would blacken half a log without hiding anything.
_SHORT: Final = 8

# urllib3's debug lines hold the whole path: a query may hold an e-mail address somebody was looked up by.
_QUERY: Final = re.compile(r"\?[^\s\"']+")

_lock = threading.Lock()
_secrets: set[str] = set()
_pattern: re.Pattern[str] | None = None
_is_installed = False


def hide(*secrets: str | None) -> None:
    """Scrub these values from now on, also quoted as in a URL or in JSON; None and empty ones do not count."""
    global _pattern  # noqa: PLW0603  # one log per process, one list of secrets
    forms = {
        form
        for secret in secrets
        if secret and secret.strip()
        for form in (
            secret,
            quote(secret),
            quote(secret, safe=""),
            quote_plus(secret),
            json.dumps(secret)[1:-1],
            repr(secret)[1:-1],
        )
    }
    with _lock:
        if not forms <= _secrets:
            _secrets.update(forms)
            longest_first = sorted(_secrets, key=len, reverse=True)
            # whatever its case: hosts are written in small letters, and so are percent signs' figures by some
            _pattern = re.compile("|".join(map(_alternative, longest_first)), re.IGNORECASE)
        _install()


def scrub(text: str) -> str:
    """Return the text with every registered secret replaced."""
    return text if _pattern is None else _pattern.sub(STAND_IN, text)


def _alternative(secret: str) -> str:
    escaped = re.escape(secret)
    return escaped if len(secret) >= _SHORT else rf"(?<!\w){escaped}(?!\w)"


def _install() -> None:
    """Wrap the process's factory of log records, once; the lock is held."""
    global _is_installed  # noqa: PLW0603  # as above
    if _is_installed:
        return
    _is_installed = True
    factory = logging.getLogRecordFactory()

    def scrubbed(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = factory(*args, **kwargs)
        _scrub_record(record)
        return record

    logging.setLogRecordFactory(scrubbed)


def _scrub_record(record: logging.LogRecord) -> None:
    """Replace the record's message and traceback where a secret stands in them."""
    if isinstance(record.msg, str) or record.args:
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001  # a wrong format string: logging tells it in its own way
            message = ""
            record.msg, record.args = scrub(str(record.msg)), tuple(scrub(str(arg)) for arg in record.args or ())
        clean = scrub(message)
        if record.name.startswith("urllib3"):
            clean = _QUERY.sub("?...", clean)
        if clean != message:
            record.msg, record.args = clean, ()
    else:
        clean = scrub(str(record.msg))
        if clean != str(record.msg):
            record.msg = clean
    if record.exc_info and record.exc_info[1] is not None:
        text = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        clean = scrub(text)
        if clean != text:
            record.exc_text, record.exc_info = clean, None
    if record.stack_info:
        record.stack_info = scrub(record.stack_info)
