"""The orders that a tour of the desk begins with: Bob Norman's, and those that stand at the top of the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from orderwright.cli.demo_data.documents import Basket, customer_of
from orderwright.cli.demo_data.goods import COFFEE_SET, INCENSE, LAMP, RUG, SHADE, SIDEBOARD, TABLE, Good
from orderwright.cli.demo_data.people import Person, people
from orderwright.cli.demo_data.steps import (
    Capture,
    Deliver,
    DemoOrder,
    EditCustomer,
    Fault,
    Hold,
    Note,
    SetState,
    Ship,
    Track,
)
from orderwright.cli.demo_data.stores import ANNA, BEN, EU, GULF, JAPAN, MIA, ON_HOLD, US, Store
from orderwright.cli.demo_data.stories import Teller, completed_before, new, teller
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
# Asked ever more rarely, at last four times an hour, a provider that fails so often stays unclear for some two hours.
_FAILURES: Final = 16


def showpiece(calendar: Calendar) -> DemoOrder:
    """Tell of Bob Norman's order: two shipments, one sent, a part captured, and a hold that lasts three days more."""
    in_the_evening = {"minute": 16 * 60 + 42}
    is_three_days_ago = calendar.on_day(3, **in_the_evening) <= calendar.ago(days=3)
    days = 3 if is_three_days_ago else 4
    placed_at = calendar.on_day(days, **in_the_evening) + timedelta(seconds=11)
    next_day = calendar.on_day(days - 1, minute=14 * 60)
    basket = Basket(
        goods=((TABLE, 1), (SHADE, 2), (RUG, 1)), method="ups-ground", prices=(19900, 4900, 28994), shipping_price=1006
    )
    tell = teller(US, BOB, basket, calendar=calendar, placed_at=placed_at, external_id=SHOWPIECE_ID)
    for item, discount, tax in zip(tell.document["items"], (334, 166, 500), (398, 192, 604), strict=True):
        item.update(discount=discount, tax=tax, tax_lines=[])
    tell.came_with(
        source="shopify",
        customer={**customer_of(BOB), "reference": "C-88213"},
        discounts=[{"code": "TENOFF", "amount": 1000}],
        totals={"items": 58694, "discount": 1000, "shipping": 1006, "tax": 1194, "total": 59894},
        invoice_number="INV-2026-0871",
        shipments=[
            {
                "method": "ups-ground",
                "tracking_numbers": ["1Z 999 AA1 01 2345 6784"],
                "delivery_state": "ready-to-ship",
                "items": [{"item": 0, "quantity": 1}, {"item": 1, "quantity": 2}],
            },
            {"method": "fedex-home", "items": [{"item": 2, "quantity": 1}]},
        ],
    )
    authorised_at = placed_at + timedelta(seconds=1)
    tell.holds.append(Hold(reference="auth_9f2c", amount_minor=59894, authorised_at=authorised_at))
    note = "Rug is back-ordered to Tuesday; customer agreed by phone."
    tell.steps += [
        SetState(at=placed_at + timedelta(minutes=38), by=BEN, state="processing"),
        Note(at=placed_at + timedelta(minutes=49), by=BEN, text=note),
        Deliver(at=next_day + timedelta(minutes=6), by=ANNA, items=(0, 1), state="shipped"),
        Capture(at=next_day + timedelta(minutes=7), by=ANNA, amount_minor=30900),
    ]
    return tell.told()


def earlier_orders_of_bob(calendar: Calendar) -> list[DemoOrder]:
    """Tell of the three orders that Bob Norman placed before."""
    told = []
    for place, (days, good) in enumerate(((27, LAMP), (19, COFFEE_SET), (11, INCENSE))):
        placed_at = calendar.on_day(days, minute=11 * 60 + 7 * place)
        basket = Basket(goods=((good, 1),), method="ups-ground")
        tell = teller(US, BOB, basket, calendar=calendar, placed_at=placed_at, external_id=f"51{place}7")
        completed_before(tell)
        told.append(tell.told())
    return told


def _adeyemi(tell: Teller) -> None:
    tell.hold()
    tell.steps += [
        SetState(at=tell.later(), by=BEN, state="processing"),
        EditCustomer(at=tell.later(), by=BEN, changes={"phone": "+44 20 7946 0958"}),
        Note(at=tell.later(), by=BEN, text="Two stools short; the supplier delivers on Thursday."),
        SetState(at=tell.later(), by=BEN, state=ON_HOLD.key),
    ]


def _raman(tell: Teller) -> None:
    tell.hold(lasts=timedelta(hours=11, minutes=40))
    text = "Billing and shipping country differ. Waiting for the customer’s call."
    tell.steps += [SetState(at=tell.later(), by=MIA, state="fraud"), Note(at=tell.later(), by=MIA, text=text)]


def _sent_whole(tell: Teller) -> None:
    tell.hold()
    tell.steps += [
        SetState(at=tell.later(), by=ANNA, state="processing"),
        Capture(at=tell.later(hours=1), by=ANNA),
        Track(at=tell.later(), by=ANNA, tracking_number=tell.tracking_number()),
        Deliver(at=tell.later(), by=ANNA, state="shipped"),
    ]


def _ruiz(tell: Teller) -> None:
    tell.hold()
    tell.steps += [
        SetState(at=tell.later(), by=ANNA, state="processing"),
        Capture(at=tell.later(), by=ANNA),
        Ship(at=tell.later(), by=BEN, items=((1, 3),), method="dhl-express"),
        Ship(at=tell.later(), by=BEN, items=((2, 1),), method="courier-same-day"),
        Deliver(at=tell.later(), by=BEN, items=(0,), state="shipped"),
        Track(at=tell.later(), by=BEN, shipment=1, tracking_number=tell.tracking_number()),
        # With two digits swapped, as one types: the desk remarks that the check digit does not fit.
        Track(at=tell.later(), by=BEN, shipment=2, tracking_number="3318 810 052"),
    ]


def _chen(tell: Teller) -> None:
    tell.hold()
    begun_at = tell.just_now(minutes=31)
    # The provider takes the money and loses its answer; asked again, it fails for a while.
    lost_at = tell.just_now(minutes=4)
    tell.steps += [
        SetState(at=begun_at, by=BEN, state="processing"),
        Fault(at=lost_at, by=BEN, kind="drop_after", on="capture"),
        Capture(at=lost_at, by=BEN),
        Fault(at=lost_at, by=BEN, kind="server_error", on="any", times=_FAILURES),
        SetState(at=tell.just_now(minutes=2), by=BEN, state="suspended"),
    ]


def _good(sku: str, name: str, **attributes: str) -> Good:
    return Good(sku=sku, name=name, cents=0, attributes=attributes)


_STOOL: Final = _good("STL-CRK-30", "Cork stool")
_THROW: Final = _good("THR-MHR-13", "Mohair throw", colour="moss")
_CUSHION: Final = _good("CUS-LIN-45", "Linen cushion cover", size="45 × 45")
_SHELF: Final = _good("SHF-OAK-90", "Wall shelf, oak, 90 cm")
_PLATES: Final = _good("PLT-STN-27", "Dinner plate", glaze="sea")
_BOWL: Final = _good("BWL-STN-22", "Serving bowl, stoneware")
_BOARD: Final = _good("BRD-OLV-40", "Olive wood board", length="40 cm")
_LANTERN: Final = _good("LNT-BRS-25", "Brass lantern")
_AMERICANS: Final = people(
    *("US", "en", "USD"),
    "Oluwaseun Adeyemi | o.adeyemi | +15035550162 | 310 Foxglove Ln | Portland | 97205 | OR",
    "Priya Raman | priya.raman | +15035550129 | 9 Osprey Court | Portland | 97205 | OR",
    "Chen Wei | chen.wei | +15035550185 | 77 Tamarack St, Apt 5 | Portland | 97205 | OR",
)
(_YUKI,) = people(
    "JP", "ja", "JPY", "Yuki Tanaka | yuki.tanaka | +81300000141 | 0-8 Asagiridai | Yokohama | 231-0000 |"
)
(_AMELIE,) = people(
    *("FR", "fr", "EUR"), "Amélie Laurent | amelie.laurent | +33639980131 | 16 rue du Héron-Cendré | Nantes | 44000 |"
)
(_FATIMA,) = people(
    *("BH", "en", "BHD"), "Fatima al-Sayed | fatima.alsayed | +97300000197 | Road 0327, Building 12 | Manama | 0000 |"
)
(_LARS,) = people("SE", "sv", "SEK", "Lars Holm | lars.holm | +46701740690 | Blåklocksvägen 17 | Lund | 223 55 |")
(_MARIA,) = people(
    *("ES", "es", "EUR"), "María José Ruiz | mj.ruiz | +34000000188 | Calle de las Golondrinas 8 | Valencia | 46003 |"
)
(_JOHN,) = people(
    "GB", "en", "GBP", "John O’Neill | john.oneill | +447700900147 | 3 Copperbeech Close | York | YO1 0XX |"
)

# Who stands at the top of the list: when they ordered, what became of it, and what they ordered. Unit: minor units.
_FRONT_ROW: Final[tuple[tuple[Store, Person, timedelta, Callable[[Teller], None], Basket], ...]] = (
    (
        *(JAPAN, _YUKI, timedelta(minutes=22), new),
        Basket(goods=((LAMP, 1),), prices=(12800,), method="yamato-ta-q-bin", shipping_price=0),
    ),
    (
        *(EU, _AMELIE, timedelta(minutes=44), new),
        Basket(goods=((_THROW, 1), (_CUSHION, 2)), prices=(12900, 3990), method="dhl-paket", shipping_price=570),
    ),
    (
        *(US, _AMERICANS[0], timedelta(hours=1, minutes=11), _adeyemi),
        Basket(goods=((_STOOL, 2),), prices=(3900,), method="usps-priority", shipping_price=800),
    ),
    (
        *(US, _AMERICANS[1], timedelta(hours=2, minutes=40), _raman),
        Basket(goods=((SIDEBOARD, 1),), prices=(194000,), method="fedex-home", shipping_price=0),
    ),
    (
        *(US, _AMERICANS[2], timedelta(hours=4, minutes=2), _chen),
        Basket(goods=((_SHELF, 1),), prices=(6900,), method="usps-priority", shipping_price=625),
    ),
    (
        *(GULF, _FATIMA, timedelta(hours=4, minutes=47), new),
        Basket(goods=((_LANTERN, 1), (_PLATES, 4)), prices=(15000, 5000), method="courier-same-day", shipping_price=0),
    ),
    (
        *(EU, _LARS, timedelta(hours=27), _sent_whole),
        Basket(goods=((_BOARD, 2),), prices=(70000,), method="dhl-paket", shipping_price=9900),
    ),
    (
        *(EU, _MARIA, timedelta(hours=29), _ruiz),
        Basket(
            goods=((_THROW, 2), (_BOWL, 3), (SHADE, 1)),
            prices=(6450, 5990, 8950),
            method="dhl-paket",
            shipping_price=1390,
        ),
    ),
    (
        *(EU, _JOHN, timedelta(hours=30), _sent_whole),
        Basket(goods=((_BOARD, 1),), prices=(4900,), method="royal-mail-48", shipping_price=0),
    ),
)


def front_row(calendar: Calendar) -> list[DemoOrder]:
    """Tell of the orders that stand at the top of the list, with everything that a list can show."""
    told = []
    for store, person, age, story, basket in _FRONT_ROW:
        tell = teller(store, person, basket, calendar=calendar, placed_at=calendar.now - age)
        story(tell)
        told.append(tell.told())
    return told
