"""What Adyen alone does: recaptures, chargebacks, several events in one message, merchant accounts, live addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from orderwright.payments.gateways import adyen
from orderwright.payments.gateways.port import (
    Accepted,
    Account,
    Failed,
    Movement,
    NeedsPerson,
    NoticeRefused,
    NotTaken,
)
from tests.gateways.adyen_bench import AdyenBench, AdyenPartsBench, sign_as_adyen
from tests.gateways.calls import capture, reverse
from tests.gateways.mailbox import Letter

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KEY = "0a" * 32
OURS = "op_" + "1" * 32


def item(event: str, **changed: Any) -> dict[str, Any]:
    """Return one event about a payment, as Adyen's reference shows it."""
    return {
        "additionalData": {},
        "amount": {"currency": "USD", "value": 4000},
        "eventCode": event,
        "eventDate": "2026-11-21T10:00:00+01:00",
        "merchantAccountCode": "PracticeStore",
        "merchantReference": OURS,
        "originalReference": "PAYMENT000000001",
        "paymentMethod": "visa",
        "pspReference": "MODIFICATION0001",
        "reason": "",
        "success": "true",
        **changed,
    }


def message(*items: dict[str, Any], **changed: Any) -> Letter:
    """Return the events in one signed message."""
    wrapped = [{"NotificationRequestItem": one} for one in items]
    return sign_as_adyen({"live": "false", "notificationItems": wrapped, **changed}, secret=KEY)


def read(*items: dict[str, Any], several: str = "yes"):
    credentials = {"merchant_account": "PracticeStore", "hmac_key": KEY, "several_captures": several}
    gateway = adyen.AdyenGateway(Account(credentials=credentials))
    return gateway.read_notices(headers={}, body=message(*items).body, now=NOW)


def test_a_capture_is_told_with_our_key_its_amount_and_when_it_happened():
    (notice,) = read(item("CAPTURE"))

    assert (notice.event_id, notice.reference, notice.key) == (
        "CAPTURE:MODIFICATION0001:true",
        "PAYMENT000000001",
        OURS,
    )
    assert notice.told == Movement(
        kind="capture",
        provider_ref="MODIFICATION0001",
        parent_ref="",
        amount_minor=4000,
        currency="USD",
        key=OURS,
        at=NOW,
    )


def test_a_capture_that_is_the_only_one_tells_that_the_rest_was_let_go_of_without_an_amount():
    first, second = read(item("CAPTURE"), several="")

    assert (first.told.kind, second.told.kind) == ("capture", "reverse")
    assert (second.told.amount_minor, second.told.key, second.key) == (0, "", "")
    assert second.told.parent_ref == first.told.provider_ref
    assert second.told.provider_ref == f"{first.told.provider_ref}-rest"
    assert first.event_id != second.event_id


def test_a_cancellation_names_the_payments_amount_and_so_none_is_told():
    (notice,) = read(item("CANCELLATION", amount={"currency": "USD", "value": 59894}))

    assert (notice.told.kind, notice.told.amount_minor) == ("reverse", 0)


@pytest.mark.parametrize("event", ["CAPTURE", "CANCELLATION", "REFUND"])
def test_what_was_not_carried_out_is_told_with_the_reason(event):
    (notice,) = read(item(event, success="false", reason="Insufficient balance on payment"), several="")

    assert notice.told == Failed(code=f"adyen_{event.lower()}_refused", message="Insufficient balance on payment")
    assert notice.key == OURS


def test_what_somebody_tried_at_the_dashboard_without_effect_is_no_news():
    assert read(item("REFUND", success="false", merchantReference="ORDER-1")) == []


@pytest.mark.parametrize(("event", "kind"), [("CAPTURE_FAILED", "capture_failed"), ("REFUND_FAILED", "refund_failed")])
def test_what_is_taken_back_names_what_it_takes_back(event, kind):
    (notice,) = read(item(event))

    assert (notice.told.kind, notice.told.parent_ref, notice.told.amount_minor) == (kind, "MODIFICATION0001", 4000)
    assert notice.told.provider_ref != "MODIFICATION0001"


def test_a_capture_that_adyen_makes_again_by_itself_is_one_more_movement_and_another_event():
    first = read(item("CAPTURE"))
    again = read(item("CAPTURE", reason="Transaction Auto-recaptured"))

    assert first[0].event_id != again[0].event_id
    assert (again[0].told.kind, again[0].told.amount_minor, again[0].told.key) == ("capture", 4000, "")
    assert first[0].told.provider_ref != again[0].told.provider_ref


def test_a_chargeback_and_that_it_was_won_name_the_capture_and_the_dispute():
    of = {"additionalData": {"capturePspReference": "CAPTURE000000001"}, "merchantReference": "ORDER-1"}
    (lost,) = read(item("CHARGEBACK", **of))
    (won,) = read(item("CHARGEBACK_REVERSED", **of))

    assert (lost.told.kind, lost.told.parent_ref) == ("dispute", "CAPTURE000000001")
    assert (won.told.kind, won.told.parent_ref) == ("dispute_won", lost.told.provider_ref)
    assert lost.told.provider_ref != won.told.provider_ref


def test_a_chargeback_that_came_to_nothing_is_no_news():
    assert read(item("CHARGEBACK", success="false")) == []


def test_what_adyen_took_on_for_another_payment_waits_for_a_person():
    call = capture("PAYMENT000000001", 4000)
    request = {"amount": {"currency": "USD", "value": 4000}}
    said = {"pspReference": "MODIFICATION0001", "paymentPspReference": "PAYMENT000000002", "status": "received"}

    other = adyen._received(said, call, request)
    same = adyen._received({**said, "paymentPspReference": "PAYMENT000000001"}, call, request)

    assert other == NeedsPerson(why="Adyen took it on for PAYMENT000000002, another payment.")
    assert same == Accepted(provider_ref="MODIFICATION0001")


@pytest.mark.parametrize("value", ["4000", 40.0, True])
def test_an_event_whose_amount_is_no_whole_number_is_refused(value):
    with pytest.raises(NoticeRefused):
        read(item("CAPTURE", amount={"currency": "USD", "value": value}))


def test_several_events_in_one_message_are_read_in_their_order():
    notices = read(item("CAPTURE"), item("REPORT_AVAILABLE"), item("REFUND", pspReference="MODIFICATION0002"))

    assert [notice.kind for notice in notices] == ["CAPTURE", "REFUND"]


def test_one_forged_event_among_true_ones_makes_the_message_forged():
    account = Account(credentials={"merchant_account": "PracticeStore", "hmac_key": KEY})
    true = message(item("CAPTURE"), item("REFUND"))
    forged = true.body.replace(b'"REFUND"', b'"CAPTURE_FAILED"')

    assert len(adyen.AdyenGateway(account).read_notices(headers={}, body=true.body, now=NOW)) == 3
    with pytest.raises(NoticeRefused):
        adyen.AdyenGateway(account).read_notices(headers={}, body=forged, now=NOW)


def test_a_message_about_another_merchant_account_is_refused():
    with pytest.raises(NoticeRefused):
        read(item("CAPTURE", merchantAccountCode="SomebodyElse"))


def test_a_message_without_a_time_that_can_be_read_happened_when_it_came():
    (notice,) = read(item("CAPTURE", eventDate="yesterday"))

    assert notice.told.at == NOW


def test_keys_that_are_no_hexadecimal_text_verify_nothing():
    account = Account(credentials={"merchant_account": "PracticeStore", "hmac_key": "not-hex 0g"})
    letter = sign_as_adyen(
        {"live": "false", "notificationItems": [{"NotificationRequestItem": item("CAPTURE")}]}, secret=KEY
    )

    with pytest.raises(NoticeRefused):
        adyen.AdyenGateway(account).read_notices(headers={}, body=letter.body, now=NOW)


def test_a_live_account_is_reached_under_its_own_prefix_and_a_test_account_without():
    live = adyen._api("AQElive", "", "1797a841fbb37ca7-AdyenDemo")
    tried = adyen._api("AQEtest", "", None)

    def address(api: Any) -> str:
        return str(api.client._determine_api_url(api.client.platform, api.baseUrl + "/payments/1/captures"))

    assert address(live) == (
        "https://1797a841fbb37ca7-AdyenDemo-checkout-live.adyenpayments.com/checkout/v72/payments/1/captures"
    )
    assert address(tried) == "https://checkout-test.adyen.com/v72/payments/1/captures"


def test_a_live_account_without_its_prefix_sends_nothing():
    account = Account(is_live=True, credentials={"api_key": "AQElive", "merchant_account": "PracticeStore"})

    outcome = adyen.AdyenGateway(account).send(capture("PAYMENT000000001", 100))

    assert outcome == NotTaken(
        code="credentials_missing", message="The API key or the live endpoint prefix is missing."
    )


@pytest.mark.only(lambda bench: isinstance(bench, type) and issubclass(bench, AdyenBench))
def test_a_merchant_account_that_the_key_does_not_open_is_not_taken(bench):
    reference = bench.hold()

    outcome = bench.gateway(merchant_account="SomebodyElse").send(reverse(reference, 10000))

    assert isinstance(outcome, NotTaken)
    assert bench.effects(reference) == []


@pytest.mark.only(lambda bench: bench is AdyenPartsBench)
def test_a_disputed_capture_is_told_and_so_is_that_the_shop_won(bench):
    gateway, reference = bench.gateway(), bench.hold()
    made = bench.outcome(gateway, capture(reference, 10000))

    dispute = bench.practice.dispute(made.provider_ref, 10000)
    lost = bench.wait_for(gateway, lambda notice: notice.kind == "CHARGEBACK" and notice.reference == reference)
    bench.practice.win_dispute(dispute)
    won = bench.wait_for(gateway, lambda notice: notice.kind == "CHARGEBACK_REVERSED" and notice.reference == reference)

    assert (lost.told.provider_ref, lost.told.parent_ref, lost.told.amount_minor) == (dispute, made.provider_ref, 10000)
    assert (won.told.parent_ref, won.told.amount_minor) == (dispute, 10000)


def test_the_account_is_not_shown_with_its_credentials():
    account = Account(credentials={"api_key": "AQEsecret"})

    assert "AQEsecret" not in repr(account)
    assert "AQEsecret" not in repr(replace(account, is_live=True))
