"""A customer is put in everywhere a customer can get, is erased, and is looked for everywhere (FP1, I17, I10)."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from django.db import connection

from orderwright.actions import erase_customer, export_audit, export_ledger, send_test_mail, settle_by_hand
from orderwright.actions.email_template_rules import place_of
from orderwright.core.actor import SYSTEM
from orderwright.journal.models import Entry
from orderwright.orders.models import Note, Order
from orderwright.outbox.models import Mail
from orderwright.payments.models import Drift, LedgerEntry, Operation, Payment, ProviderNotice
from orderwright.reads.audit import AuditQuery
from orderwright.reads.invariants import violations
from orderwright.reads.ledger_scope import LedgerQuery
from tests.api.program import program_with

pytestmark = pytest.mark.fault

# Every one stands in another place, so that whatever is found says where it came from.
MARK = "kanarienvogel"
EMAIL = f"{MARK}.mail@canary.example.com"
_WORDS = re.compile(MARK, re.IGNORECASE)


def canary(place):
    return f"{MARK.title()} {place}"


def customer():
    return {
        "reference": canary("reference"),
        "name": canary("name"),
        "email": EMAIL,
        "phone": f"+1613{MARK}",
        "language": "en",
    }


def address(place):
    parts = ("name", "company", "line1", "line2", "city", "region", "postcode", "phone")
    return {part: canary(f"{place} {part}") for part in parts} | {"country": "CA"}


def stored():
    """Return every value of every table as text, with where it stands."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            found += [
                (f"{table}.{column}", str(value))
                for row in cursor.fetchall()
                for column, value in zip(columns, row, strict=True)
                if value is not None
            ]
    return found


def in_files():
    """Return how often the customer stands in SQLite's file or in the log beside it; 0 where there is no such file."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite":
        return 0
    return sum(len(re.findall(MARK.encode(), file.read_bytes(), re.IGNORECASE)) for file in _files(name))


def _files(name):
    return [file for file in (Path(name), Path(f"{name}-wal")) if file.exists()]


@pytest.fixture
def everywhere(take_in, practice, clerk, now, document):
    """Have one person leave something of theirs in every place that takes any, on two orders that are done."""
    program = program_with("Storefront", role="administrator")
    item = {**document()["items"][0], "attributes": {"engraving": canary("engraving")}}
    order = take_in(
        customer=customer(),
        shipping_address=address("shipping"),
        billing_address=address("billing"),
        note=canary("first note"),
        tags=[canary("tag")],
        items=[item, *document()["items"][1:]],
    )
    # A second one, in another letter case, is the same person's.
    other = take_in(customer={**customer(), "email": EMAIL.upper()}, shipping_address=address("other"))
    clerk.add_note(order, canary("note"))
    clerk.edit_customer(order, name=canary("new name"), billing_address=address("new billing"))
    place = f"/orders/{order.number}"
    kept = program.post(f"{place}/notes", {"text": canary("note by key")}, idempotency_key="a-1")
    assert MARK in kept.content.decode().lower()
    _money(order, clerk, practice, now)
    clerk.cancel(clerk.sees(order), email=True, reason=canary("reason"))
    clerk.cancel(other, reason="customer asked")
    send_test_mail.run(
        place=place_of(kind="order_canceled", site=None, language="", actor=SYSTEM),
        subject="Test for {{ customer_name }}",
        text="Hello {{ customer_name }}",
        html="<p>Hello {{ customer_name }}</p>",
        number=order.number,
        actor=clerk.actor,
        now=now,
    )
    Mail.objects.filter(order_id=order.id).update(last_error=f"550 no such user {EMAIL}")
    return order, other, program


def _money(order, clerk, practice, now):
    """Have a capture refused in words that name the person, one settled by hand, a drift looked into, a notice."""
    practice.fault("decline", "capture")
    clerk.capture(order, 100)
    Operation.objects.filter(kind="capture").update(failure_message=canary("provider"))
    practice.fault("wrong_amount", "capture")
    clerk.capture(clerk.sees(order), 30900)
    lost = Operation.objects.get(state="manual")
    settle_by_hand.run(
        key=lost.key,
        happened=True,
        reason=canary("settled"),
        provider_ref=practice.movements(order.payments[0].reference)[-1]["id"],
        actor=clerk.actor,
        now=now,
    )
    payment = clerk.sees(order).payments[0]
    account = Payment.objects.get(pk=payment.id).account_id
    Drift.objects.create(
        payment_id=payment.id,
        kind="capture",
        provider_ref="cap_9",
        there_minor=5,
        currency="USD",
        state="accepted",
        note=canary("drift"),
        found_at=now,
    )
    ProviderNotice.objects.create(
        account_id=account,
        event_id="e",
        kind="k",
        reference=payment.reference,
        received_at=now,
        failure_message=canary("notice"),
    )
    clerk.refund(clerk.sees(order), other=100, reason=canary("refund"))


def test_an_erased_customer_is_nowhere_and_the_books_are_as_they_were(everywhere, clerk, now, figure):
    order, other, program = everywhere
    before = [(place, value) for place, value in stored() if _WORDS.search(value)]
    ledger = list(LedgerEntry.objects.order_by("pk").values_list("account", "amount_minor", "currency"))
    totals = list(Order.objects.order_by("pk").values_list("total_minor", "payment_standing"))
    entries = Entry.objects.count()
    places = {place for place, _value in before}
    assert in_files() > 0 or connection.vendor != "sqlite"

    erased = erase_customer.run(number=order.number, confirmation=order.number, actor=clerk.actor, now=now)

    assert erased.numbers == (order.number, other.number)
    left = [(place, value) for place, value in stored() if _WORDS.search(value)]
    told = [text for text in _told(program, order, clerk, now) if _WORDS.search(text)]
    figure("FP1", "an erased customer", places=len(places), found=len(left), told=len(told), in_files=in_files())
    assert (left, told, in_files()) == ([], [], 0)
    assert list(LedgerEntry.objects.order_by("pk").values_list("account", "amount_minor", "currency")) == ledger
    assert list(Order.objects.order_by("pk").values_list("total_minor", "payment_standing")) == totals
    assert Entry.objects.count() == entries + 3  # one on each order, and the export afterwards
    assert violations() == []


def test_the_canaries_had_been_in_every_place_that_takes_words_of_a_customer(everywhere):
    places = {place for place, value in stored() if _WORDS.search(value)}

    index = "reads_search_content.c0" if connection.vendor == "sqlite" else "reads_search.words"
    assert places >= {
        *("orders_order.customer_name", "orders_order.customer_email", "orders_order.customer_phone"),
        *("orders_order.customer_reference", "orders_order.shipping_address", "orders_order.billing_address"),
        *("orders_order.tags", "orders_line.attributes", "orders_note.text", index),
        *(
            "outbox_mail.recipient",
            "outbox_mail.subject",
            "outbox_mail.text",
            "outbox_mail.html",
            "outbox_mail.last_error",
        ),
        *("payments_cancellation.reason", "payments_refund.reason", "payments_operation.failure_message"),
        *("payments_drift.note", "payments_providernotice.failure_message", "api_idempotentrequest.body"),
    }
    assert not [place for place in places if place.startswith("journal_")]


def _told(program, order, clerk, now):
    """Return everything that the desk tells about the order afterwards."""
    place = f"/orders/{order.number}"
    paths = (place, f"{place}/timeline?limit=200", "/orders?view=all", f"/orders?view=all&q={MARK}", "/audit?limit=200")
    yield from (program.get(path).content.decode().replace(f"q={MARK}", "") for path in paths)
    yield program.post(f"{place}/customer/export").content.decode()
    repeated = program.post(f"{place}/notes", {"text": canary("note by key")}, idempotency_key="a-1")
    assert (repeated.status, repeated.code) == (409, "answer_erased")
    yield repeated.content.decode()
    file = io.BytesIO()
    export_audit.run(AuditQuery(), target=file, say=lambda row: json.dumps(row.after), actor=SYSTEM, now=now)
    export_ledger.run(
        LedgerQuery(first="2026-11-01", last="2026-11-30"),
        form="transactions",
        file_type="csv",
        target=file,
        actor=SYSTEM,
        now=now,
    )
    yield file.getvalue().decode()
    assert Note.objects.filter(order_id=order.id).count() > 0
    assert clerk.sees(order).customer_erased_at == now
