"""The fault plan (YAML or JSON): which request is struck by what."""

from __future__ import annotations

import random
from fnmatch import fnmatchcase
from typing import Any, Literal, NamedTuple

import msgspec
import yaml

When = Literal["before_commit", "after_commit", "late_commit"]
FaultName = Literal[
    "status",
    "timeout",
    "reset",
    "reset_mid_body",
    "truncated_json",
    "html_200",
    "empty_201",
    "wrong_content_type",
    "slow_drip",
    "expire_token",
    "search_lag",
    "duplicate_page",
    "loop",
    "empty_list",
    "short_list",
    "wrong_total",
    "partial_206",
    "cut_gzip",
    "foreign_next",
    "redirect",
    "drift",
]

LISTS_ONLY = frozenset({"duplicate_page", "loop", "empty_list", "short_list", "wrong_total", "partial_206", "drift"})
"""These change what a list says; elsewhere they do nothing."""

_NOT_EXECUTED = frozenset({"status", "timeout", "reset", "html_200", "expire_token", "redirect"})
"""Their default is ``before_commit``; that of the others, which spoil an answer, is ``after_commit``."""


class FaultPlanError(ValueError):
    """A plan that cannot be read; one line that says where and why."""


class Fault(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One entry of the plan. Without ``nth`` and ``probability`` it strikes every matching request."""

    match: str
    """``METHOD /path``, with ``*`` for anything; it may go on with ``?query``."""
    fault: FaultName
    nth: int | None = None
    """Strikes the nth matching request (from 1) ..."""
    times: int | None = None
    """... and the following, this many in all: 1 with ``nth``, else without end."""
    probability: float | None = None
    when: When | None = None
    status: int = 503
    retry_after: int | str | None = None
    """Seconds; an HTTP date; or ``http-date``: the date `seconds` from now, else two seconds."""
    seconds: float | None = None
    """late_commit, search_lag, slow_drip, timeout: how long."""
    period: int = 2
    """loop: so many pages are given again and again."""
    keep: float = 0.5
    """short_list, partial_206: the part that is left."""
    total: int | None = None
    """wrong_total: what is told instead; default 13 more than there are."""
    location: str = "https://elsewhere.example.org/"
    """foreign_next, redirect: where to."""
    updates: int = 0
    inserts: int = 0
    deletes: int = 0
    """drift: so many of each before a page is read."""

    def __post_init__(self) -> None:
        if self.when == "late_commit" and self.seconds is None:
            raise ValueError("`when: late_commit` needs `seconds`")
        if self.nth is not None and self.nth < 1:
            raise ValueError("`nth` counts from 1")
        if self.period < 1:
            raise ValueError("`period` is 1 or more")

    @property
    def commits(self) -> When:
        """Whether the request takes effect: ``when``, or what is usual for the fault."""
        return self.when or ("before_commit" if self.fault in _NOT_EXECUTED else "after_commit")


class _Plan(msgspec.Struct, forbid_unknown_fields=True):
    faults: list[Fault]


class Struck(NamedTuple):
    """How often a fault's pattern matched, and how often it struck."""

    matched: int
    struck: int


class FaultPlan:
    """The plan in force, with its counters; chances come from its own seeded generator."""

    def __init__(self, faults: list[Fault] | None = None, seed: int = 1) -> None:
        self.faults = faults or []
        self.counts = [Struck(0, 0) for _ in self.faults]
        self.random = random.Random(seed)  # noqa: S311  # chance, no secret

    def strike(self, method: str, path: str, query: str) -> list[Fault]:
        """The faults that strike this request, in the plan's order; counts it."""
        names = (f"{method} {path}", f"{method} {path}?{query}")
        return [
            fault
            for number, fault in enumerate(self.faults)
            if any(fnmatchcase(name, fault.match) for name in names) and self._due(number, fault)
        ]

    def _due(self, number: int, fault: Fault) -> bool:
        matched, struck = self.counts[number]
        matched += 1
        first = fault.nth or 1
        times = fault.times if fault.times is not None else (1 if fault.nth else None)
        due = matched >= first and (times is None or struck < times)
        if due and fault.probability is not None:
            due = self.random.random() < fault.probability
        self.counts[number] = Struck(matched, struck + due)
        return due


def read_plan(text: str | bytes) -> list[Fault]:
    """The faults of a plan: ``{faults: [...]}`` or the bare list, as YAML or JSON.

    Raises:
        FaultPlanError: with a line that says which entry and why.
    """
    try:
        content: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise FaultPlanError(f"the fault plan is not YAML{where}") from None
    if content is None:
        return []
    if isinstance(content, list):
        content = {"faults": content}
    try:
        return msgspec.convert(content, _Plan).faults
    except msgspec.ValidationError as error:
        raise FaultPlanError(f"the fault plan does not load: {error}") from None
