"""What a desk that is brought up to this release makes of shipments that are partly sent, and of its carriers."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import connection

from orderwright.orders.models import Order
from orderwright.shipping.models import Carrier


class Editor:
    """Runs a migration's statement, as Django's schema editor does."""

    def execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def test_shipments_of_which_some_pieces_have_left_are_counted(clerk: Any, take_in: Any) -> None:
    partly, whole, _waiting = take_in(), take_in(), take_in()
    clerk.set_delivery_state(partly, "RUG-WOL-160", "shipped")
    for sku in ("TBL-OAK-45", "LMP-LIN-SND", "RUG-WOL-160"):
        clerk.set_delivery_state(clerk.sees(whole), sku, "delivered")
    Order.objects.update(shipments_partly=0)

    import_module("orderwright.reads.migrations.0003_partly_sent").count(None, Editor())

    assert dict(Order.objects.values_list("number", "shipments_partly")) == {"1001": 1, "1002": 0, "1003": 0}


def test_the_carriers_that_everybody_began_with_are_recognised_and_what_was_set_stays(db: None) -> None:
    Carrier.objects.update(recognised_as="")
    Carrier.objects.filter(slug="yamato").update(tracking_url_template="")
    Carrier.objects.filter(slug="usps").update(recognised_as="ups")

    import_module("orderwright.shipping.migrations.0004_recognised_carriers").recognise(apps, None)

    assert dict(Carrier.objects.exclude(recognised_as="").values_list("slug", "recognised_as")) == {
        **{slug: slug for slug in ("ups", "fedex", "dhl", "royal-mail")},
        "usps": "ups",
    }
    assert Carrier.objects.get(slug="yamato").tracking_url_template.endswith("?id={number}")
