"""Who may not see customers' personal data (customers.view) is told no names, and finds no order by them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from orderwright.core.actor import SYSTEM
from orderwright.outbox.models import Mail
from orderwright.reads.order_detail import read_order, read_whole_order
from orderwright.reads.order_list import ListQuery, read_list
from orderwright.reads.search_index import words_of
from tests.accounts.conftest import Shop
from tests.api.program import program_with
from tests.support.drivers import hire
from tests.web.conftest import Browser

PERSONAL = (
    *("Hanna", "Hier", "hanna.hier", "mail.example.com", "6135550174", "613-555", "+1 613"),
    *("Amoebobacterieae", "Unit 806", "Ottawa", "K2P 0V6"),
)


@pytest.fixture
def masked_clerk(here: Shop, now: Any) -> Any:
    """Hire Kim Verdeckt, who does everything with orders and sees nobody's name."""
    return hire(
        name="Kim Verdeckt",
        email="kim@cozy-home.example.com",
        now=now,
        role="masked",
        permissions=("orders.view", "orders.edit", "orders.cancel", "shipments.update", "emails.view"),
    )


def numbers(actor: Any, now: Any, q: str) -> set[str]:
    return {row.number for row in read_list(ListQuery(view="all", q=q), now=now, actor=actor).items}


@pytest.mark.parametrize(
    "path", ["/orders/open", "/orders/{}", "/exceptions", "/expiring-holds", "/provider-drift", "/emails", "/overview"]
)
def test_no_page_tells_a_viewer_who_the_customer_is(here: Shop, viewer: Any, clerk: Any, path: str) -> None:
    address = path.format(here.order.number)
    page = Browser(viewer.user).open(address).content.decode()

    assert not [word for word in PERSONAL if word in page]
    assert ("Hanna Hier" in Browser(clerk.user).open(address).content.decode()) is (
        path not in ("/emails", "/overview")
    )


def test_the_order_page_says_that_something_is_hidden_and_why(here: Shop, viewer: Any, words: Any) -> None:
    page = words(Browser(viewer.user).open(f"/orders/{here.order.number}"))

    assert "Your role does not show who the customer is. •••" in page
    assert "Ships to ••• Canada" in page


def test_a_mail_is_listed_without_its_words_and_recipient(here: Shop, viewer: Any, words: Any) -> None:
    browser = Browser(viewer.user)

    listed, whole = words(browser.open("/emails")), words(browser.open(f"/emails/{here.mail_id}"))

    assert f"••• ••• #{here.order.number} Waiting" in listed
    assert not [word for word in PERSONAL if word in listed + whole]


def test_a_provider_s_words_which_may_name_the_cardholder_are_told_to_who_may_see_the_customer_alone(
    here: Shop, viewer: Any, clerk: Any, practice: Any
) -> None:
    practice.fault("decline", "capture")
    clerk.capture(here.order, 100)
    said = clerk.result.failure_message
    program = program_with("Stock", "orders.view")

    def told(path: str) -> list[bool]:
        return [said in Browser(one.user).open(path).content.decode() for one in (clerk, viewer)]

    assert said
    assert told(f"/orders/{here.order.number}?payments=history") == [True, False]
    assert told("/exceptions") == [True, False]
    (listed,) = [each for each in program.get("/exceptions").json["items"] if each["key"] == clerk.result.key]
    payments = program.get(f"/orders/{here.order.number}").json["payments"]
    operations = {each["id"]: each for payment in payments for each in payment["operations"]}
    assert (listed["failure_code"], listed["failure_message"]) == (clerk.result.failure_code, "•••")
    assert operations[clerk.result.operation_id]["failure_message"] == "•••"


def test_our_own_words_about_a_call_are_told_to_everybody(
    here: Shop, viewer: Any, clerk: Any, practice: Any, words: Any
) -> None:
    practice.fault("drop_before", "capture")
    clerk.capture(here.order, 100)

    page = words(Browser(viewer.user).open("/exceptions"))

    assert clerk.result.failure_message
    assert clerk.result.failure_message in page


def test_a_viewer_finds_orders_by_things_and_not_by_people(here: Shop, viewer: Any, clerk: Any, now: Any) -> None:
    mine = {here.order.number}
    for piece in ("hanna", "hier@mail", "6135550174", "+1613"):
        assert (numbers(viewer.actor, now, piece), numbers(clerk.actor, now, piece)) == (set(), mine), piece
    for piece in ("lmp-lin", here.order.external_id, "C-882", f"#{here.order.number}", here.order.number[:2]):
        assert numbers(viewer.actor, now, piece) == mine, piece


def test_whoever_knows_the_people_of_one_shop_finds_them_there_alone(here: Shop, elsewhere: Shop, now: Any) -> None:
    person = hire(name="Ulla", email="ulla@cozy-home.example.com", now=now, role="viewer")
    clerk = hire(name="X", email="x@cozy-home.example.com", now=now, role="order-clerk", sites=[here.site])
    clerk.user.grants.update(user=person.user)
    actor = type(person.user).objects.get(pk=person.user.pk).actor()

    assert numbers(actor, now, "mail.example.com") == {here.order.number}
    assert numbers(actor, now, "lmp-lin") == {here.order.number, elsewhere.order.number}
    names = {row.customer_name for row in read_list(ListQuery(view="all"), now=now, actor=actor).items}
    assert names == {"Hanna Hier", "•••"}


def test_no_answer_tells_a_key_without_the_permission_who_the_customer_is(here: Shop) -> None:
    program = program_with("Stock", "orders.view", "emails.view")
    number = here.order.number

    whole = program.get(f"/orders/{number}").json
    texts = [
        program.get(path).content.decode() for path in (f"/orders/{number}", "/orders", f"/orders/{number}/timeline")
    ]

    assert not [word for word in PERSONAL if any(word in text for text in texts)]
    customer, address = whole["customer"], whole["shipping_address"]
    assert (customer["masked"], customer["name"], customer["email"], customer["phone"]) == (True, "•••", "•••", "•••")
    assert (address["line1"], address["city"], address["country"]) == ("•••", None, "CA")
    assert program.get("/orders?q=hanna").json["items"] == []


def test_what_is_written_down_for_somebody_who_sees_no_names_is_whole(here: Shop, masked_clerk: Any, now: Any) -> None:
    masked_clerk.save_invoice(here.order, "2026-0900")
    order = masked_clerk.update_shipment(here.order, items=["LMP-LIN-SND"], method="fedex-home")
    masked_clerk.set_tracking(order, 1, "794699999999")

    for piece in ("hanna", "2026-0900", "79469"):
        assert numbers(SYSTEM, now, piece) == {here.order.number}, piece


def test_a_cancellation_by_somebody_who_sees_no_names_is_mailed_to_the_customer(
    take_in: Any, masked_clerk: Any, words: Any
) -> None:
    order = take_in()
    question = words(Browser(masked_clerk.user).open(f"/orders/{order.number}/cancel"))

    masked_clerk.cancel(order, email=True)

    assert "bob.norman" not in question
    mail = Mail.objects.latest("id")
    assert (mail.recipient, "Bob Norman" in mail.text) == ("bob.norman@mail.example.com", True)


def test_what_is_hidden_cannot_be_stored_by_mistake(here: Shop, viewer: Any) -> None:
    order = read_order(number=here.order.number, actor=viewer.actor)

    with pytest.raises(RuntimeError, match="read_whole_order"):
        words_of(order)
    assert "hanna.hier@mail.example.com" in words_of(read_whole_order(number=order.number, actor=viewer.actor)).people


def test_the_search_index_of_an_older_release_is_split() -> None:
    """The migration's words: an order's own, line by line, less the customer's."""
    without = import_module("orderwright.reads.migrations.0005_search_without_people")._without
    words = "#1001\nhanna hier\nhanna.hier@mail.example.com\n+1 613 555\n1613555\nlmp-lin"

    assert without(words, "Hanna Hier", "Hanna.Hier@mail.example.com", "+1 613 555") == "#1001\nlmp-lin"
