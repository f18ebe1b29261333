"""Opens attachments and holds what is true of all of them."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from target_hr4you.attachments import (
    Attachment,
    AttachmentError,
    AttachmentRules,
    open_attachment,
)
from tests.target_hr4you.file_server import PDF

RULES = AttachmentRules(timeout=5.0, allow_loopback=True)
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(20)
ZIP = b"PK\x03\x04" + bytes(26)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20)
EXE = b"MZ\x90\0\x03\0\0\0"
HTML = b"<!DOCTYPE html><title>Anmelden</title>"
TEXT = "Sehr geehrte Frau Müller".encode()
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CANARY = "Kanarienvogel"


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def opened(rules: AttachmentRules = RULES, **item: Any) -> tuple[Attachment, bytes]:
    with open_attachment(item, rules) as attachment:
        content = attachment.file.read()
    assert attachment.size == len(content)
    assert attachment.sha256 == hashlib.sha256(content).hexdigest()
    assert attachment.file.closed
    return attachment, content


def of(content: bytes = PDF, **item: Any) -> Attachment:
    return opened(data=b64(content), **item)[0]


def refusal(rules: AttachmentRules = RULES, **item: Any) -> str:
    with pytest.raises(AttachmentError) as caught:
        open_attachment(item, rules)
    assert caught.value.code == "ATTACHMENT_REFUSED"
    assert "\n" not in str(caught.value)
    return str(caught.value)
