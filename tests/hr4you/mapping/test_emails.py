from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from hr4you.mapping.emails import is_email_address

VALID = [
    "a@example.de",
    "Vor.Nach-Name+x_y@sub.example.co.uk",
    "o'neil@example.ie",
    "jörg@example.de",
    "a@müller.example",
]
INVALID = [
    *("", "a", "a@", "@example.de", "a@b", "a@@example.de", "a b@example.de", "a@exam ple.de", "a@example..de"),
    *(
        ".a@example.de",
        "a.@example.de",
        "a..b@example.de",
        "a@-example.de",
        "a@example.de.",
        "a@example.de, b@example.de",
    ),
    *(
        "Änne <a@example.de>",
        f"{'a' * 65}@example.de",
        f"a@{'b' * 64}.de",
        f"a@{'b.' * 130}de",
        "a@localhost",
        "a@1.2.3.4",
    ),
]


@pytest.mark.parametrize("text", VALID)
def test_valid_addresses_are_taken(text: str) -> None:
    assert is_email_address(text)


@pytest.mark.parametrize("text", INVALID)
def test_invalid_addresses_are_not(text: str) -> None:
    assert not is_email_address(text)


@given(st.from_regex(r"[a-z0-9._+-]{1,70}@[a-z0-9.-]{1,20}(\.de)?", fullmatch=True))
def test_the_short_cut_agrees_with_the_library(text: str) -> None:
    try:
        validate_email(text, check_deliverability=False)
        valid = True
    except EmailNotValidError:
        valid = False
    assert is_email_address(text) == valid
