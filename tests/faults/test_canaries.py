"""Card numbers and secrets put in everywhere, and looked for everywhere afterwards (FH7, W14, I14)."""

from __future__ import annotations

import json
import logging

import pytest
from django.db import connection

from orderwright.payments.models import ProviderAccount
from orderwright.payments.sealed import seal
from tests.api.program import Program, program_with
from tests.unit.test_cards import TEST_NUMBERS

pytestmark = pytest.mark.fault

CANARY = "canary-7f3a-do-not-keep"


@pytest.fixture
def program(db):
    return program_with("Storefront", role="administrator")


def everything_stored():
    """Return every value of every table as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [f"{table}: {value}" for row in cursor.fetchall() for value in row if value is not None]
    return found


def free_text_of(order, number):
    """Return each request that carries free text, with the number in it, and where the refusal points."""
    path = f"/orders/{order.number}"
    said = f"card {number} exp 12/27"
    return [
        ("POST", f"{path}/notes", {"text": said}, "/text"),
        ("PUT", f"{path}/invoice-number", {"invoice_number": number}, "/invoice_number"),
        ("POST", f"{path}/cancellation", {"email_customer": False, "reason": said}, "/reason"),
        ("POST", f"{path}/refunds", {"other": 100, "reason": said}, "/reason"),
        ("POST", "/order-states", {"name": number, "color": "teal", "system_state": "processing"}, "/name"),
        (
            "POST",
            "/order-states",
            {"name": "Odd", "color": "teal", "system_state": "processing", "description": said},
            "/description",
        ),
    ]


def documents(make, number):
    """Return order documents with the number in one free text each, and where the refusal points."""
    customer = {"reference": "C-1", "name": "Bob Norman", "email": "bob@mail.example.com", "language": "en"}
    address = make()["shipping_address"]
    item = make()["items"][0]
    return [
        (make(note=f"pay with {number}"), "/note"),
        (make(invoice_number=number), "/invoice_number"),
        (make(tags=["gift", number]), "/tags/1"),
        (make(customer={**customer, "name": number}), "/customer/name"),
        (make(customer={**customer, "phone": number}), "/customer/phone"),
        (make(shipping_address={**address, "line2": number}), "/shipping_address/line2"),
        (make(items=[{**item, "name": number}]), "/items/0/name"),
        (make(items=[{**item, "attributes": {"engraving": number}}]), "/items/0/attributes/engraving"),
        (make(items=[{**item, "attributes": {number: "gold"}}]), f"/items/0/attributes/{number}"),
    ]


def test_a_card_number_is_refused_in_every_free_text_and_is_nowhere_afterwards(
    program, order, document, figure, caplog
):
    caplog.set_level(logging.DEBUG)
    places, answers = 0, []
    for number in TEST_NUMBERS:
        grouped = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
        for method, path, body, pointer in free_text_of(order, grouped):
            answer = program.send(method, path, body)
            places += 1
            answers.append(answer.content.decode())
            assert (answer.status, answer.faults) == (422, [(pointer, "card_number_refused")]), (path, answer)
        for made, pointer in documents(document, number):
            answer = program.post("/orders", made)
            places += 1
            # The name of an attribute that holds the number is not repeated with its pointer.
            answers.append("" if number in pointer else answer.content.decode())
            assert answer.status == 422, (pointer, answer)
            assert "card_number_refused" in {code for _where, code in answer.faults} or number in pointer

    digits = [number for number in TEST_NUMBERS if len(number) > 13]
    kept = [one for one in everything_stored() if any(number in one.replace(" ", "") for number in digits)]
    told = [one for one in answers if any(number in one.replace(" ", "") for number in digits)]
    logged = [one for one in caplog.messages if any(number in one.replace(" ", "") for number in digits)]
    figure("FH7", "test card numbers in every free text", places=places, kept=len(kept), told=len(told))
    figure("FH7", "test card numbers in every free text", logged=len(logged))
    assert (kept, told, logged) == ([], [], [])


def test_a_number_that_names_something_elsewhere_may_be_any(program, order, document):
    number = "4242424242424242"
    item = {**document()["items"][0], "sku": number}

    tracking = program.put(f"/orders/{order.number}/shipments/1/tracking-number", {"tracking_number": number})
    taken_in = program.post("/orders", document(external_id=number, items=[item]))

    assert (tracking.status, taken_in.status) == (200, 201)
    assert program.get(f"/orders?q={number}").status == 200


def test_secrets_are_in_no_table_answer_or_log_in_the_clear(program, order, practice, clerk, figure, caplog):
    caplog.set_level(logging.DEBUG)
    ProviderAccount.objects.filter(gateway="practice").update(sealed_credentials=seal({"api_key": CANARY}))
    practice.fault("server_error", "capture")
    clerk.capture(order, 20000)
    stranger = Program(f"{CANARY}-key")

    answers = [
        program.get(path).content.decode()
        for path in (f"/orders/{order.number}", f"/orders/{order.number}/timeline", "/orders", "/exceptions")
    ]
    answers.append(stranger.get("/orders").content.decode())

    secrets = [CANARY, str(program.key)]
    kept = [one for one in everything_stored() if any(secret in one for secret in secrets)]
    told = [one for one in answers if any(secret in one for secret in secrets)]
    logged = [one for one in caplog.messages if any(secret in one for secret in secrets)]
    assert json.loads(answers[0])["number"] == order.number
    figure("FH7", "secrets of a provider and of a program", secrets=2, kept=len(kept), told=len(told))
    assert (kept, told, logged) == ([], [], [])
