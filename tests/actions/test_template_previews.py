"""Seeing what a template makes of an order: previews keep nothing, tests go to whoever asks and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from orderwright.accounts.models import User
from orderwright.actions import send_test_mail
from orderwright.core.actor import SYSTEM, Actor
from orderwright.core.errors import Refused
from orderwright.orders.models import Order, Site
from orderwright.outbox.errors import TemplateBroken
from orderwright.outbox.models import Mail
from tests.support.email_words import words


def test_a_preview_shows_a_real_order_and_keeps_nothing(clerk, order):
    mail = send_test_mail.preview(**words(number="1001", text="{{ reversed }} of {{ total }}"), actor=clerk.actor)

    assert (mail.subject, mail.text) == ("#1001 is off", "$598.94 of $598.94\n")
    assert not Mail.objects.exists()
    assert Order.objects.get().version == order.version


@pytest.mark.parametrize(
    "kind",
    [
        "order_received",
        "order_shipped",
        "order_canceled",
        "order_refunded",
        "order_delayed",
        "order_state",
        "cancellation_declined",
    ],
)
def test_every_kind_can_be_previewed_on_an_order_to_which_it_has_not_happened(clerk, order, kind):
    mail = send_test_mail.preview(**words(number="1001", kind=kind), actor=clerk.actor)

    assert mail.subject == "#1001 is off"


@pytest.fixture
def previewed(clerk: Any) -> Any:
    """Return the text that such a mail about such an order would have."""

    def preview(order: Any, kind: str, text: str) -> str:
        asked = words(number=order.number, kind=kind, text=text, html="")
        return send_test_mail.preview(**asked, actor=clerk.actor).text.strip()

    return preview


def test_a_preview_of_a_cancellation_tells_what_the_order_s_own_moved(previewed, order, clerk):
    canceled = clerk.cancel(clerk.capture(order, 30900))

    assert previewed(canceled, "order_canceled", "{{ refunded }}, {{ reversed }}") == "$309.00, $289.94"


def test_a_preview_of_a_refund_tells_of_the_order_s_last_one(previewed, order, clerk):
    seen = clerk.refund(clerk.capture(order), other=100)
    seen = clerk.refund(clerk.sees(seen), items={"LMP-LIN-SND": 1})

    each = "{% for item in refunded_items %}{{ item.quantity }} {{ item.name }}{% endfor %}"

    assert previewed(seen, "order_refunded", each) == "1 Linen lamp shade, sand"


def test_a_preview_of_a_shipment_of_an_order_that_has_none_names_what_was_ordered(previewed, take_in):
    item = {"sku": "GIFT", "name": "Gift card", "quantity": 1, "unit_price": 5000, "requires_shipping": False}
    order = take_in(items=[item], shipping=None, shipping_address=None)

    told = previewed(order, "order_shipped", "{% for item in shipped_items %}{{ item.name }}{% endfor %}")

    assert (order.shipments, told) == ([], "Gift card")


def test_a_test_goes_to_whoever_asks_and_to_nobody_else(clerk, order):
    mail = send_test_mail.run(**words(number="1001"), actor=clerk.actor, now=clerk.now)

    assert (mail.recipient, mail.subject) == ("Mia.Chen@cozy-home.example.com", "[Test] #1001 is off")
    assert (mail.order, mail.kind) == (None, "test")
    assert Mail.objects.count() == 1


def test_whoever_has_no_address_that_mail_reaches_is_sent_no_test(clerk, order):
    program = Actor(kind="api_key", ref="1", name="Storefront", grants=clerk.actor.grants)
    User.objects.update(email="mia@localhost")

    for actor in (program, clerk.actor):
        with pytest.raises(send_test_mail.NobodyToSendTo):
            send_test_mail.run(**words(number="1001"), actor=actor, now=clerk.now)

    assert not Mail.objects.exists()


def test_a_broken_template_is_not_sent_as_a_test(clerk, order):
    with pytest.raises(TemplateBroken):
        send_test_mail.run(**words(number="1001", text="{{ x }}"), actor=clerk.actor, now=clerk.now)

    assert not Mail.objects.exists()


def test_where_a_site_has_no_sender_a_mail_can_be_read_and_not_sent(clerk, order):
    Site.objects.update(sender="")

    mail = send_test_mail.preview(**words(number="1001"), actor=clerk.actor)
    with pytest.raises(send_test_mail.NobodyToSendTo) as refused:
        send_test_mail.run(**words(number="1001"), actor=clerk.actor, now=clerk.now)

    assert (mail.sender, mail.subject) == ("", "#1001 is off")
    assert refused.value.message == "This order’s site has no sender, so no mail goes out from it. Give it one first."
    assert not Mail.objects.exists()


def test_who_has_no_address_is_sent_no_test(clerk, order):
    with pytest.raises(send_test_mail.NobodyToSendTo):
        send_test_mail.run(**words(number="1001"), actor=SYSTEM, now=clerk.now)

    assert not Mail.objects.exists()


def test_whoever_may_not_edit_templates_sends_no_test(viewer, order):
    with pytest.raises(Refused):
        send_test_mail.run(**words(number="1001"), actor=viewer.actor, now=viewer.now)

    assert not Mail.objects.exists()
