"""What `make demo` does, with Meltano and a sandbox: sync a tenant, change it, sync again, read its public job feed.

Then the other way: applications from a CSV file, again, and once more after one of its rows was mended; and what was
created is read back.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hr4you_sandbox import serve_in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".demo"
OUTPUT = WORK / "output"
LOG = WORK / "meltano.log"
MELTANO = ROOT / ".venv" / "meltano" / "bin" / "meltano"
STREAMS = ("users", "jobs", "candidates", "application_stages", "applications")
RESULTS = "action_results"
LEDGER = f"sqlite:///{WORK / 'ledger.db'}"
CANDIDATES = 500
INTERRUPTED = 130

console = Console(highlight=False, width=min(Console().width, 110), soft_wrap=True)


class CommandFailedError(Exception):
    """A command of the demo ended with another status than 0; the message holds what to look at."""


class Demo:
    """The steps, one after the other, against one sandbox.

    Args:
        base_url: of the sandbox.
    """

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._read = dict.fromkeys((*STREAMS, RESULTS), 0)

    def run(self) -> None:
        """Run all steps. Raises `CommandFailedError`."""
        step("Installing the tap and a target into Meltano")
        self._meltano("install")
        step("Everything that the tenant has")
        self._sync()
        show_counts(self._new_records())
        step("The same again: nothing changed, so nothing comes")
        self._sync()
        show_counts(self._new_records())
        step("Three changes and a deletion in HR4YOU, then the same again")
        for line in self._change_the_tenant():
            console.print(f"  [yellow]•[/] {line}")
        self._sync()
        show_changes(self._new_records())
        step("The tenant's public job feed, which needs no credentials")
        self._sync("--state-id-suffix=feed", TAP_HR4YOU_JOBS_SOURCE="feed")
        postings = self._new_records()["jobs"]
        console.print(f"  [bold]{len(postings)}[/] postings, open and public, for example:")
        for posting in postings[:3]:
            console.print(f"    {posting['name']}, {posting['location']['city']}")

        self._send_applications()

    def _send_applications(self) -> None:
        step(
            "Applications from a CSV file with German headers into HR4YOU; one of them is for a job that does not exist"
        )
        file = WORK / "bewerbungen.csv"
        shutil.copy(ROOT / "demo" / "bewerbungen.csv", file)
        self._show_file(file)
        before = self._written()
        self._apply(fails=True)
        self._show_written(before)
        step("The same again: nothing is sent twice, and the failed one is told again")
        before = self._written()
        self._apply(fails=True)
        self._show_written(before)
        step("The job is mended in the file, then the same again: only that row is sent")
        file.write_text(file.read_text(encoding="utf-8").replace(";9999", ";209"), encoding="utf-8")
        before = self._written()
        self._apply()
        self._show_written(before)
        step("Only what was created here is read back, and what became of each action")
        self._meltano(
            *("run", "--state-id-suffix=created", "tap-hr4you", "target-jsonl"),
            shown={"TAP_HR4YOU_CREATED_ONLY": "true"},
            hidden={"TAP_HR4YOU_LEDGER_URL": LEDGER},
        )
        show_results(self._new_records())

    def _apply(self, *, fails: bool = False) -> None:
        """Run the file through the target; `fails`: whether a row is expected to."""
        path = WORK / "bewerbungen.csv"
        files = [
            {"path": str(path), "format": "csv", "delimiter": ";", "table_name": "bewerbungen", "primary_keys": ["nr"]}
        ]
        options = {"TAP_SPREADSHEETS_FILES": json.dumps(files), "TARGET_HR4YOU_LEDGER_URL": LEDGER}
        place = LOG.stat().st_size
        self._meltano("run", "--full-refresh", "tap-spreadsheets", "target-hr4you", fails=fails, hidden=options)
        with LOG.open(encoding="utf-8") as log:
            log.seek(place)
            show_lines_of_target(log.read())

    def _written(self) -> dict[str, int]:
        """Return how often the pipeline has sent something that creates, by request."""
        with urllib.request.urlopen(f"{self._base_url}/sandbox/stats", timeout=10) as answer:  # noqa: S310  # loopback
            requests = json.load(answer)["requests"]
        return {name: count for name, count in requests.items() if name.startswith("POST /api2/")}

    def _show_written(self, before: dict[str, int]) -> None:
        sent = {name: count - before.get(name, 0) for name, count in self._written().items()}
        told = ", ".join(f"{count} x {name}" for name, count in sent.items() if count)
        console.print(f"  HR4YOU was sent: [bold]{told or 'nothing'}[/]")

    def _show_file(self, file: Path) -> None:
        for line in file.read_text(encoding="utf-8").splitlines():
            console.print(f"    [dim]{line}[/]")

    def _sync(self, *options: str, **environment: str) -> None:
        self._meltano("run", *options, "tap-hr4you", "target-jsonl", shown=environment)

    def _meltano(
        self, *arguments: str, fails: bool = False, shown: Mapping[str, str] = {}, hidden: Mapping[str, str] = {}
    ) -> None:
        """Run Meltano with these settings in its environment.

        Raises:
            CommandFailedError: it ended well although it was to fail, or the other way round.
        """
        command = " ".join([*(f"{name}={value}" for name, value in shown.items()), "meltano", *arguments])
        console.print(f"  [cyan]$ {command}[/]")
        started = time.monotonic()
        settings = {
            "MELTANO_PROJECT_ROOT": str(ROOT),
            "MELTANO_ENVIRONMENT": "sandbox",
            "MELTANO_DATABASE_URI": f"sqlite:///{WORK / 'meltano.db'}",
            "TAP_HR4YOU_BASE_URL": self._base_url,
            "TARGET_HR4YOU_BASE_URL": self._base_url,
            "TARGET_JSONL_DESTINATION_PATH": str(OUTPUT),
        }
        with LOG.open("ab") as log:
            ended = subprocess.run(  # noqa: S603  # our own commands
                [MELTANO, *arguments],
                env={**os.environ, **settings, **shown, **hidden},
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if bool(ended.returncode) != fails:
            raise CommandFailedError(f"`{command}` ended with {ended.returncode}. Its log: {LOG.relative_to(ROOT)}")
        console.print(f"  [dim]{time.monotonic() - started:.1f} s[/]")

    def _new_records(self) -> dict[str, list[dict[str, Any]]]:
        """Return what the target has written since the last call, per stream."""
        new = {}
        for stream in self._read:
            file = OUTPUT / f"{stream}.jsonl"
            lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
            new[stream] = [json.loads(line) for line in lines[self._read[stream] :]]
            self._read[stream] = len(lines)
        return new

    def _change_the_tenant(self) -> Iterator[str]:
        applicants = self._control("GET", "applicants")
        applications = self._control("GET", "applications")
        self._control("PATCH", f"applicants/{applicants[0]['applicantId']}", {"city": "Görlitz"})
        yield f"candidate {applicants[0]['applicantId']} moves to Görlitz"
        self._control("PATCH", f"applications/{applications[0]['applicationId']}", {"status": "eingestellt"})
        yield f"application {applications[0]['applicationId']} ends with a contract"
        added = self._control("POST", "applicants", {"firstname": "Jördis", "lastname": "Müller-Lüdenscheidt"})
        yield f"candidate {added['applicantId']} is new"
        self._control("DELETE", f"applicants/{applicants[1]['applicantId']}")
        yield f"candidate {applicants[1]['applicantId']} is deleted"

    def _control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(  # noqa: S310  # the sandbox on loopback
            f"{self._base_url}/sandbox/objects/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  # the sandbox on loopback
            content = answer.read()
        return json.loads(content)["data"] if content else None


def step(title: str) -> None:
    """Print the headline of a step."""
    console.print(f"\n[bold green]▸ {title}[/]")


def show_counts(records: dict[str, list[dict[str, Any]]]) -> None:
    """Print a table of how many records each stream has brought."""
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    table.add_column("  stream")
    table.add_column("records", justify="right")
    for stream, found in records.items():
        if stream == RESULTS:
            continue
        table.add_row(f"  {stream}", f"{len(found):,}")
    console.print(table)


def show_changes(records: dict[str, list[dict[str, Any]]]) -> None:
    """Print the records themselves: there are few."""
    for stream, found in records.items():
        for record in found:
            if record["remote_deleted_at"]:
                what = f"[red]deleted[/], found {record['remote_deleted_at'][:19]} UTC; nothing of the person is kept"
            elif stream == "candidates":
                what = f"{record['first_name']} {record['last_name']}, {(record['location'] or {}).get('city') or '-'}"
            else:
                what = f"outcome {record.get('outcome')}"
            console.print(f"  {stream:<14}{record['id']:<28}{what}")
    console.print(f"  [bold]{sum(map(len, records.values()))}[/] records in all")


def show_lines_of_target(log: str) -> None:
    """Print what the target has told of the ledger and the actions, without what Meltano puts before it."""
    for line in log.splitlines():
        told = line.partition(" target-hr4you ")[2].strip()
        if told.startswith(("create_application", "Ledger:", "The ledger")):
            console.print(f"    [dim]{escape(told)}[/]")


def show_results(records: dict[str, list[dict[str, Any]]]) -> None:
    """Print what was created, and what became of the actions."""
    for stream in ("candidates", "applications"):
        console.print(f"  [bold]{len(records[stream])}[/] {stream}")
    for result in sorted(records[RESULTS], key=itemgetter("action_id")):
        console.print(
            f"    {result['action_id']:<22}{result['status']:<11}{result['candidate_id']:<26}{result['application_id']}"
        )


def main() -> int:
    """Run the demo and return the exit status."""
    shutil.rmtree(WORK, ignore_errors=True)
    OUTPUT.mkdir(parents=True)
    try:
        with serve_in_thread(candidates=CANDIDATES) as server:
            console.print(f"[bold]A sandbox tenant with {CANDIDATES} candidates is served at {server.base_url}[/]")
            Demo(server.base_url).run()
    except CommandFailedError as error:
        console.print(f"\n[bold red]{error}[/]")
        return 1
    except KeyboardInterrupt:
        console.print("\nStopped; nothing is left running.")
        return INTERRUPTED
    console.print(
        f"\n[bold]The tables lie in {OUTPUT.relative_to(ROOT)}/.[/] To read your own tenant:\n"
        "  [cyan]export HR4YOU_SUBDOMAIN=... HR4YOU_API_TOKEN=...[/]\n"
        "  [cyan].venv/meltano/bin/meltano --environment=prod run tap-hr4you target-jsonl[/]"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
