"""The API as a whole: where it is, how the token is sent, how lists are paged, what an answer looks like."""

import re
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, PositiveInt, model_validator

from hr4you.contract.base import Expr, Model, check_template, fault, one_of

# Which keys a type needs, and which it may have beside them.
_AUTH_KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "bearer": ((), ()),
    "raw": ((), ()),
    "basic": ((), ()),
    "header": (("name",), ()),
    "login": (("path", "body", "token"), ("method", "expires_in", "then")),
}
_PAGINATION_KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "page": (("page",), ("first_page", "size", "max_size", "last_page", "total")),
    "offset": (("offset",), ("size", "max_size", "total")),
    "cursor": (("cursor", "next"), ("size", "max_size", "total")),
    "link": ((), ("size", "max_size", "total", "next")),
    "none": ((), ()),
}
CREDENTIALS = ("username", "password", "api_token")
PROVENANCE = re.compile(r"verified|assumed|yours|drafted(?: \(.{1,60}\))?")


def _check_type(model: Model, kind: str, table: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
    needed, more = table[kind]
    for name in needed:
        if getattr(model, name) is None:
            raise fault(f"the key `{name}` is missing: type `{kind}` needs it", name)
    for name in sorted(model.model_fields_set - {"type", *needed, *more}):
        if getattr(model, name) is not None:
            raise fault(
                f"`{name}` has no meaning for type `{kind}`, which takes {one_of((*needed, *more)) or 'no keys'}", name
            )


class Auth(Model):
    """How requests prove who they are.

    Attributes:
        type: ``bearer`` (``Authorization: Bearer TOKEN``), ``raw`` (the token alone in ``Authorization``), ``header``
            (the token alone in the header ``name``), ``basic`` (user name and password), ``login`` (a call that
            answers a short-lived token).
        name: the header.
        path: of the login call, as all paths below ``base_path``.
        method: of the login call.
        body: the login call's JSON: what is sent for each key, over ``username``, ``password``, ``api_token``.
        token: where the token is in the login's answer.
        expires_in: where its seconds to live are in the login's answer, None where it does not tell.
        then: how the login's token is sent, None for other types.
    """

    type: Literal["bearer", "raw", "header", "basic", "login"] = "bearer"
    name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
    path: str | None = None
    method: Literal["GET", "POST", "PUT"] = "POST"
    body: dict[str, Expr] | None = None
    token: Expr | None = None
    expires_in: Expr | None = None
    then: "Auth | None" = None

    @model_validator(mode="before")
    @classmethod
    def _send_as_bearer(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("type") == "login" and data.get("then") is None:
            return {**data, "then": {"type": "bearer"}}
        return data

    @model_validator(mode="after")
    def _check(self) -> "Auth":
        _check_type(self, self.type, _AUTH_KEYS)
        if self.path is not None:
            check_template(self.path, set(), "path")
        for key, expression in (self.body or {}).items():
            unknown = (expression.roots or frozenset()) - set(CREDENTIALS)
            if unknown:
                raise fault(f"there is no credential `{min(unknown)}`: expected {one_of(CREDENTIALS)}", "body", key)
        if self.then is not None and self.then.type in {"login", "basic"}:
            raise fault("expected `bearer`, `raw` or `header`: how the token of the login is sent", "then", "type")
        return self


class Pagination(Model):
    """How a long list is cut into pages.

    Attributes:
        type: ``page`` (numbered), ``offset`` (how many to leave out), ``cursor`` (the answer names what to send for the
            next page), ``link`` (the answer holds the next page's address), ``none`` (one answer is the whole list).
        page: the parameter of the page's number.
        first_page: number of the first page.
        offset: the parameter of the offset.
        cursor: the parameter of the cursor.
        size: the parameter of the page's size, None where it cannot be chosen.
        max_size: what is sent for it, unless ``page_size`` is set.
        last_page: where the answer tells the last page's number.
        total: where the answer tells the number of records in all pages.
        next: where the answer tells the next cursor, or address; for ``link`` None means the ``Link`` header.
    """

    type: Literal["page", "offset", "cursor", "link", "none"]
    page: str | None = None
    first_page: int = 1
    offset: str | None = None
    cursor: str | None = None
    size: str | None = None
    max_size: PositiveInt = 200
    last_page: Expr | None = None
    total: Expr | None = None
    next: Expr | None = None

    @model_validator(mode="after")
    def _check(self) -> "Pagination":
        _check_type(self, self.type, _PAGINATION_KEYS)
        return self


class ErrorShape(Model):
    """Where an answer with an error status says what is wrong.

    Attributes:
        message: a text for people.
        fields: an object whose keys are the fields that were refused; only the keys are ever shown.
    """

    message: Expr | None = None
    fields: Expr | None = None


def _check_base_path(value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith("/") or not value.endswith("/"):
        raise ValueError("expected a path that starts and ends with a slash, such as `/api2/`")
    return value


def _check_zone(value: Any) -> Any:
    try:
        ZoneInfo(value)
    except (TypeError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError: below
        raise ValueError("expected the name of a time zone such as `Europe/Berlin`") from None
    except KeyError:
        raise ValueError(f"there is no time zone `{value}`: expected a name such as `Europe/Berlin`") from None
    return value


def _check_provenance(value: str) -> str:
    if not PROVENANCE.fullmatch(value):
        raise ValueError("expected `verified`, `assumed`, `drafted (how sure)` or `yours`")
    return value


class Api(Model):
    """What all requests have in common.

    Attributes:
        provenance: ``verified``, ``assumed``, ``drafted (how sure)`` or ``yours``; None where a file does not say.
        base_path: what paths are relative to.
        docs: where the tenant publishes its reference, for people.
        timezone: of times without an offset, and of patterns in ``changed_since``.
        naive_times: whether the tenant's times lack an offset: a longer look-back then covers the hour that the end of
            summer time repeats.
        records: where the list is in an answer; ``@`` is the answer itself.
        record: where the object is in the answer for one object.
    """

    provenance: Annotated[str, AfterValidator(_check_provenance)] | None = None
    base_path: Annotated[str, BeforeValidator(_check_base_path)] = "/api2/"
    docs: str | None = None
    timezone: Annotated[str, BeforeValidator(_check_zone)] = "Europe/Berlin"
    naive_times: bool = False
    auth: Auth = Auth()
    pagination: Pagination
    records: Expr
    record: Expr
    errors: ErrorShape = ErrorShape()

    @model_validator(mode="before")
    @classmethod
    def _default_record(cls, data: Any) -> Any:
        if isinstance(data, dict) and "record" not in data and "records" in data:
            return {**data, "record": data["records"]}
        return data

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone named by ``timezone``."""
        return ZoneInfo(self.timezone)
