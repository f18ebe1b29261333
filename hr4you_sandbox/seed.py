"""A tenant's data from a seed: the same seed and number of candidates give the same bytes."""

from __future__ import annotations

import random
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from hr4you_sandbox.clock import utc_text
from hr4you_sandbox.kinds import KINDS
from hr4you_sandbox.pools import STAGE_WEIGHTS, STAGES, faker_pools
from hr4you_sandbox.seed_jobs import make_job
from hr4you_sandbox.seed_people import custom_fields, mail_name, make_applicant

if TYPE_CHECKING:
    from hr4you_sandbox.store import Store

NEWEST = int(datetime(2025, 12, 31, 18, 0, tzinfo=timezone.utc).timestamp())
"""Nothing seeded is younger, so that whatever a session does is newer than all of it."""

CLOCK_CHANGES = tuple(
    int(datetime(*parts, tzinfo=timezone.utc).timestamp())
    for parts in (
        (2025, 3, 30, 0, 59, 59),  # 01:59:59 in Berlin, a second before the hour that is missing
        (2025, 3, 30, 1, 0, 0),  # 03:00:00
        (2025, 10, 26, 0, 30, 0),  # 02:30:00, first pass
        (2025, 10, 26, 1, 30, 0),  # 02:30:00, second pass
    )
)
"""Each of these is the updatedAt of one applicant."""

_DAY = 86_400


def fill(store: Store, candidates: int, seed: int) -> None:
    """Put a whole tenant into an empty store: its users, jobs, stages, applicants and applications."""
    rng = random.Random(seed)  # noqa: S311  # data to look at, no secrets
    users = min(80, 12 + candidates // 200)
    jobs = min(1_500, 24 + candidates // 40)
    _fill_users(store, rng, users)
    _fill_stages(store)
    open_jobs = []
    for job_id in _ids("jobs", jobs):
        job = make_job(rng, job_id, users, NEWEST)
        store.put("jobs", job)
        if job["jobStatus"] != "entwurf":
            open_jobs.append(job_id)
    application_id = KINDS["applications"].first_id
    for number, applicant_id in enumerate(_ids("applicants", candidates)):
        created = NEWEST - int(rng.random() ** 1.6 * 900 * _DAY)
        changed = created + int(rng.random() ** 4 * (NEWEST - created))
        if 0 < number <= len(CLOCK_CHANGES):
            changed = CLOCK_CHANGES[number - 1]
            created = changed - 5 * _DAY
        store.put("applicants", make_applicant(rng, applicant_id, created, changed))
        wanted = rng.choices((0, 1, 2, 3), (6, 74, 15, 5))[0]
        for job_id in rng.sample(open_jobs, min(wanted, len(open_jobs))):
            store.put("applications", _application(rng, application_id, applicant_id, job_id, created))
            application_id += 1


def _ids(kind: str, count: int) -> range:
    first = KINDS[kind].first_id
    return range(first, first + count)


def _fill_users(store: Store, rng: random.Random, count: int) -> None:
    pools = faker_pools()
    for number, user_id in enumerate(_ids("users", count)):
        first, last = rng.choice(pools.first_names), rng.choice(pools.last_names)
        email = f"{mail_name(first)}.{mail_name(last)}@personal.example.de"
        if number == 3:  # noqa: PLR2004
            email = f"{mail_name(first)}.{mail_name(last)}@"
        elif number == 7:  # noqa: PLR2004
            email = "keine Angabe"
        store.put(
            "users",
            {
                "userId": user_id,
                "firstname": first,
                "lastname": last,
                "email": email,
                "active": rng.random() < 0.9,  # noqa: PLR2004
                "updatedAt": utc_text(NEWEST - rng.randrange(900 * _DAY)),
            },
        )


def _fill_stages(store: Store) -> None:
    for number, (position, name, _) in enumerate(STAGES):
        stage = {"stageId": number + 1, "name": name, "position": position}
        store.put("stages", {**stage, "updatedAt": utc_text(NEWEST - (800 + number) * _DAY)})


def _application(
    rng: random.Random, application_id: int, applicant_id: int, job_id: int, applied: int
) -> dict[str, Any]:
    stage = rng.choices(range(len(STAGES)), STAGE_WEIGHTS)[0]
    # some tenants' people move cards and leave the status: the stage's name is all there is
    status = STAGES[stage][2] if rng.random() < 0.93 else None  # noqa: PLR2004
    created = min(NEWEST, applied + rng.randrange(3_600))
    return {
        "applicationId": application_id,
        "applicantId": applicant_id,
        "jobId": job_id,
        "stageId": stage + 1,
        "status": status,
        "customFields": custom_fields(rng, "application"),
        "createdAt": utc_text(created),
        "updatedAt": utc_text(created + int(rng.random() ** 2 * (NEWEST - created))),
    }
