"""What several files about one action share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from orderwright.actions import add_site, edit_site, reconcile_provider
from orderwright.actions.site_fields import SiteFields
from orderwright.orders.models import Site
from tests.support.practice import Practice
from tests.support.reconciling import TODAY, TOMORROW
from tests.support.site_work import OUTLET


@pytest.fixture
def reconcile(clerk: Any, now: datetime, fresh_practice: Practice) -> Callable[..., Any]:
    """Compare today with the list of a provider that nobody else has used, once the day is over."""
    return partial(reconcile_provider.run, account="practice", day=TODAY, actor=clerk.actor, now=now + TOMORROW)


@pytest.fixture
def add_a_site(clerk: Any) -> Any:
    """Add a site; the outlet unless its fields are given."""

    def act(fields: SiteFields = OUTLET, by: Any = clerk) -> Site:
        return Site.objects.get(slug=add_site.run(fields=fields, actor=by.actor, now=by.now))

    return act


@pytest.fixture
def edit_a_site(clerk: Any, site: Site) -> Any:
    """Edit a site; the first one unless another is named."""

    def act(*, slug: str = site.slug, by: Any = clerk, version: int | None = None, **fields: Any) -> str:
        return edit_site.run(slug=slug, fields=SiteFields(**fields), actor=by.actor, now=by.now, version=version)

    return act
