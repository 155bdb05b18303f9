"""When a provider account that gives no answer is left alone, and when it is tried again. Pure rules (W8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final, Literal

# closed: it works. open: nothing is sent before `next_try_at`. half_open: the next call is the trial. trying: it is
# out.
Phase = Literal["closed", "open", "half_open", "trying"]

# A trial whose process died gives its turn up after this time; longer than connecting and reading take together.
TRIAL_PATIENCE: Final = timedelta(seconds=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The settings of one account. `wait` is the least pause before a call without an answer is repeated."""

    failures: int = 3
    wait: timedelta = timedelta(seconds=10)
    cool_down: timedelta = timedelta(seconds=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """How an account stands. `failures` counts calls in a row without an answer; `tried_by` has the trial's turn."""

    failures: int = 0
    opened_at: datetime | None = None
    next_try_at: datetime | None = None
    tried_by: str = ""

    def phase(self, now: datetime) -> Phase:
        """Return how it stands at this moment."""
        if self.opened_at is None or self.next_try_at is None:
            return "closed"
        if self.next_try_at <= now:
            return "half_open"
        return "trying" if self.tried_by else "open"

    def may_call(self, who: str, *, now: datetime) -> bool:
        """Return whether this caller may call without asking for a turn: it works, or the turn is theirs already."""
        phase = self.phase(now)
        return phase == "closed" or (phase == "trying" and self.tried_by == who)


def after_answer(_breaker: Breaker) -> Breaker:
    """Return how the account stands after any answer, a refusal included: it works."""
    return Breaker()


def after_failure(breaker: Breaker, patience: Patience, *, who: str, now: datetime) -> Breaker:
    """Return how the account stands after a call of `who` without an answer.

    A trial that failed begins the cool-down anew. Calls that were out when it opened change nothing but the count.
    """
    failures = breaker.failures + 1
    if breaker.opened_at is None:
        if failures < patience.failures:
            return Breaker(failures=failures)
        return Breaker(failures=failures, opened_at=now, next_try_at=now + patience.cool_down)
    if breaker.tried_by and breaker.tried_by == who:
        return replace(breaker, failures=failures, next_try_at=now + patience.cool_down, tried_by="")
    return replace(breaker, failures=failures)


def next_look(breaker: Breaker, patience: Patience, *, now: datetime) -> datetime:
    """Return when something that waits for the account is looked at again.

    While a trial is out that is soon, for it may end well long before its turn does.
    """
    if breaker.phase(now) == "open" and breaker.next_try_at is not None:
        return breaker.next_try_at
    return now + patience.wait


def is_answer(status: object) -> bool:
    """Return whether an HTTP status shows that the provider works, though it did not give what was asked for."""
    if not isinstance(status, int):
        return False
    return HTTPStatus.CONTINUE <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.TOO_MANY_REQUESTS
