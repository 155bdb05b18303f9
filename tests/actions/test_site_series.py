"""Order numbers of a site: how a series begins, changes and goes on, and that none is given twice or lost (I13)."""

from __future__ import annotations

from typing import Any

import pytest

from orderwright.orders import sites
from orderwright.orders.errors import NumberSeriesTaken
from orderwright.orders.models import Order, Site
from orderwright.reads.invariants.numbers import numbers_differ
from tests.support.rivals import look_too_early
from tests.support.site_work import entry, numbers


def test_another_series_begins_and_the_journal_tells_where_the_first_one_ended(
    site: Site, edit_a_site: Any, clerk: Any, document: Any
) -> None:  # I13
    clerk.asks.take_in(document())
    edit_a_site(number_prefix="US-", next_number=5001)
    clerk.asks.take_in(document())
    edit_a_site(next_number=6001)
    clerk.asks.take_in(document())

    assert numbers() == ["1001", "US-5001", "US-6001"]
    assert entry().before == {"number_prefix": "US-", "next_number": 5002}
    assert entry().after == {"number_prefix": "US-", "next_number": 6001}
    assert list(numbers_differ()) == []


def test_going_back_to_an_earlier_prefix_goes_on_above_what_is_used(
    site: Site, edit_a_site: Any, clerk: Any, document: Any
) -> None:  # I13
    clerk.asks.take_in(document())
    clerk.asks.take_in(document())
    edit_a_site(number_prefix="US-", next_number=1)
    clerk.asks.take_in(document())

    with pytest.raises(NumberSeriesTaken) as refused:
        edit_a_site(number_prefix="", next_number=1002)
    edit_a_site(number_prefix="", next_number=1003)
    clerk.asks.take_in(document())

    assert refused.value.facts == {"pointer": "/next_number", "highest": 1002}
    assert refused.value.message == "There is an order #1002 already: the next number is higher than that."
    assert numbers() == ["1001", "1002", "US-1", "1003"]
    assert list(numbers_differ()) == []


def test_what_another_site_used_behind_a_prefix_counts_too(
    site: Site, add_a_site: Any, edit_a_site: Any, clerk: Any, document: Any
) -> None:  # I13
    add_a_site()
    clerk.asks.take_in(document(site="cozy-home-outlet"))
    edit_a_site(slug="cozy-home-outlet", number_prefix="NEW-")

    with pytest.raises(NumberSeriesTaken):
        edit_a_site(number_prefix="OUT-", next_number=1001)
    edit_a_site(number_prefix="OUT-", next_number=1002)
    clerk.asks.take_in(document())

    assert numbers() == ["OUT-1001", "OUT-1002"]


def test_longer_numbers_are_higher_than_those_that_only_look_so(
    site: Site, edit_a_site: Any, clerk: Any, document: Any
) -> None:  # I13
    edit_a_site(next_number=99_999)
    clerk.asks.take_in(document())
    clerk.asks.take_in(document())

    with pytest.raises(NumberSeriesTaken):
        edit_a_site(next_number=99_999)

    assert Site.objects.get().next_number == 100_001


@pytest.mark.parametrize("seen", [("", 1001, None), ("US-", 5000, None)])
def test_an_order_that_comes_just_as_the_series_changes_gets_a_number_of_the_new_one(
    site: Site, edit_a_site: Any, clerk: Any, document: Any, monkeypatch: pytest.MonkeyPatch, seen: Any
) -> None:  # I13
    edit_a_site(number_prefix="US-", next_number=5001)
    look_too_early(monkeypatch, sites, "_series_of", seeing=seen)

    clerk.asks.take_in(document())

    assert numbers() == ["US-5001"]
    assert list(numbers_differ()) == []


@pytest.mark.breaks_invariants
def test_a_number_that_was_never_given_and_one_that_is_missing_are_found(
    site: Site, clerk: Any, document: Any
) -> None:  # I13
    for _ in range(3):
        clerk.asks.take_in(document())
    Order.objects.filter(number="1002").update(number="US-7")

    assert list(numbers_differ()) == [
        "I13: the series of its site never gave order #US-7 its number",
        "I13: 1 numbers with “” below 1004 belong to no order",
    ]
