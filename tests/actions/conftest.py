"""What several files about one action share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from orderwright.actions import reconcile_provider
from tests.support.practice import Practice
from tests.support.reconciling import TODAY, TOMORROW


@pytest.fixture
def reconcile(clerk: Any, now: datetime, fresh_practice: Practice) -> Callable[..., Any]:
    """Compare today with the list of a provider that nobody else has used, once the day is over."""
    return partial(reconcile_provider.run, account="practice", day=TODAY, actor=clerk.actor, now=now + TOMORROW)
