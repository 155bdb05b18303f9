"""What Stripe alone says: refunds that wait or come to nothing, inquiries, answers that are of something else."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import stripe as sdk

from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways import stripe
from orderwright.payments.gateways.port import HOLD_EXPIRED, Account, Call, Failed, NeedsPerson, Unknown
from orderwright.payments.gateways.reading import stripe_documents as read
from tests.gateways.calls import capture

INTENT = {
    "id": "pi_1",
    "object": "payment_intent",
    "currency": "usd",
    "amount": 10000,
    "amount_received": 0,
    "amount_capturable": 10000,
    "status": "requires_capture",
    "metadata": {},
    "latest_charge": {"id": "ch_1"},
}


def refund(status: str, **changed: Any) -> dict[str, Any]:
    return {
        "id": "re_1",
        "status": status,
        "amount": 4000,
        "currency": "usd",
        "created": 1795251600,
        "metadata": {"key": "op_1", "capture": "ch_1"},
        **changed,
    }


def dispute(status: str) -> dict[str, Any]:
    return {"id": "dp_1", "status": status, "amount": 4000, "currency": "usd", "created": 1795251600}


# Documents ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "outcome"),
    [
        (
            refund("failed", failure_reason="expired_or_canceled_card"),
            Failed(code="expired_or_canceled_card", message="The refund failed at Stripe."),
        ),
        (refund("canceled"), Failed(code="canceled", message="The refund was canceled at Stripe.")),
        (
            refund("requires_action"),
            NeedsPerson(why="Stripe waits for the customer to say where the money shall go."),
        ),
    ],
    ids=["failed", "canceled", "requires_action"],
)
def test_a_refund_that_did_not_go_through_says_why(document, outcome):
    assert read.outcome_of_refund(document) == outcome


def test_a_refund_that_was_canceled_is_refused_and_moved_nothing():
    observed = read.observed(INTENT, [refund("canceled")], [])

    assert observed.movements == ()
    assert observed.refused == {"op_1": Failed(code="canceled", message="The refund was canceled at Stripe.")}


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        ("warning_needs_response", []),
        ("needs_response", ["dispute"]),
        ("lost", ["dispute"]),
        ("won", ["dispute", "dispute_won"]),
    ],
)
def test_a_dispute_moves_money_and_an_inquiry_does_not(status, kinds):
    observed = read.observed(INTENT, [], [dispute(status)])

    assert [movement.kind for movement in observed.movements] == kinds


def test_an_answer_to_a_capture_that_does_not_name_it_cannot_be_read():
    with pytest.raises(read.Unreadable, match="does not name the capture"):
        read.captured(capture("pi_1", 4000, key="op_1"), INTENT, elsewhere=0)


@pytest.mark.parametrize("changed", [{"id": None}, {"id": 7}, {"currency": 840}])
def test_an_answer_without_what_every_one_has_cannot_be_read(changed):
    with pytest.raises(read.Unreadable):
        read.plain(Answer(INTENT | changed))


def transaction(source: dict[str, Any] | None, **changed: Any) -> dict[str, Any]:
    """Return a transaction of a balance that is kept in dollars, about something of 40 euros."""
    usual = {"id": "txn_1", "type": "charge", "amount": 4400, "currency": "usd", "created": 1795251600}
    return {**usual, "source": source, **changed}


CHARGE = {"id": "ch_1", "object": "charge", "payment_intent": "pi_1", "currency": "eur", "amount_captured": 4000}
SEVERAL = {"payment_method_details": {"card": {"multicapture": {"status": "available"}}}}


@pytest.mark.parametrize(
    ("document", "amount", "currency"),
    [
        (transaction(CHARGE), 4000, "EUR"),
        (transaction(CHARGE | SEVERAL), 0, "EUR"),
        (transaction(CHARGE | SEVERAL | {"currency": "usd"}), 4400, "USD"),
        (transaction(refund("succeeded", currency="eur"), type="refund", amount=-4400), 4000, "EUR"),
    ],
    ids=["the only capture", "one of several captures", "one of several in the balance's currency", "a refund"],
)
def test_a_listed_movement_has_the_amount_that_the_customer_paid_where_that_is_known(document, amount, currency):
    found = read.listed(document)

    assert (found.movement.amount_minor, found.movement.currency) == (amount, currency)


@pytest.mark.parametrize(
    "document", [transaction(None, type="payout"), transaction(CHARGE, type="stripe_fee"), transaction(None)]
)
def test_what_is_listed_and_moved_nothing_on_a_payment_is_left_out(document):
    assert read.listed(document) is None


# The gateway ----------------------------------------------------------------------------------------------------------


class Answer:
    """An object of the SDK, which has its fields as a dictionary."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    def to_dict(self) -> dict[str, Any]:
        return self._document


@pytest.fixture
def misled(monkeypatch):
    """Give a gateway whose provider answers about another payment than it was asked about, and lists what has no id."""

    class PaymentIntents:
        def retrieve(self, *_asked: Any) -> Answer:
            return Answer(INTENT | {"id": "pi_2"})

    class Listed:
        def auto_paging_iter(self) -> list[Answer]:
            return [Answer(transaction(None, id="txn_1", type="payout")), Answer(transaction(CHARGE, id=None))]

    class BalanceTransactions:
        def list(self, _asked: Any) -> Listed:
            return Listed()

    class Client:
        payment_intents = PaymentIntents()
        balance_transactions = BalanceTransactions()

        @property
        def v1(self) -> Client:
            return self

    monkeypatch.setattr(stripe, "_client", lambda *_account: Client())
    return stripe.StripeGateway(Account(credentials={"secret_key": "sk_test_1"}))


def test_an_answer_about_another_payment_leaves_the_outcome_open(misled):
    assert misled.send(capture("pi_1", 4000)) == Unknown(why="Stripe answered about another payment.")


def test_an_answer_about_another_payment_tells_nothing_of_this_one(misled):
    with pytest.raises(ProviderUnreachable, match="Stripe answered about another payment"):
        misled.look_up("pi_1")


def test_a_list_that_cannot_be_read_is_none(misled):
    with pytest.raises(ProviderUnreachable, match="could not be read"):
        list(misled.movements_between(datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC)))


def without(name: str, *, of: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in of.items() if field != name}


@pytest.fixture
def answered(monkeypatch):
    """Give a gateway whose provider answers everything with one PaymentIntent, and refunds with one Refund."""

    def make(intent: dict[str, Any], made: dict[str, Any] | None = None) -> stripe.StripeGateway:
        nothing = SimpleNamespace(auto_paging_iter=list)
        intents = SimpleNamespace(**dict.fromkeys(("retrieve", "capture", "cancel"), lambda *_asked: Answer(intent)))
        refunds = SimpleNamespace(create=lambda *_asked: Answer(made or {}), list=lambda *_asked: nothing)
        client = SimpleNamespace(v1=SimpleNamespace(payment_intents=intents, refunds=refunds))
        monkeypatch.setattr(stripe, "_client", lambda *_account: client)
        return stripe.StripeGateway(Account(credentials={"secret_key": "sk_test_1"}))

    return make


WRONG_INTENTS = {
    "no metadata": without("metadata", of=INTENT),
    "metadata null": INTENT | {"metadata": None},
    "no status": without("status", of=INTENT),
    "no currency": without("currency", of=INTENT),
    "a currency that there is not": INTENT | {"currency": "zzz"},
}


@pytest.mark.parametrize("intent", WRONG_INTENTS.values(), ids=WRONG_INTENTS)
def test_an_answer_of_another_shape_leaves_the_outcome_open(answered, intent):  # FG4
    assert isinstance(answered(intent).send(capture("pi_1", 4000)), Unknown)


WRONG_REFUNDS = {
    "a currency that there is not": refund("succeeded", currency="zzz"),
    "amount null": refund("succeeded", amount=None),
    "no amount": without("amount", of=refund("succeeded")),
    "no currency": without("currency", of=refund("succeeded")),
}


@pytest.mark.parametrize("made", WRONG_REFUNDS.values(), ids=WRONG_REFUNDS)
def test_a_refund_of_another_shape_leaves_the_outcome_open(answered, made):  # FG4
    call = Call(kind="refund", reference="pi_1", amount_minor=4000, currency="USD", capture_ref="ch_1", key="op_1")

    assert isinstance(answered(INTENT, made).send(call), Unknown)


@pytest.mark.parametrize(
    "intent",
    [INTENT | {"currency": "zzz"}, without("amount", of=INTENT), without("status", of=INTENT)],
    ids=["a currency that there is not", "no amount", "no status"],
)
def test_a_payment_of_another_shape_tells_nothing(answered, intent):  # FG4
    with pytest.raises(ProviderUnreachable, match="could not be read"):
        answered(intent).look_up("pi_1")


def test_a_charge_whose_method_is_not_told_is_read_all_the_same(answered):
    """Stripe says null where it does not tell how was paid."""
    intent = INTENT | {"latest_charge": {"id": "ch_1", "payment_method_details": None}}

    assert answered(intent).look_up("pi_1").authorised_minor == 10000


def test_a_charge_that_ran_out_before_its_capture_is_a_hold_that_expired():
    error = sdk.InvalidRequestError("It has expired.", None, code="charge_expired_for_capture", http_status=400)

    assert stripe._outcome_of(error) == Failed(code=HOLD_EXPIRED, message="It has expired.")
