"""The floor for writing: two bare requests per record from several threads.

Usage: posting.py BASE_URL THREADS < messages
"""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import requests

local = threading.local()


def send(url: str, record: dict[str, Any]) -> None:
    """Make an applicant and an application."""
    if not hasattr(local, "session"):
        local.session = requests.Session()
        local.session.headers["Authorization"] = "Bearer sandbox"
    person = record["candidate"]
    body = {"firstname": person["first_name"], "lastname": person["last_name"], "email": person["email_address"]}
    made = local.session.post(f"{url}/api2/applicants", json=body, timeout=60)
    body = {"applicantId": made.json()["data"]["applicantId"], "jobId": record["job_id"]}
    local.session.post(f"{url}/api2/applications", json=body, timeout=60).raise_for_status()


def main(url: str, threads: int) -> None:
    """Send all records of standard input."""
    messages = map(msgspec.json.decode, sys.stdin.buffer)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda message: send(url, message["record"]), (m for m in messages if m["type"] == "RECORD")))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
