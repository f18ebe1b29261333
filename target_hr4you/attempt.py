"""One attempt at an action: whose fault it is where it cannot be executed to its end."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hr4you.errors import HR4YouError, LedgerUnavailableError, TenantUnavailableError, TokenRefusedError
from hr4you.ledger.executing import ClaimLostError
from hr4you.ledger.rows import SERVICE_UNAVAILABLE, now_seconds
from target_hr4you.endings import DeferredError
from target_hr4you.run import StoppedError, TenantDownError, logger

if TYPE_CHECKING:
    from target_hr4you.execution import ActionWork
    from target_hr4you.run import Run
    from target_hr4you.schedule import Ticket

_TRIES: Final = 3
"""How often an action is begun in one run whose tenant goes away in the middle of it."""

_OUR_MISTAKE: Final = "%s: a mistake of ours (%s). The action is kept and tried again by the next run; please report it"

_ENDS_RUN: Final = (LedgerUnavailableError, TokenRefusedError, TenantDownError)


def attempt(run: Run, work: ActionWork, ticket: Ticket) -> dict[str, Any]:
    """Execute an action, and return columns of the ledger: what it has come to.

    Raises:
        DeferredError: it is to be gone on with later.
        ClaimLostError: another run has taken it over.
        HR4YouError: the run is to end: tenant, token or ledger; nothing is lost.
    """
    try:
        return work.do()
    except (DeferredError, ClaimLostError, StoppedError, *_ENDS_RUN):
        raise
    except TenantUnavailableError:
        run.check_stopping()
        if not run.has_answers:  # nothing has worked yet: neither will the next
            raise
        run.note_answer(is_usable=False)
        ticket.failures += 1
        if ticket.failures < _TRIES:
            raise DeferredError(now_seconds() + 1) from None
    except HR4YouError as error:
        logger.warning("%s: %s", work.claim.row.action, error)
    except Exception as error:  # noqa: BLE001  # one action must not hold up the others
        # without the exception's text, which may hold a person's data
        mistake = f"{type(error).__name__} at {_place_of(error)}"
        logger.error(_OUR_MISTAKE, work.claim.row.key.text, mistake)
    return work.interrupted(SERVICE_UNAVAILABLE)


def _place_of(error: BaseException) -> str:
    """Return file and line in which an exception was raised."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
