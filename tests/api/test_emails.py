"""Emails through the API: what customers were told, again, and telling of a shipment or a delay."""

from __future__ import annotations

from orderwright.outbox.models import Mail


def ship(clerk, order):
    for line in order.lines:
        order = clerk.set_delivery_state(order, line.sku, "shipped")
    return order


def test_emails_are_listed_and_looked_at(program, clerk, order):
    clerk.cancel(order, email=True)

    listed = program.get(f"/emails?order={order.number}").json["items"]
    email = program.get(f"/emails/{listed[0]['id']}").json

    assert [(each["kind"], each["state"], each["order"]) for each in listed] == [
        ("order_canceled", "due", order.number)
    ]
    assert "is canceled" in email["text"]
    assert program.get("/emails?state=undelivered").json["items"] == []
    assert program.get("/emails?order=none").json["items"] == []


def test_a_shipment_is_told_of_once(program, clerk, order):
    early = program.post(f"/orders/{order.number}/shipments/1/email")
    ship(clerk, order)

    told = program.post(f"/orders/{order.number}/shipments/1/email")
    again = program.post(f"/orders/{order.number}/shipments/1/email")

    assert (early.status, early.code) == (409, "not_sent_yet")
    assert (told.status, told.json["kind"]) == (201, "order_shipped")
    assert (again.status, again.code, again.json["email"]) == (409, "told_already", told.json["id"])
    shipment = program.get(f"/orders/{order.number}").json["shipments"][0]
    assert (shipment["email"]["id"], shipment["email"]["state"]) == (told.json["id"], "due")


def test_one_chooses_whether_a_shipment_is_told_of_by_itself(program, clerk, order):
    answer = program.put(f"/orders/{order.number}/shipments/1/emails-customer", {"emails_customer": True})
    clerk.set_tracking(ship(clerk, clerk.sees(order)), 1, "1Z999AA10123456784")

    assert answer.json["shipments"][0]["emails_customer"] is True
    assert Mail.objects.get().kind == "order_shipped"


def test_a_delay_is_told_once_per_key(program, order):
    body = {"message": "The oak is late.", "expected_on": "2026-12-04"}

    told = program.post(f"/orders/{order.number}/delay", body, idempotency_key="a")
    again = program.post(f"/orders/{order.number}/delay", body, idempotency_key="a")

    assert (told.status, again.status, again.json) == (201, 201, told.json)
    assert Mail.objects.count() == 1


def test_a_day_that_is_none_is_refused(program, order):
    answer = program.post(f"/orders/{order.number}/delay", {"message": "x", "expected_on": "2026-13-45"})

    assert (answer.status, answer.faults) == (422, [("/expected_on", "day_unreadable")])
    assert not Mail.objects.exists()


def test_an_email_is_sent_again_to_a_corrected_address(program, clerk, order):
    clerk.cancel(order, email=True)
    Mail.objects.update(state="bounced")
    first = Mail.objects.get()

    same = program.post(f"/emails/{first.pk}/resends", {})
    other = program.post(f"/emails/{first.pk}/resends", {"recipient": "bob@mail.example.net"})
    wrong = program.post(f"/emails/{first.pk}/resends", {"recipient": "bob"})

    assert (same.status, same.json["recipient"], same.json["resend_of"]) == (201, first.recipient, first.pk)
    assert (other.status, other.json["recipient"]) == (201, "bob@mail.example.net")
    assert (wrong.status, wrong.faults) == (422, [("/recipient", "not_an_address")])
    assert Mail.objects.count() == 3


def test_a_refund_tells_the_customer_if_so_wished(program, clerk, order):
    clerk.capture(order)

    program.post(f"/orders/{order.number}/refunds", {"other": 100, "email_customer": True})

    assert Mail.objects.get().kind == "order_refunded"


def test_a_reader_sends_nothing_again(reader, clerk, order):
    clerk.cancel(order, email=True)
    Mail.objects.update(state="sent")

    answer = reader.post(f"/emails/{Mail.objects.get().pk}/resends", {})

    assert (answer.status, answer.code) == (403, "not_permitted")
    assert Mail.objects.count() == 1
