"""The particular orders of the demo: each shows one thing that somebody who looks at the desk should meet."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from orderwright.cli.demo_data.documents import Basket, Voucher, customer_of
from orderwright.cli.demo_data.goods import COFFEE_SET, GIFT_CARD, GOODS, INCENSE, LAMP, RUG, SHADE, SIDEBOARD, TABLE
from orderwright.cli.demo_data.people import AMERICANS, EUROPEANS, GULF_PEOPLE, JAPANESE, Person
from orderwright.cli.demo_data.steps import (
    Cancel,
    Capture,
    Deliver,
    DemoOrder,
    Fault,
    Hold,
    Note,
    SaveInvoice,
    SetState,
    Ship,
    Step,
    Track,
)
from orderwright.cli.demo_data.stores import ANNA, BEN, EU, GULF, JAPAN, MIA, US, Store
from orderwright.cli.demo_data.stories import Purchase, Teller, completed_before
from orderwright.cli.demo_data.times import Calendar

SHOWPIECE_ID: Final = "5532"
BOB: Final = Person(
    name="Bob Norman",
    handle="bob.norman",
    domain="mail.example.com",
    phone="+16135550174",
    line1="123 Amoebobacterieae St",
    line2="Unit 806",
    city="Ottawa",
    region="ON",
    postcode="K2P 0V6",
    country="CA",
)
_LONG_NAME: Final = replace(
    EUROPEANS[0],
    name="Prof. Dr. Dr. h. c. Maximiliane-Theodora von Rautenberg-Großkurth zu Oberhohenstein-Weißenburg",
    handle="maximiliane-theodora.von.rautenberg-grosskurth",
)
_HEBREW: Final = replace(
    AMERICANS[0], name="אביגיל בן־שושן", handle="avigail", line1="12 Almond Grove, Apt 4", city="Brooklyn", region="NY"
)
# A provider that is asked so often, at ever longer intervals, stays silent for some hours.
_SILENT_FOR_HOURS: Final = 14


def showpiece(calendar: Calendar) -> DemoOrder:
    """Tell of Bob Norman's order: two shipments, one sent, and its part of the money captured."""
    placed_at = calendar.on_day(2, minute=16 * 60 + 42)
    basket = Basket(
        goods=((TABLE, 1), (SHADE, 2), (RUG, 1)), method="ups-ground", prices=(19900, 4900, 28994), shipping_price=1006
    )
    tell = _teller(US, BOB, basket, calendar=calendar, external_id=SHOWPIECE_ID, placed_at=placed_at)
    for item, discount, tax in zip(tell.document["items"], (334, 166, 500), (398, 192, 604), strict=True):
        item.update(discount=discount, tax=tax, tax_lines=[])
    tell.came_with(
        source="shopify",
        customer={**customer_of(BOB), "reference": "C-88213"},
        discounts=[{"code": "TENOFF", "amount": 1000}],
        totals={"items": 58694, "discount": 1000, "shipping": 1006, "tax": 1194, "total": 59894},
    )
    hold = Hold(reference="auth_9f2c0b5d71e4", amount_minor=59894, authorised_at=placed_at + timedelta(seconds=1))
    tell.holds.append(hold)
    next_day = calendar.on_day(1, minute=13 * 60 + 40)
    sent_at = calendar.on_day(1, minute=14 * 60 + 6)
    note = "Rug is back-ordered to Tuesday; customer agreed by phone."
    tell.steps += [
        SetState(at=placed_at + timedelta(minutes=38), by=BEN, state="processing"),
        Note(at=placed_at + timedelta(minutes=49), by=BEN, text=note),
        Ship(at=placed_at + timedelta(minutes=50), by=BEN, items=((2, 1),), method="fedex-home"),
        Deliver(at=next_day, by=ANNA, items=(0, 1), state="ready-to-ship"),
        SaveInvoice(at=next_day + timedelta(minutes=2), by=ANNA, invoice_number="INV-2026-0871"),
        Track(at=sent_at - timedelta(minutes=1), by=ANNA, shipment=1, tracking_number="1Z 999 AA1 01 2345 6784"),
        Deliver(at=sent_at, by=ANNA, items=(0, 1), state="shipped"),
        Capture(at=sent_at + timedelta(minutes=1), by=ANNA, amount_minor=30900),
    ]
    return tell.told()


def earlier_orders_of_bob(calendar: Calendar) -> list[DemoOrder]:
    """Tell of the three orders that Bob Norman placed before."""
    told = []
    for place, (days, good) in enumerate(((27, LAMP), (19, COFFEE_SET), (11, INCENSE))):
        basket = Basket(goods=((good, 1),), method="ups-ground")
        placed_at = calendar.on_day(days, minute=11 * 60 + 7 * place)
        tell = _teller(US, BOB, basket, calendar=calendar, external_id=f"51{place}7", placed_at=placed_at)
        completed_before(tell)
        told.append(tell.told())
    return told


def particular_orders(calendar: Calendar) -> list[DemoOrder]:
    """Return one order for each thing to be met."""
    return [
        _ending_soon(calendar),
        _outcome_unknown(calendar),
        _leg_refused(calendar),
        _long_name(calendar),
        _from_right_to_left(calendar),
        _thirty_lines(calendar),
        _without_email(calendar),
        _nothing_to_pay(calendar),
        _paid_twice(calendar),
        _captured_in_three(calendar),
    ]


def _ending_soon(calendar: Calendar) -> DemoOrder:
    tell = _teller(US, AMERICANS[7], Basket(goods=((SIDEBOARD, 1),), method="fedex-home"), calendar=calendar, days=6)
    tell.hold(lasts=calendar.now - tell.purchase.placed_at + timedelta(hours=9))
    text = "Billing and shipping country differ. Waiting for the customer’s call."
    tell.steps += [
        SetState(at=tell.later(hours=2), by=MIA, state="fraud"),
        Note(at=tell.later(), by=MIA, text=text),
    ]
    return tell.told()


def _outcome_unknown(calendar: Calendar) -> DemoOrder:
    tell = _teller(US, AMERICANS[9], Basket(goods=((LAMP, 1),), method="usps-priority"), calendar=calendar, days=1)
    tell.hold()
    begun_at = tell.later(hours=1)
    captured_at = tell.later(hours=2)
    tell.steps += [
        SetState(at=begun_at, by=BEN, state="processing"),
        Fault(at=captured_at, by=BEN, kind="drop_before", on="capture", times=_SILENT_FOR_HOURS),
        Capture(at=captured_at, by=BEN),
    ]
    return tell.told()


def _leg_refused(calendar: Calendar) -> DemoOrder:
    basket = Basket(goods=((SHADE, 2), (TABLE, 1)), method="dhl-paket")
    tell = _teller(EU, EUROPEANS[6], basket, calendar=calendar, days=3)
    tell.hold()
    captured_at = tell.later(hours=4)
    canceled_at = tell.later(hours=20)
    tell.steps += [
        SetState(at=tell.purchase.placed_at + timedelta(hours=1), by=ANNA, state="processing"),
        Capture(at=captured_at, by=ANNA, amount_minor=tell.total // 2),
        Fault(at=canceled_at, by=ANNA, kind="decline", on="refund"),
        Cancel(at=canceled_at, by=ANNA, reason="Customer asked for it"),
    ]
    return tell.told()


def _long_name(calendar: Calendar) -> DemoOrder:
    basket = Basket(goods=((COFFEE_SET, 1), (RUG, 1)), method="dhl-paket")
    tell = _teller(EU, _LONG_NAME, basket, calendar=calendar, days=1)
    tell.hold()
    return tell.told()


def _from_right_to_left(calendar: Calendar) -> DemoOrder:
    tell = _teller(US, _HEBREW, Basket(goods=((LAMP, 2),), method="ups-ground"), calendar=calendar, days=1)
    tell.hold()
    tell.steps.append(SetState(at=tell.later(), by=ANNA, state="processing"))
    return tell.told()


def _thirty_lines(calendar: Calendar) -> DemoOrder:
    chance = random.Random(30)  # noqa: S311 - made-up data
    goods = tuple((good, chance.randrange(1, 5)) for good in GOODS[:30])
    voucher = Voucher(code="WHOLEHOUSE", share=500)
    basket = Basket(goods=goods, method="ups-ground", voucher=voucher)
    tell = _teller(US, AMERICANS[2], basket, calendar=calendar, days=2)
    tell.hold()
    tell.steps += [
        SetState(at=tell.later(), by=ANNA, state="processing"),
        Ship(at=tell.later(), by=ANNA, items=tuple((at, 1) for at in range(0, 12, 3)), method="fedex-home"),
        Deliver(at=tell.later(), by=ANNA, items=(0, 3), state="ready-to-ship"),
    ]
    return tell.told()


def _without_email(calendar: Calendar) -> DemoOrder:
    person = replace(AMERICANS[4], name="Walk-in, Elm Street store", handle="", phone="")
    tell = _teller(US, person, Basket(goods=((INCENSE, 1),), method="pick-up"), calendar=calendar, days=0)
    tell.came_with(shipping_address=None)
    tell.hold()
    return tell.told()


def _nothing_to_pay(calendar: Calendar) -> DemoOrder:
    voucher = Voucher(code="PRIZE", share=10_000)
    basket = Basket(goods=((GIFT_CARD, 1),), method="dhl-paket", voucher=voucher, shipping_price=0)
    tell = _teller(EU, EUROPEANS[12], basket, calendar=calendar, days=1)
    return tell.told()


def _paid_twice(calendar: Calendar) -> DemoOrder:
    basket = Basket(goods=((COFFEE_SET, 2), (INCENSE, 3)), method="courier-same-day")
    tell = _teller(GULF, GULF_PEOPLE[0], basket, calendar=calendar, days=2)
    first = tell.total * 2 // 3
    moment = tell.purchase.placed_at + timedelta(seconds=4)
    tell.holds += [
        Hold(reference="auth_5b1e77a0c3d1", amount_minor=first, authorised_at=moment),
        Hold(
            reference="auth_5b1e77a0c3d2",
            amount_minor=tell.total - first,
            authorised_at=moment,
            brand="mastercard",
            last4="0119",
        ),
    ]
    tell.steps += [
        SetState(at=tell.later(), by=ANNA, state="processing"),
        Capture(at=tell.later(hours=1), by=ANNA, hold=1),
    ]
    return tell.told()


def _captured_in_three(calendar: Calendar) -> DemoOrder:
    basket = Basket(goods=((TABLE, 1), (SHADE, 3), (LAMP, 2)), method="yamato-ta-q-bin")
    tell = _teller(JAPAN, JAPANESE[0], basket, calendar=calendar, days=4)
    tell.hold()
    parts: list[Step] = [
        Capture(at=tell.later(hours=6), by=MIA, amount_minor=tell.total // share) for share in (2, 4, 8)
    ]
    tell.steps += [SetState(at=tell.purchase.placed_at + timedelta(hours=1), by=MIA, state="processing"), *parts]
    return tell.told()


def _teller(store: Store, person: Person, basket: Basket, *, calendar: Calendar, days: int = 0, **given: Any) -> Teller:
    """Return the teller of one particular order, placed so many days ago unless the moment is given."""
    # The same name gives the same chances in every run; a seed of its own, so that no order disturbs another.
    chance = random.Random(f"{store.slug}/{person.name}/{days}/{given.get('external_id')}")  # noqa: S311 - made-up data
    placed_at = given.get("placed_at") or calendar.ago(days=days, hours=2, minutes=chance.randrange(5, 55))
    external_id = given.get("external_id") or f"7{chance.randrange(10**5):05d}"
    own = replace(calendar, time_zone=store.time_zone)
    purchase = Purchase(store=store, person=person, basket=basket, placed_at=placed_at, external_id=external_id)
    return Teller(purchase, calendar=own, chance=chance)
