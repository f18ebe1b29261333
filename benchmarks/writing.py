"""How fast applications are written: actions per second of whole commands, as ratios to the floor and to a peer.

Usage: python benchmarks/writing.py [--actions 2000] [--latency-ms 0 20] [--rounds 3]

An action is one applicant and one application. The floor sends these two requests from 8 threads and nothing else:
it looks for nothing, writes nothing down, and would make all of it twice after a crash. The peer is the SDK's own sink,
one record after the other. The target sends four requests per action, as it looks before it makes something.
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
from pathlib import Path

from reading import HERE, URL, sandbox


def make_input(folder: Path, actions: int) -> Path:
    """Write the Singer messages and return their file."""
    with urllib.request.urlopen(f"{URL}/sandbox/objects/jobs", timeout=10) as answer:  # noqa: S310  # on loopback
        job = next(job["jobId"] for job in json.load(answer)["data"] if job["jobStatus"] == "offen")
    properties = {"action_id": {"type": "string"}, "candidate": {"type": "object"}, "job_id": {"type": "integer"}}
    stream = {"stream": "create_application"}
    schema = {"type": "object", "properties": properties}
    file = folder / "input.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        lines.write(json.dumps({"type": "SCHEMA", **stream, "schema": schema, "key_properties": ["action_id"]}) + "\n")
        for number in range(actions):
            person = {"first_name": "Ada", "last_name": f"N{number}", "email_address": f"a{number}@example.org"}
            record = {"action_id": str(number), "candidate": person, "job_id": job}
            lines.write(json.dumps({"type": "RECORD", **stream, "record": record}) + "\n")
        lines.write(json.dumps({"type": "STATE", "value": {}}) + "\n")
    return file


def measure(command: list[str], file: Path, actions: int) -> float:
    """Run a command on the input and return actions per second, start-up included."""
    reset = urllib.request.Request(f"{URL}/sandbox/reset", method="POST")  # noqa: S310  # on loopback
    urllib.request.urlopen(reset, timeout=60).close()  # noqa: S310  # on loopback
    before = _count()
    started = time.perf_counter()
    with file.open("rb") as lines:
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
        quiet = subprocess.DEVNULL
        subprocess.run(command, stdin=lines, stdout=quiet, stderr=quiet, check=True, env=environment)  # noqa: S603
    seconds = time.perf_counter() - started
    if _count() - before != actions:
        raise RuntimeError(f"{command[1]}: {_count() - before} applications instead of {actions}")
    return actions / seconds


def _count() -> int:
    with urllib.request.urlopen(f"{URL}/sandbox/stats", timeout=10) as answer:  # noqa: S310  # on loopback
        return int(json.load(answer)["objects"]["applications"])


def commands(folder: Path) -> dict[str, list[str]]:
    """Return the commands to compare, by name; each with a ledger of its own, if it has any."""
    config = folder / "config.json"
    ledger = folder / f"{time.time_ns()}.db"
    settings = {"base_url": URL, "api_token": "sandbox", "tenant": "acme", "ledger_url": f"sqlite:///{ledger}"}
    config.write_text(json.dumps(settings))
    return {
        "floor, 8 threads": [sys.executable, str(HERE / "posting.py"), URL, "8"],
        "SDK's sink": [sys.executable, str(HERE / "sdk_sink.py"), "--config", str(config)],
        "target-hr4you": [sys.executable, "-m", "target_hr4you", "--config", str(config)],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--actions", type=int, default=2_000)
    parser.add_argument("--latency-ms", type=int, nargs="+", default=[0, 20])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for latency in options.latency_ms:
            best: dict[str, float] = {}
            with sandbox(100, latency):
                file = make_input(folder, options.actions)
                for _ in range(options.rounds):
                    for label, command in commands(folder).items():
                        best[label] = max(best.get(label, 0.0), measure(command, file, options.actions))
            floor, peer = best["floor, 8 threads"], best["SDK's sink"]
            print(f"\n{latency} ms per request".ljust(24) + "actions/s   of the floor   times the peer")
            for label, rate in best.items():
                print(f"{label:<22}{rate:>10,.0f}{rate / floor:>15.2f}{rate / peer:>17.1f}")


if __name__ == "__main__":
    main()
