"""Two shops, with an order each to which everything has happened that a page could show; people, and who is invited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from orderwright.actions import invite_person
from orderwright.actions.invite_person import WantedRole
from orderwright.core.db import in_write_transaction
from orderwright.journal.models import Entry
from orderwright.orders.models import Site
from orderwright.outbox.models import Mail
from orderwright.outbox.writes import enqueue_mail
from orderwright.payments.models import Drift
from tests.factories.orders import payment
from tests.support.drivers import hire
from tests.web.conftest import words

__all__ = ["words"]

PASSWORD = "a long walk by the sea"
VIEWER = (WantedRole(role="viewer"),)


def kinds(stream: str) -> list[str]:
    """Return what the journal tells of this stream, oldest first."""
    return list(Entry.objects.filter(stream=stream).order_by("sequence").values_list("kind", flat=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One site with an order, and what stands on the lists because of it."""

    site: Site
    order: Any
    exception_key: str
    drift_id: int
    mail_id: int

    @property
    def marks(self) -> tuple[str, ...]:
        """Words that stand on a page only where this shop is shown."""
        return (self.order.number, self.order.customer_name, self.order.external_id, self.exception_key, self.site.name)


@pytest.fixture
def open_shop(take_in: Callable[..., Any], clerk: Any, practice: Any, document: Any) -> Callable[..., Shop]:
    """Open a site and take in an order with a hold that ends, a call that went wrong, a difference and a mail."""

    def make(site: Site, *, customer: str, email: str) -> Shop:
        made = document()
        shipping = {**made["shipping_address"], "name": customer}
        held = practice.authorise(59894, at=clerk.now, expires_in=timedelta(hours=20))
        strange = practice.authorise(500, at=clerk.now)
        buyer = {**made["customer"], "name": customer, "email": email}
        order = take_in(
            site=site.slug,
            customer=buyer,
            shipping_address=shipping,
            payments=[
                payment(held, 59494, at=clerk.now, expires_in=timedelta(hours=20)),
                payment(strange, 400, at=clerk.now),
            ],
        )
        clerk.sync_payments(order)
        practice.fault("wrong_amount", "capture")
        clerk.capture(order, 30900)
        key = clerk.result.key
        mail = in_write_transaction(lambda: _mail(order, email, clerk.now))
        drift = Drift.objects.filter(payment__order_id=order.id).latest("id")
        return Shop(site=site, order=clerk.sees(order), exception_key=key, drift_id=drift.pk, mail_id=mail.pk)

    return make


def _mail(order: Any, email: str, now: Any) -> Mail:
    return enqueue_mail(
        order_id=order.id,
        kind="order_canceled",
        sender="Shop <orders@cozy-home.example.com>",
        recipient=email,
        subject=f"Order {order.number} is canceled",
        text=f"Hello {order.customer_name},",
        html=f"<p>Hello {order.customer_name},</p>",
        now=now,
    )


@pytest.fixture
def eu_site(db: None) -> Site:
    """Open the second site, with numbers from EU-2001."""
    return Site.objects.create(
        slug="cozy-home-eu",
        name="Kaminzimmer Europa",
        time_zone="Europe/Berlin",
        currency="EUR",
        locale="en-IE",
        number_prefix="EU-",
        next_number=2001,
        sender="orders@eu.cozy-home.example.com",
    )


@pytest.fixture
def here(site: Site, open_shop: Callable[..., Shop]) -> Shop:
    """Have the shop whose people the tests are about."""
    return open_shop(site, customer="Hanna Hier", email="hanna.hier@mail.example.com")


@pytest.fixture
def elsewhere(eu_site: Site, open_shop: Callable[..., Shop]) -> Shop:
    """Have the other shop, of which those people are not to learn anything."""
    return open_shop(eu_site, customer="Anton Anderswo", email="anton.anderswo@mail.example.com")


@pytest.fixture
def local(here: Shop, now: Any) -> Any:
    """Hire Lena Lokal, who is an order manager in the one shop and nobody in the other."""
    return hire(name="Lena Lokal", email="lena@cozy-home.example.com", now=now, role="order-manager", sites=[here.site])


@pytest.fixture
def invite(site: Any, clerk: Any) -> Callable[..., int]:
    """Invite Nora Neu as a viewer, unless told otherwise."""

    def run(**changes: Any) -> int:
        facts = {"name": "Nora Neu", "email": "Nora@shop.example.com", "roles": VIEWER, "now": clerk.now, **changes}
        return invite_person.run(actor=clerk.actor, link="https://desk.example.com/invitation/{}".format, **facts)

    return run
