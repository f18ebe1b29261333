"""The floor for the benchmark: bare requests and msgspec, records written as JSON lines, nothing mapped or checked.

Usage: floor.py BASE_URL THREADS
"""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import requests

LIMIT = 200
local = threading.local()


def page(url: str, number: int) -> Any:
    """Return one page, decoded."""
    if not hasattr(local, "session"):
        local.session = requests.Session()
        local.session.headers["Authorization"] = "Bearer sandbox"
    answer = local.session.get(f"{url}/api2/applicants", params={"page": number, "limit": LIMIT}, timeout=60)
    return msgspec.json.decode(answer.content)


def main(url: str, threads: int) -> None:
    """Read all candidates and write them out."""
    encode = msgspec.json.Encoder().encode
    first = page(url, 1)
    rest = range(2, first["meta"]["lastPage"] + 1)
    with ThreadPoolExecutor(threads) as pool:
        pages = pool.map(lambda number: page(url, number), rest) if threads > 1 else (page(url, n) for n in rest)
        for answer in [first]:
            sys.stdout.buffer.write(b"\n".join([*map(encode, answer["data"]), b""]))
        for answer in pages:
            sys.stdout.buffer.write(b"\n".join([*map(encode, answer["data"]), b""]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
