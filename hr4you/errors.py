"""Errors named by how to recover. Every message is one line for a person: what happened, to what, what to do now.

No message holds a token, a person's data or an answer's body (a field's name, a status and a request id may stand
in it)::

    HR4YouError                    exit status 1
    ├── SetupError                 2: told without a request; mend the setup
    │   ├── ConfigError               a setting
    │   ├── ContractError             a contract file (names file, line and what was expected)
    │   └── StateError                a Singer state
    ├── TenantUnavailableError     75: nothing is lost, run again later
    │   └── TokenRefusedError         401 after one renewal: give another token, then run again
    ├── ForbiddenError             1: the token lacks a right (403): the others can go on
    ├── NotFoundError              1: 404
    ├── RequestRefusedError        1: another 4xx: the request is wrong, sending it again would not help
    ├── UnexpectedAnswerError      1: an answer that is not what the contract says, or that broke off
    ├── OutcomeUnknownError        1: a write was sent, and nothing tells whether it took effect
    └── LedgerUnavailableError     75: the ledger cannot be read or written; nothing is lost, run again later
"""

from __future__ import annotations

from typing import ClassVar


class HR4YouError(Exception):
    """Base of all errors that end in one line on the screen instead of a traceback."""

    exit_status: ClassVar[int] = 1


class SetupError(HR4YouError):
    """Wrong before any request was sent."""

    exit_status = 2


class ConfigError(SetupError):
    """A setting is missing, contradicts another or cannot be read."""


class ContractError(SetupError):
    """A contract file does not load; the message names file, line and what was expected."""


class StateError(SetupError):
    """A Singer state is damaged or belongs to another tenant."""


class TenantUnavailableError(HR4YouError):
    """The tenant cannot be reached or is out of service beyond the client's patience."""

    exit_status = 75


class TokenRefusedError(TenantUnavailableError):
    """401, also after the credentials were renewed once."""


class AnswerError(HR4YouError):
    """An answer came and says no, or makes no sense.

    Attributes:
        status: the HTTP status, None where no whole answer came.
        request_id: the tenant's ``X-Request-Id``, None where it sent none.
    """

    def __init__(self, message: str, *, status: int | None = None, request_id: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.request_id = request_id


class ForbiddenError(AnswerError):
    """403: the credentials lack the right."""


class NotFoundError(AnswerError):
    """404."""


class RequestRefusedError(AnswerError):
    """A 4xx other than 401, 403, 404, 408 and 429."""


class UnexpectedAnswerError(AnswerError):
    """A 2xx or 3xx answer that is not what the contract says: HTML, cut JSON, no list where one was expected."""


class OutcomeUnknownError(AnswerError):
    """A write was sent, and no answer tells whether it took effect: look before it is sent again."""


class LedgerUnavailableError(HR4YouError):
    """The ledger cannot be read or written: locked, full or gone."""

    exit_status = 75
