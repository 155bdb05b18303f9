"""How the worker outlives what one row meets: the error is logged, the row rests, the loop goes on."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from django.db import Error as DatabaseError

from orderwright.core.errors import OrderwrightError

logger = logging.getLogger(__name__)

# How long a row is left alone whose action failed in a way that nobody anticipated.
REST = timedelta(minutes=1)


class survived:  # noqa: N801 - reads as a word at the `with`
    """Let no error inside the block pass; it is logged under the given words and kept in `error`.

    Anticipated errors and those of the database take one line in the log, any other comes with its traceback. Requests
    to stop, such as KeyboardInterrupt, pass.
    """

    def __init__(self, words: str) -> None:
        self._words = words
        self.error: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.error = error
        if isinstance(error, (OrderwrightError, DatabaseError)):
            logger.warning("%s: %s", self._words, error)
        else:
            logger.error("%s", self._words, exc_info=error)
        return True


class Resting:
    """The rows that are left alone for a while, so that one that always fails neither spins nor starves the others."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def add(self, key: str, *, now: datetime) -> None:
        """Let the row rest from now on."""
        self._until[key] = now + REST

    def at(self, now: datetime) -> frozenset[str]:
        """Return the rows that rest at this moment."""
        self._until = {key: until for key, until in self._until.items() if until > now}
        return frozenset(self._until)
