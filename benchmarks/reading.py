"""How fast candidates are read: records per second of whole commands, as ratios to the floor and to a peer.

Usage: python benchmarks/reading.py [--candidates 50000] [--latency-ms 0 50 150] [--rounds 3]

Each round runs every command once, so that what disturbs the machine disturbs all of them; the best round counts. The
sandbox runs in a process of its own. Compare the ratios; the figures are this machine's.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
PORT = 8041
URL = f"http://127.0.0.1:{PORT}"


@contextmanager
def sandbox(candidates: int, latency_ms: int) -> Iterator[None]:
    """Serve a tenant until the block ends."""
    command = ["sandbox", "--port", str(PORT), "--candidates", str(candidates), "--latency-ms", str(latency_ms)]
    process = subprocess.Popen(  # noqa: S603  # our own command
        [Path(sys.executable).with_name("hr4you"), *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"{URL}/sandbox/stats", timeout=10).close()  # noqa: S310  # on loopback
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def commands(folder: Path) -> dict[str, list[str]]:
    """Return the commands to compare, by name."""
    config = folder / "config.json"
    settings = {"base_url": URL, "api_token": "sandbox", "tenant": "acme"}
    config.write_text(json.dumps(settings))
    tap = [sys.executable, "-m", "tap_hr4you", "--config", str(config)]
    catalog = json.loads(subprocess.run([*tap, "--discover"], check=True, capture_output=True).stdout)  # noqa: S603
    for stream in catalog["streams"]:
        stream["metadata"][-1]["metadata"]["selected"] = stream["tap_stream_id"] == "candidates"
        for entry in stream["metadata"]:
            if entry["breadcrumb"] == []:
                entry["metadata"]["selected"] = stream["tap_stream_id"] == "candidates"
    (folder / "catalog.json").write_text(json.dumps(catalog))
    (folder / "plain.json").write_text(json.dumps({"base_url": URL}))
    return {
        "floor, one by one": [sys.executable, str(HERE / "floor.py"), URL, "1"],
        "floor, 8 threads": [sys.executable, str(HERE / "floor.py"), URL, "8"],
        "SDK's default": [sys.executable, str(HERE / "sdk_default.py"), "--config", str(folder / "plain.json")],
        "tap-hr4you": [*tap, "--catalog", str(folder / "catalog.json")],
    }


def measure(command: list[str], candidates: int, folder: Path) -> float:
    """Run a command and return records per second, start-up included."""
    out = folder / "out"
    started = time.perf_counter()
    with out.open("wb") as file:
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
        subprocess.run(command, stdout=file, stderr=subprocess.DEVNULL, check=True, env=environment)  # noqa: S603
    seconds = time.perf_counter() - started
    with out.open("rb") as file:
        read = sum(b'"applicantId"' in line for line in file)
    if read != candidates:
        raise RuntimeError(f"{command[1]}: {read} records instead of {candidates}")
    return candidates / seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--candidates", type=int, default=50_000)
    parser.add_argument("--latency-ms", type=int, nargs="+", default=[0, 50])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compared = commands(folder)
        for latency in options.latency_ms:
            best = dict.fromkeys(compared, 0.0)
            with sandbox(options.candidates, latency):
                for _ in range(options.rounds):
                    for label, command in compared.items():
                        best[label] = max(best[label], measure(command, options.candidates, folder))
            floor, peer = max(best["floor, one by one"], best["floor, 8 threads"]), best["SDK's default"]
            print(f"\n{latency} ms per request".ljust(24) + "records/s   of the floor   times the peer")
            for label, rate in best.items():
                print(f"{label:<22}{rate:>10,.0f}{rate / floor:>15.2f}{rate / peer:>17.1f}")


if __name__ == "__main__":
    main()
