"""All orders of the demo: the particular ones, and about two hundred ordinary ones drawn by a fixed chance."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from orderwright.cli.demo_data.documents import Basket, Voucher
from orderwright.cli.demo_data.goods import GIFT_CARD, GOODS, SIDEBOARD
from orderwright.cli.demo_data.particular import particular_orders
from orderwright.cli.demo_data.people import AMERICANS, EUROPEANS, GULF_PEOPLE, JAPANESE, Person
from orderwright.cli.demo_data.steps import DemoOrder
from orderwright.cli.demo_data.stores import EU, GULF, JAPAN, US, Store
from orderwright.cli.demo_data.stories import (
    Purchase,
    Story,
    Teller,
    asked_to_cancel,
    begun,
    canceled,
    canceled_after_capture,
    canceled_before,
    completed,
    completed_before,
    fraudulent,
    new,
    returned,
    sent,
    sent_in_part,
    suspended,
    under_review,
    waiting_for_stock,
)
from orderwright.cli.demo_data.times import Calendar
from orderwright.cli.demo_data.tour import earlier_orders_of_bob, front_row, showpiece

SEED: Final = 1042
_VOUCHERS: Final = (Voucher(code="TENOFF", share=1000), Voucher(code="WELCOME5", share=500))
# How many orders each store has, and who buys there.
_CROWDS: Final[tuple[tuple[Store, Sequence[Person], int], ...]] = (
    (US, AMERICANS, 69),
    (EU, EUROPEANS, 62),
    (JAPAN, JAPANESE, 22),
    (GULF, GULF_PEOPLE, 18),
)
# Which stories an order may have up to so many days of age; one that is named twice comes twice as often.
_BY_AGE: Final[tuple[tuple[int, tuple[Story, ...]], ...]] = (
    (1, (new,) * 5 + (begun, begun, under_review)),
    (
        3,
        (
            new,
            new,
            begun,
            begun,
            begun,
            sent_in_part,
            sent_in_part,
            sent,
            waiting_for_stock,
            under_review,
            canceled,
            asked_to_cancel,
        ),
    ),
    (6, (begun, begun, sent_in_part, sent_in_part, sent, sent, waiting_for_stock, suspended, fraudulent, completed)),
    (14, (completed_before,) * 4 + (sent, completed, completed, completed, canceled, canceled_after_capture)),
    (31, (completed_before,) * 7 + (returned, completed, canceled_before)),
)


def demo_orders(*, now: datetime) -> list[DemoOrder]:
    """Return every order of the demo, relative to `now`, in the order in which they were placed.

    The same for the same moment: names, goods and stories depend on the seed alone, times on `now`.
    """
    calendar = Calendar(now=now, time_zone=US.time_zone)
    ordinary = [order for store, people, count in _CROWDS for order in _crowd(store, people, count, calendar)]
    named = [showpiece(calendar), *earlier_orders_of_bob(calendar), *front_row(calendar), *particular_orders(calendar)]
    told = [*named, *ordinary]
    return sorted(told, key=lambda order: (str(order.document["placed_at"]), str(order.document["external_id"])))


def _crowd(store: Store, people: Sequence[Person], count: int, calendar: Calendar) -> list[DemoOrder]:
    chance = random.Random(f"{SEED}/{store.slug}")  # noqa: S311 - made-up data
    own = replace(calendar, time_zone=store.time_zone)
    told = []
    for place in range(count):
        # Half of all orders are from the last days, as in a shop that is doing well.
        days = min(chance.randrange(0, 30), chance.randrange(0, 30))
        placed_at = min(
            own.on_day(days, minute=chance.randrange(7 * 60, 23 * 60)), own.ago(minutes=chance.randrange(9, 90))
        )
        person = people[chance.randrange(len(people))]
        basket = _basket(store, person, chance)
        external_id = str(5600 + place * 7 + chance.randrange(7))
        purchase = Purchase(store=store, person=person, basket=basket, placed_at=placed_at, external_id=external_id)
        tell = Teller(purchase, calendar=own, chance=chance)
        _story(own.now - placed_at, chance)(tell)
        told.append(tell.told())
    return told


def _basket(store: Store, person: Person, chance: random.Random) -> Basket:
    shelf = [good for good in GOODS if good not in (GIFT_CARD, SIDEBOARD)]
    goods = chance.sample(shelf, k=chance.choice((1, 1, 1, 2, 2, 3, 4)))
    method = "royal-mail-48" if person.country == "GB" else chance.choice(store.methods)
    voucher = chance.choice(_VOUCHERS) if chance.randrange(6) == 0 else None
    return Basket(goods=tuple((good, chance.choice((1, 1, 1, 2, 3))) for good in goods), method=method, voucher=voucher)


def _story(age: timedelta, chance: random.Random) -> Story:
    stories = next(stories for most, stories in _BY_AGE if age < timedelta(days=most))
    return chance.choice(stories)
