"""The particular orders of the demo: each shows one thing that somebody who looks at the desk should meet."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Final

from orderwright.cli.demo_data.documents import Basket, Voucher
from orderwright.cli.demo_data.goods import COFFEE_SET, GIFT_CARD, GOODS, INCENSE, LAMP, RUG, SHADE, TABLE, Good
from orderwright.cli.demo_data.people import AMERICANS, EUROPEANS, GULF_PEOPLE, JAPANESE, Person
from orderwright.cli.demo_data.steps import (
    Cancel,
    Capture,
    Deliver,
    DemoOrder,
    Elsewhere,
    Fault,
    Hold,
    Note,
    SetState,
    Ship,
    Sync,
    Track,
)
from orderwright.cli.demo_data.stores import ANNA, EU, GULF, JAPAN, MIA, US, Store
from orderwright.cli.demo_data.stories import Teller, begun, completed_before, teller
from orderwright.cli.demo_data.times import Calendar

# The demo's mail catcher refuses whoever is said to live there.
GONE_DOMAIN: Final = "gone.example"
_LONG_NAME: Final = replace(
    EUROPEANS[0],
    name="Prof. Dr. Dr. h. c. Maximiliane-Theodora von Rautenberg-Großkurth zu Oberhohenstein-Weißenburg",
    handle="maximiliane-theodora.von.rautenberg-grosskurth",
    line1="Untere Kirchenschmiedegassenverlängerung 114, Hinterhaus, Aufgang C, 4. Obergeschoss rechts",
)
_LONG_GOOD: Final = Good(
    sku="CAB-APO-72-OAK-BRASS-LABEL",
    name="Apothecary cabinet with seventy-two drawers, smoked oak, turned brass knobs and enamel labels, made to order",
    cents=289000,
)
_HEBREW: Final = replace(
    AMERICANS[0],
    name="אביגיל בן־שושן",
    handle="avigail",
    line1="12 Almond Grove, Apt 4",
    city="Brooklyn",
    postcode="11201",
    region="NY",
)
_ARABIC: Final = replace(
    GULF_PEOPLE[0], name="الشيخة نوف بنت عبد المحسن بن إبراهيم آل زعفران الهاشمي", handle="nouf.zafaran"
)


def particular_orders(calendar: Calendar) -> list[DemoOrder]:
    """Return one order for each thing to be met."""
    return [
        _leg_refused(calendar),
        _hold_ended(calendar),
        _given_up_after_its_hold(calendar),
        _declined(calendar),
        _found_by_sync(calendar),
        _paid_twice(calendar),
        _captured_in_three(calendar),
        _sent_back(calendar),
        _mail_undeliverable(calendar),
        _long_name(calendar),
        _from_right_to_left(calendar),
        _in_arabic(calendar),
        _thirty_lines(calendar),
        _without_email(calendar),
        _nothing_to_pay(calendar),
        _paid_by_transfer(calendar),
    ]


def _leg_refused(calendar: Calendar) -> DemoOrder:
    tell = _story(EU, EUROPEANS[6], Basket(goods=((SHADE, 2), (TABLE, 1)), method="dhl-paket"), calendar, days=3)
    begun(tell)
    captured_at, canceled_at = tell.later(hours=4), tell.later(hours=20)
    tell.steps += [
        Capture(at=captured_at, by=ANNA, amount_minor=tell.total // 2),
        Fault(at=canceled_at, by=ANNA, kind="decline", on="refund"),
        Cancel(at=canceled_at, by=ANNA, reason="Customer asked for it"),
    ]
    return tell.told()


def _hold_ended(calendar: Calendar) -> DemoOrder:
    tell = _story(US, AMERICANS[11], Basket(goods=((RUG, 1),), method="fedex-home"), calendar, days=8)
    tell.hold(lasts=timedelta(days=7))
    tell.steps += [
        SetState(at=tell.later(hours=1), by=MIA, state="processing"),
        Note(at=tell.later(hours=70), by=MIA, text="Still no date from the weaver. Mind the hold, it ends soon."),
    ]
    return tell.told()


def _given_up_after_its_hold(calendar: Calendar) -> DemoOrder:
    tell = _story(US, AMERICANS[16], Basket(goods=((LAMP, 2),), method="ups-ground"), calendar, days=9)
    tell.hold(lasts=timedelta(days=7))
    tell.steps += [
        SetState(at=tell.later(hours=2), by=ANNA, state="processing"),
        Cancel(at=tell.just_now(minutes=55), by=ANNA, reason="Item unavailable"),
    ]
    return tell.told()


def _declined(calendar: Calendar) -> DemoOrder:
    tell = _story(GULF, GULF_PEOPLE[4], Basket(goods=((LAMP, 1),), method="dhl-express"), calendar, days=2)
    begun(tell)
    captured_at = tell.later(hours=3)
    tell.steps += [
        Fault(at=captured_at, by=ANNA, kind="decline", on="capture"),
        Capture(at=captured_at, by=ANNA),
        Note(at=tell.later(), by=ANNA, text="Bank said no; she will call them. Try again tomorrow."),
    ]
    return tell.told()


def _found_by_sync(calendar: Calendar) -> DemoOrder:
    tell = _story(EU, EUROPEANS[17], Basket(goods=((COFFEE_SET, 1),), method="royal-mail-48"), calendar, days=3)
    begun(tell)
    tell.steps += [
        Elsewhere(at=tell.later(hours=2), by=MIA, amount_minor=tell.total),
        Sync(at=tell.later(hours=2), by=MIA),
    ]
    return tell.told()


def _paid_twice(calendar: Calendar) -> DemoOrder:
    basket = Basket(goods=((COFFEE_SET, 2), (INCENSE, 3)), method="courier-same-day")
    tell = _story(GULF, GULF_PEOPLE[1], basket, calendar, days=2)
    first = tell.total * 2 // 3
    moment = tell.purchase.placed_at + timedelta(seconds=4)
    second = Hold(
        reference="auth_5b1e77a0c3d2",
        amount_minor=tell.total - first,
        authorised_at=moment,
        brand="mastercard",
        last4="0119",
    )
    tell.holds += [Hold(reference="auth_5b1e77a0c3d1", amount_minor=first, authorised_at=moment), second]
    tell.steps += [
        SetState(at=tell.later(), by=ANNA, state="processing"),
        Capture(at=tell.later(hours=1), by=ANNA, hold=1),
    ]
    return tell.told()


def _captured_in_three(calendar: Calendar) -> DemoOrder:
    basket = Basket(goods=((TABLE, 1), (SHADE, 3), (LAMP, 2)), method="yamato-ta-q-bin")
    tell = _story(JAPAN, JAPANESE[0], basket, calendar, days=4)
    begun(tell)
    tell.steps += [Capture(at=tell.later(hours=6), by=MIA, amount_minor=tell.total // share) for share in (2, 4, 8)]
    return tell.told()


def _sent_back(calendar: Calendar) -> DemoOrder:
    tell = _story(JAPAN, JAPANESE[3], Basket(goods=((LAMP, 1),), method="yamato-ta-q-bin"), calendar, days=13)
    completed_before(tell, given_back=100, delivery_state="returned")
    return tell.told()


def _mail_undeliverable(calendar: Calendar) -> DemoOrder:
    person = replace(AMERICANS[14], name="Perpetua Lockridge", handle="p.lockridge", domain=GONE_DOMAIN)
    tell = _story(US, person, Basket(goods=((SHADE, 1),), method="usps-priority"), calendar, days=2)
    tell.hold()
    tell.steps.append(Cancel(at=tell.later(hours=3), by=ANNA, reason="Customer request"))
    return tell.told()


def _long_name(calendar: Calendar) -> DemoOrder:
    basket = Basket(goods=((_LONG_GOOD, 1), (COFFEE_SET, 1), (RUG, 1)), method="dhl-paket")
    tell = _story(EU, _LONG_NAME, basket, calendar, days=1)
    tell.hold()
    return tell.told()


def _from_right_to_left(calendar: Calendar) -> DemoOrder:
    tell = _story(US, _HEBREW, Basket(goods=((LAMP, 2),), method="ups-ground"), calendar, days=1)
    begun(tell)
    # Another carrier's number: the desk offers that carrier's method.
    tell.steps.append(Track(at=tell.later(), by=ANNA, tracking_number=tell.tracking_number("fedex-home")))
    return tell.told()


def _in_arabic(calendar: Calendar) -> DemoOrder:
    basket = Basket(goods=((INCENSE, 2), (COFFEE_SET, 1), (SHADE, 4)), method="courier-same-day")
    tell = _story(GULF, _ARABIC, basket, calendar, days=0)
    tell.hold()
    return tell.told()


def _thirty_lines(calendar: Calendar) -> DemoOrder:
    chance = random.Random(30)  # noqa: S311 - made-up data
    goods = tuple((good, chance.randrange(1, 5)) for good in GOODS[:30])
    person = replace(AMERICANS[2], company="Truong & Daughters Interiors")
    basket = Basket(goods=goods, method="ups-ground", voucher=Voucher(code="WHOLEHOUSE", share=500))
    tell = _story(US, person, basket, calendar, days=2)
    tell.hold()
    tell.steps += [
        SetState(at=tell.later(), by=ANNA, state="processing"),
        Ship(at=tell.later(), by=ANNA, items=tuple((at, 1) for at in range(0, 12, 3)), method="fedex-home"),
        Deliver(at=tell.later(), by=ANNA, items=(0, 3), state="ready-to-ship"),
    ]
    return tell.told()


def _without_email(calendar: Calendar) -> DemoOrder:
    person = replace(AMERICANS[4], name="Walk-in, Elm Street store", handle="", phone="")
    tell = _story(US, person, Basket(goods=((INCENSE, 1),), method="pick-up"), calendar, days=0)
    tell.came_with(shipping_address=None)
    tell.hold()
    return tell.told()


def _nothing_to_pay(calendar: Calendar) -> DemoOrder:
    voucher = Voucher(code="PRIZE", share=10_000)
    basket = Basket(goods=((GIFT_CARD, 1),), method="dhl-paket", voucher=voucher, shipping_price=0)
    return _story(EU, EUROPEANS[12], basket, calendar, days=1).told()


def _paid_by_transfer(calendar: Calendar) -> DemoOrder:
    person = replace(EUROPEANS[3], company="Kanzlei Zwickau")
    tell = _story(EU, person, Basket(goods=((TABLE, 2),), method="dhl-paket"), calendar, days=2)
    tell.came_with(note="Pays by bank transfer within 14 days.")
    return tell.told()


def _story(store: Store, person: Person, basket: Basket, calendar: Calendar, *, days: int) -> Teller:
    """Return the teller of an order placed so many days, and some hours, ago."""
    minutes = len(person.name) * 7 % 50
    return teller(store, person, basket, calendar=calendar, placed_at=calendar.ago(days=days, hours=5, minutes=minutes))
