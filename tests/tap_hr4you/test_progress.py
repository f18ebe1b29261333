"""What a long read tells while it goes on."""

from __future__ import annotations

import logging

import pytest

from tap_hr4you.progress import Progress


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def lines(caplog: pytest.LogCaptureFixture, pages: list[tuple[float, int, int | None]]) -> list[str]:
    """Read pages at these seconds, of these sizes, with these totals; return what was logged."""
    clock = Clock()
    with caplog.at_level(logging.INFO):
        progress = Progress(logging.getLogger("progress"), "candidates", clock=clock)
        for seconds, count, total in pages:
            clock.now = seconds
            progress.page(count, total)
    return [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize(
    ("pages", "told"),
    [
        ([(1, 200, 400), (2, 200, 400)], []),
        ([(11, 2_200, 110_000)], ["candidates: 2,200 of 110,000 read, 200/s, about 8 min 59 s left"]),
        ([(10, 100, 1_000_000)], ["candidates: 100 of 1,000,000 read, 10/s, about 27 h 46 min left"]),
        ([(10, 100, 200)], ["candidates: 100 of 200 read, 10/s, about 10 s left"]),
        ([(10, 100, None)], ["candidates: 100 read, 10/s"]),
        ([(10, 100, 50)], ["candidates: 100 read, 10/s"]),
        (
            [(10, 100, None), (15, 100, None), (21, 10, None)],
            ["candidates: 100 read, 10/s", "candidates: 210 read, 10/s"],
        ),
        ([(30, 0, 0)], []),
    ],
    ids=["short", "minutes", "hours", "seconds", "no total", "a wrong total", "at most every ten seconds", "nothing"],
)
def test_a_long_read_tells_how_far_how_fast_and_how_long_still(
    caplog: pytest.LogCaptureFixture, pages: list[tuple[float, int, int | None]], told: list[str]
) -> None:
    assert lines(caplog, pages) == told
