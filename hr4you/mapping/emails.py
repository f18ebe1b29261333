"""E-mail addresses: whether one is valid, asked a hundred thousand times in a run."""

from __future__ import annotations

import functools
import re
from typing import Final

from email_validator import EmailNotValidError, validate_email

_PLAIN: Final = re.compile(r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@([a-z0-9.-]+)", re.ASCII | re.IGNORECASE)
_LONGEST_LOCAL_PART: Final = 64
_LONGEST: Final = 254


def is_email_address(text: str) -> bool:
    """Whether email-validator takes the address, without asking the DNS.

    An address with a plain local part is as valid as its domain, and domains repeat: that answer is remembered, so that
    the validator (some 30 microseconds) sees each domain once. Addresses are not remembered.
    """
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        return _validates(text)
    return plain.start(1) <= _LONGEST_LOCAL_PART + 1 and len(text) <= _LONGEST and _is_domain(plain[1])


@functools.lru_cache(maxsize=20_000)
def _is_domain(domain: str) -> bool:
    return _validates(f"a@{domain}")


def _validates(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True
