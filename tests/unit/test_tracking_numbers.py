"""Whose number a tracking number is, what is said about it, and the address that it leads to (W9)."""

from __future__ import annotations

import pytest

from orderwright.shipping.number_advice import Advice, advice, fits_carrier
from orderwright.shipping.recognition import readings
from orderwright.shipping.tracking_links import template_problem, tracking_link

UPS, UPS_MISTYPED = "1Z 999 AA1 01 2345 6784", "1Z 999 AA1 01 2345 6785"
FEDEX, FEDEX_MISTYPED = "9865 7878 8855", "9865 7878 8856"
USPS = "9400 1112 0255 5842 3326 69"
DHL_EXPRESS = "73891051146"
ROYAL_MAIL = "RB123456785GB"
GERMAN_PARCEL = "00340434161094042557"

# Recognition ---------------------------------------------------------------------------------------------------------


def read(number: str) -> set[tuple[str, str]]:
    return {(each.carrier, each.check) for each in readings(number)}


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (UPS, {("ups", "ok")}),
        ("1z999aa10123456784", {("ups", "ok")}),
        ("1Z-999-AA1-01-2345-6784", {("ups", "ok")}),
        (UPS_MISTYPED, {("ups", "failed")}),
        ("1Z999AA1012345678A", {("ups", "failed")}),
        (FEDEX, {("fedex", "ok")}),
        (FEDEX_MISTYPED, {("fedex", "failed")}),
        (USPS, {("usps", "ok")}),
        (DHL_EXPRESS, {("dhl", "ok")}),
        (ROYAL_MAIL, {("royal-mail", "ok")}),
        ("RB123456784GB", {("royal-mail", "failed")}),
        ("TBA502887274000", {("amazon", "unknown")}),
        ("FX 7788", set()),
        ("1234abcdef", set()),
        ("\N{FULLWIDTH DIGIT ONE}" * 10, set()),
        ("7" * 61, set()),
        ("", set()),
    ],
)
def test_a_number_is_read_as_its_carrier_s(number: str, found: set[tuple[str, str]]) -> None:
    assert read(number) == found


# What is said ---------------------------------------------------------------------------------------------------------


def said(number: str, carrier: str | None) -> Advice:
    """Ask about the number in a shipment: "" is a carrier whose numbers nobody knows, None is no carrier at all."""
    return advice(number, has_carrier=carrier is not None, recognised_as=carrier or "")


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        (UPS, "ups"),
        (ROYAL_MAIL, "royal-mail"),
        ("TBA502887274000", "amazon"),
        ("FX 7788", "fedex"),
        (GERMAN_PARCEL, "dhl"),
        (FEDEX, "dhl"),  # twelve digits, which DHL has as well
        (FEDEX, ""),
        (FEDEX_MISTYPED, ""),
        (FEDEX_MISTYPED, None),
        (FEDEX_MISTYPED, "ups"),
        ("", "ups"),
    ],
)
def test_nothing_is_said_where_nothing_is_certain(number: str, carrier: str | None) -> None:
    assert said(number, carrier) == Advice()


@pytest.mark.parametrize(
    ("number", "carrier", "expected"),
    [
        (UPS, "fedex", Advice(looks_like=("ups",))),
        (UPS, "", Advice(looks_like=("ups",))),
        (UPS, None, Advice(looks_like=("ups",))),
        (FEDEX, "ups", Advice(looks_like=("fedex",))),
        (FEDEX, None, Advice(looks_like=("fedex",))),
        (UPS_MISTYPED, "ups", Advice(failed="ups")),
        (FEDEX_MISTYPED, "fedex", Advice(failed="fedex")),
        (UPS_MISTYPED, "dhl", Advice(looks_like=("ups",), failed="ups")),
        ("RB123456784GB", "royal-mail", Advice(failed="royal-mail")),
    ],
)
def test_another_carrier_s_number_and_a_mistyped_one_are_told(
    number: str, carrier: str | None, expected: Advice
) -> None:
    assert said(number, carrier) == expected


@pytest.mark.parametrize(
    ("numbers", "had_carrier", "becomes", "fits"),
    [
        ([], True, "ups", True),
        ([UPS], True, "ups", True),
        ([UPS, "FX 7788"], True, "ups", False),
        ([UPS_MISTYPED], True, "ups", False),
        (["FX 7788"], True, "dhl", False),
        (["FX 7788"], False, "dhl", True),
        ([UPS], False, "fedex", False),
        ([UPS], True, "", False),
    ],
)
def test_numbers_stay_with_a_shipment_whose_carrier_they_are_of(  # G20
    numbers: list[str],
    had_carrier: bool,
    becomes: str,
    fits: bool,
) -> None:
    assert fits_carrier(numbers, had_carrier=had_carrier, becomes=becomes) is fits


# The address ----------------------------------------------------------------------------------------------------------


def link(template: str, **given: str) -> str:
    values = {"number": "1Z 999", "postcode": "K2P 0V6", "country": "CA", "language": "fr-CA"} | given
    return tracking_link(template, **values)


@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("https://ups.example/t?n={number}", "https://ups.example/t?n=1Z999"),
        (
            "https://c.example/{country}-{language}/{number}/{postcode}#{number}",
            "https://c.example/ca-fr/1Z999/K2P0V6#1Z999",
        ),
        ("", ""),
    ],
)
def test_every_placeholder_is_filled(template: str, address: str) -> None:  # W9
    assert link(template) == address


def test_what_is_typed_cannot_lead_elsewhere() -> None:
    assert link("https://c.example/{number}", number="../a?b=c&d#{postcode}/é") == (
        "https://c.example/..%2Fa%3Fb%3Dc%26d%23%7Bpostcode%7D%2F%C3%A9"
    )


def test_without_a_value_that_it_needs_there_is_no_link() -> None:
    assert link("https://c.example/{number}/{postcode}", postcode=" ") == ""
    assert link("https://c.example/{number}", postcode="") == "https://c.example/1Z999"


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("http://c.example/{number}", "address_invalid"),
        ("//c.example/{number}", "address_invalid"),
        ("javascript:alert({number})", "address_invalid"),
        ("https:///{number}", "address_invalid"),
        ("https://localhost/{number}", "address_invalid"),
        ("https://{number}", "address_invalid"),
        ("https://{number}.example/", "address_invalid"),
        ("https://me:pw@c.example/{number}", "address_invalid"),
        ("https://c.example:x/{number}", "address_invalid"),
        ("https://c.example/{number} x", "address_invalid"),
        ('https://c.example/{number}"', "address_invalid"),
        ("https://[c.example/{number}", "address_invalid"),
        ("https://c.example/{Number}", "placeholder_unknown"),
        ("https://c.example/{number}/{zip}", "placeholder_unknown"),
        ("https://c.example/{{number}}", "placeholder_unknown"),
        ("https://c.example/{number", "placeholder_unknown"),
        ("https://c.example/{number}{}", "placeholder_unknown"),
        ("https://c.example/{postcode}", "placeholder_missing"),
        ("https://c.example/", "placeholder_missing"),
    ],
)
def test_an_unsafe_template_is_refused(template: str, code: str) -> None:
    problem = template_problem(template)

    assert problem is not None
    assert problem[0] == code


@pytest.mark.parametrize(
    "template", ["https://c.example/{number}", "https://c.example:8443/a#/{country}/{language}?q={number}&p={postcode}"]
)
def test_a_safe_template_is_taken(template: str) -> None:
    assert template_problem(template) is None
