"""Sample presenters' values for every page and fragment, so that templates can be tried without a database."""

from __future__ import annotations

from typing import Any

from tests.web.gallery import (
    audit,
    bulk_jobs,
    customer,
    desk,
    email_templates,
    emails,
    keys,
    ledger,
    lists,
    money,
    moves,
    odd_orders,
    order_dialogs,
    orders,
    people,
    shipping,
    sites,
    states,
)

_PARTS: tuple[Any, ...] = (
    *(orders, odd_orders, order_dialogs, lists, customer, emails, email_templates, money, ledger, states, moves),
    *(bulk_jobs, shipping, sites, people, keys, audit, desk),
)


def together(what: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the samples of all parts: by name, the template and its values. No name comes twice."""
    found = [entry for part in _PARTS for entry in getattr(part, what, {}).items()]
    assert len(dict(found)) == len(found), "two samples have one name"
    return dict(found)


PAGES = together("PAGES")
FRAGMENTS = together("FRAGMENTS")
