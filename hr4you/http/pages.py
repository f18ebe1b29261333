"""Single pages of long lists, and what their answers say of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

import msgspec
from requests.utils import parse_header_links

from hr4you.errors import UnexpectedAnswerError
from hr4you.http.answers import BodyError
from hr4you.http.redact import scrub
from hr4you.settings import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from hr4you.contract import Expression, Pagination
    from hr4you.http.answers import Answer
    from hr4you.http.client import Client

Params = dict[str, "str | int"]

# So many pages that came before may come one after the other, also when asked for again.
_REPEATS: Final = 1


@dataclass(frozen=True)
class Page:
    """One page of a list.

    Attributes:
        records: the objects, as they came.
        total: of records in all pages, as this answer tells it; None where it does not.
        last: whether the list ends here, as far as was known when the page came.
        date: the tenant's clock (UTC) when it answered, None where it does not tell.
    """

    records: list[dict[str, Any]]
    total: int | None
    last: bool
    date: datetime | None


@dataclass
class Fetched:
    """A page with what its answer says of the others."""

    records: list[dict[str, Any]]
    total: int | None
    last_page: int | None
    next: str | None
    date: datetime | None

    def page(self, *, last: bool) -> Page:
        """Return what the list's reader gets."""
        return Page(self.records, self.total, last, self.date)


class Source:
    """Fetches single pages; arguments as of `read_pages`, and the page size to ask for, None where it is fixed."""

    def __init__(
        self,
        client: Client,
        path: str,
        pagination: Pagination,
        records: Expression,
        *,
        params: Mapping[str, str],
        method: str,
        size: int | None,
    ) -> None:
        self.client = client
        self.pagination = pagination
        self.size = size
        self._path = path
        self._records = records
        self._method = method
        self._params: Params = dict(params)
        if pagination.size and size is not None:
            self._params[pagination.size] = size
        self._seen: set[int] = set()
        self._repeats = 0

    @property
    def name(self) -> str:
        """Method and path, for messages."""
        return f"{self._method} {self._path}"

    def ask(self, more: Params | None = None, url: str | None = None, *, is_page: bool = True) -> Answer:
        """Ask for one page, by parameters or by its URL. Raises `HR4YouError`."""
        is_query = self._method == "GET"
        values = {**self._params, **(more or {})}
        return self.client.request(
            self._method,
            url or self._path,
            params=values if is_query and url is None else None,
            json=None if is_query else values,
            is_read=True,
            is_page=is_page,
        )

    def read(self, answer: Answer, more: Params | None = None, url: str | None = None) -> Fetched:
        """Decode an answer; it is asked for again where that fails, the arguments are those of `ask`."""
        try:
            data = answer.data
        except BodyError:
            answer = self.ask(more, url, is_page=False)
            data = answer.data
        pagination = self.pagination
        records = self._records(data)
        if records is None and self._records.is_null_in(data):  # some write an empty list so
            records = []
        if type(records) is not list or not all(type(record) is dict for record in records):
            raise UnexpectedAnswerError(
                f"{self.name}: there is no list of objects at `{self._records.text}`. "
                "Check `records` in the contract: of this list, or of `api`",
                status=answer.status,
            )
        return Fetched(
            records,
            _count(pagination.total(data)) if pagination.total is not None else None,
            _count(pagination.last_page(data)) if pagination.last_page is not None else None,
            self._find_next(answer, data),
            answer.date,
        )

    def checked(self, fetched: Fetched, again: Callable[[], Fetched], parameter: str | None) -> Fetched:
        """Return a page, as a second look has it if one like it came before.

        Rows that move while a list is read can make a page come again. Pages that go around in a circle, of whatever
        length, come again one after the other.

        Args:
            fetched: the page.
            again: asks for it once more.
            parameter: what turns the pages, for the message.

        Raises:
            UnexpectedAnswerError: the page before came again too.
        """
        if fetched.records and self.is_repeated(fetched):
            fetched = again()
            if self.is_repeated(fetched):
                self._repeats += 1
                if self._repeats > _REPEATS:
                    raise self.circle(parameter)
                return fetched
        if fetched.records:
            self._repeats = 0
            self._seen.add(_mark(fetched))
        return fetched

    def is_repeated(self, fetched: Fetched) -> bool:
        """Whether a page like this came before."""
        return bool(fetched.records) and _mark(fetched) in self._seen

    def circle(self, parameter: str | None) -> UnexpectedAnswerError:
        """Return the error for pages that come again."""
        turned = f"`{parameter}` " if parameter else ""
        return UnexpectedAnswerError(
            f"{self.name}: the pages go around in a circle. "
            f"Check {turned}in the contract's `pagination`: the tenant may turn pages in another way"
        )

    def _find_next(self, answer: Answer, data: Any) -> str | None:
        """Return the next page's cursor or URL, None at the end. Raises `UnexpectedAnswerError` for another host."""
        kind = self.pagination.type
        if kind not in {"cursor", "link"}:
            return None
        found: Any = None
        if self.pagination.next is not None:
            found = self.pagination.next(data)
        elif kind == "link":
            links = parse_header_links(answer.headers.get("Link", ""))
            found = next((link["url"] for link in links if "next" in link.get("rel", "").lower().split()), None)
        if found is None or found is False or found == "":
            return None
        if not isinstance(found, (str, int)):
            raise UnexpectedAnswerError(
                f"{self.name}: the answer's next page is no text. Check `next` in the contract's `pagination`",
                status=answer.status,
            )
        return str(found) if kind == "cursor" else self._own_url(answer, str(found))

    def _own_url(self, answer: Answer, link: str) -> str:
        """Return the link's whole URL if it is the tenant's."""
        origin = self.client.origin
        try:
            url = urljoin(answer.url, link)
            other = origin_of(url)
        except ValueError:
            other = "an address that is none"
        if other == origin:
            return url
        if other == origin.replace("https://", "http://", 1):  # written behind a proxy that ends TLS
            return urlunsplit(urlsplit(url)._replace(scheme="https", netloc=urlsplit(origin).netloc))
        raise UnexpectedAnswerError(
            f"{self.name}: the next page would be at another host, {scrub(other)}. It was not asked, as the "
            f"credentials are for {origin} only. If the tenant has moved there, set `base_url`",
            status=answer.status,
        )


def _mark(fetched: Fetched) -> int:
    """Return what pages are told apart by: length, first and last record; to look at all would be slow."""
    return hash((len(fetched.records), msgspec.json.encode((fetched.records[0], fetched.records[-1]))))


def _count(value: Any) -> int | None:
    """Return a number of things, also where it is written as text; None for anything else."""
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
