"""A parcel's page at the carrier is the same wherever it is shown: in the portal, in the API, in a mail (W9)."""

from __future__ import annotations

from typing import Any

from orderwright.actions.shipped_mail import shipped_occasion
from orderwright.shipping.models import Carrier
from tests.api.program import program_with
from tests.web.conftest import Browser

TEMPLATE = "https://ups.example/{country}/{language}/{postcode}?n={number}"
LINK = "https://ups.example/ca/en/K2P0V6?n=1Z9%2F84"


def test_portal_api_and_mail_lead_to_the_same_page(clerk: Any, order: Any) -> None:
    Carrier.objects.filter(slug="ups").update(tracking_url_template=TEMPLATE)
    order = clerk.set_tracking(order, 1, "1Z 9/84")

    page = Browser(clerk.user).open(f"/orders/{order.number}").content.decode()
    answer = program_with("Warehouse", role="administrator").get(f"/orders/{order.number}").json
    mail = shipped_occasion(order, order.shipments[0])

    assert f'href="{LINK}"' in page
    assert answer["shipments"][0]["parcels"][0]["tracking_url"] == LINK
    assert [parcel.link for parcel in mail.parcels] == [LINK]
