"""Lists whose pages are asked for by number or by offset, several at the same time."""

from __future__ import annotations

import math
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Final

from hr4you.errors import NotFoundError, UnexpectedAnswerError
from hr4you.http.pages import Fetched, Page, Params, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hr4you.http.answers import Answer

# So many empty pages one after the other end a list, whatever its tenant says of its length.
_EMPTY_PAGES: Final = 3


def read_numbered(source: Source, *, eager: bool) -> Iterator[Page]:
    """Read a list whose pages are asked for by number or offset."""
    numbers = Numbers(source, patience=2 if eager else 1)

    parameter = source.pagination.page or source.pagination.offset

    def ask(index: int) -> tuple[int, Answer | None]:
        try:
            return index, source.ask(numbers.params(index))
        except NotFoundError:
            if index == 0:
                raise
            return index, None  # some tenants say so that a list has ended before

    def read(index: int, answer: Answer | None) -> Fetched:
        if answer is None:
            return Fetched([], None, None, None, None)
        return source.read(answer, numbers.params(index))

    def ask_again(index: int) -> Fetched:
        return read(*ask(index))

    def checked(index: int, fetched: Fetched) -> Fetched:
        try:
            return source.checked(fetched, partial(ask_again, index), parameter)
        except UnexpectedAnswerError as error:
            if fetched.records != first.records:
                raise
            raise UnexpectedAnswerError(
                f"{error}, or not at all: if each answer is the whole list, say `pagination: {{type: none}}` for it"
            ) from None

    first = fetched = source.checked(ask_again(0), partial(ask_again, 0), parameter)
    numbers.begin(fetched)
    yield fetched.page(last=numbers.is_last(0, len(fetched.records)))
    previous = fetched
    while numbers.extend():
        rest = numbers.rest()
        with closing(source.client.map_ordered(ask, rest) if eager else (ask(index) for index in rest)) as pages:
            for index, answer in pages:
                fetched = read(index, answer)
                if source.is_repeated(fetched) and numbers.is_clamped(previous, fetched):
                    return
                fetched = checked(index, fetched)
                previous = fetched
                numbers.note(index, fetched)
                if fetched.records:
                    yield fetched.page(last=numbers.is_last(index, len(fetched.records)))
                if numbers.is_over:
                    return


class Numbers:
    """Which pages there are, counted from 0, as far as is known.

    A tenant's total is believed late: some cap it (at 10,000, say), it changes while the list is read, and a page may
    hold less than was asked for. So the distance of two pages is what the first one holds, and the list goes on behind
    its told end for as long as pages come full.

    Args:
        source: page size and pagination.
        patience: without any told end so many empty pages one after the other end the list.

    Attributes:
        is_over: whether no more pages are to be read.
    """

    def __init__(self, source: Source, patience: int) -> None:
        self.is_over = False
        self._pagination = source.pagination
        self._size = source.size or 0
        self._patience = patience
        self._stride = 0
        self._is_told = False
        self._end = 0.0
        self._next = 1
        self._empty = 0
        self._last: tuple[int, int] = (0, 0)  # the last page's index and number of records

    def params(self, index: int) -> Params:
        """Return the parameters that ask for a page."""
        if self._pagination.type == "page":
            return {self._pagination.page or "page": self._pagination.first_page + index}
        return {self._pagination.offset or "offset": index * self._stride}

    def begin(self, first: Fetched) -> None:
        """Learn from the first page."""
        count = len(first.records)
        self._stride = count or self._size
        self._last = (0, count)
        self._learn(first)
        if not self._is_told:
            self.is_over = not count
            self._end = math.inf if self._size and count >= self._size else 1

    def note(self, index: int, fetched: Fetched) -> None:
        """Learn from another page."""
        self._last = (index, len(fetched.records))
        self._learn(fetched)
        self._empty = 0 if fetched.records else self._empty + 1
        self.is_over = self._empty >= (_EMPTY_PAGES if self._is_told else self._patience)

    def extend(self) -> bool:
        """Whether there are pages that have not been asked for."""
        if self.is_over:
            return False
        if self._next > self._end:
            if not self._is_told and self._last[1]:
                self._end = math.inf
            elif self._is_full(*self._last):
                self._end = self._next
        return self._next <= self._end

    def rest(self) -> Iterator[int]:
        """Yield the pages that are known to be there, or may be, and have not been asked for."""
        while self._next <= self._end and not self.is_over:
            self._next += 1
            yield self._next - 1

    def is_last(self, index: int, count: int) -> bool:
        """Whether a page of so many records is the last one."""
        return self.is_over or (index >= self._end and not self._is_full(index, count))

    def is_clamped(self, previous: Fetched, fetched: Fetched) -> bool:
        """Whether the tenant answers with its last page again where it has no more."""
        return not self._is_told and len(fetched.records) < self._stride and fetched.records == previous.records

    def _is_full(self, index: int, count: int) -> bool:
        return 0 < self._size <= count or (index > 0 and 0 < self._stride <= count)

    def _learn(self, fetched: Fetched) -> None:
        end: int | None = None
        if fetched.last_page is not None:
            end = fetched.last_page - self._pagination.first_page
        elif fetched.total is not None:
            end = math.ceil(fetched.total / self._stride) - 1 if self._stride else 0
        if end is not None:
            self._end = max(self._end, end) if self._is_told else end
            self._is_told = True
