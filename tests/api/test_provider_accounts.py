"""Payment providers through the API: configured, tried, and their rest told to programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderwright.payments.models import Operation, ProviderAccount

SECRET = "sk_canary_77aa"
STRIPE = {"kind": "stripe", "slug": "stripe-eu", "name": "Stripe EU", "credentials": {"secret_key": SECRET}}


def test_an_account_is_added_and_shows_that_a_credential_is_stored_and_not_what_it_is(program, site, now):
    answer = program.post("/provider-accounts", {**STRIPE, "sites": [site.slug], "breaker": {"failures": 5}})

    assert (answer.status, answer.headers["Location"]) == (201, "/api/v1/provider-accounts/stripe-eu")
    assert SECRET.encode() not in answer.content
    shown = answer.json
    assert (shown["kind"], shown["sites"], shown["is_on"], shown["is_live"]) == ("stripe", [site.slug], True, False)
    assert shown["credentials"][0] == {
        "name": "secret_key",
        "label": "Secret key",
        "is_secret": True,
        "is_needed": True,
        "is_stored": True,
        "stored_at": now.isoformat().replace("+00:00", "Z"),
    }
    assert (shown["breaker"]["failures"], shown["breaker"]["cool_down_s"], shown["breaker"]["state"]) == (
        5,
        15,
        "working",
    )
    assert shown["notices_path"] == "/api/v1/provider-notices/stripe-eu"
    assert program.get("/provider-accounts/stripe-eu").content == answer.content


def test_what_is_not_given_stays_and_null_takes_a_credential_away(program):
    program.post("/provider-accounts", {**STRIPE, "credentials": {"secret_key": SECRET, "webhook_secret": "whsec"}})

    answer = program.patch(
        "/provider-accounts/stripe-eu", {"priority": 3, "credentials": {"webhook_secret": None, "secret_key": ""}}
    )

    assert (answer.status, answer.headers["ETag"]) == (200, '"2"')
    assert (answer.json["name"], answer.json["priority"]) == ("Stripe EU", 3)
    assert [each["is_stored"] for each in answer.json["credentials"]] == [True, False]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"kind": "nobody"}, ("/kind", "kind_unknown")),
        ({"slug": "Not A Slug"}, ("/slug", "slug_invalid")),
        ({"slug": "add"}, ("/slug", "slug_invalid")),
        ({"sites": ["nowhere"]}, ("/sites/0", "site_unknown")),
        ({"credentials": {"secret": "x"}}, ("/credentials/secret", "unknown_field")),
        ({"credentials": {}}, ("/credentials/secret_key", "required")),
        ({"base_url": "http://api.example"}, ("/base_url", "address_invalid")),
        ({"priority": 0}, ("/priority", "out_of_range")),
        ({"breaker": {"failures": 0}}, ("/breaker/failures", "out_of_range")),
        ({"is_on": "yes"}, ("/is_on", "wrong_type")),
    ],
)
def test_an_account_that_makes_no_sense_is_refused_at_its_place(program, change, fault):
    before = ProviderAccount.objects.count()

    answer = program.post("/provider-accounts", {**STRIPE, **change})

    assert (answer.status, answer.faults) == (422, [fault])
    assert SECRET.encode() not in answer.content
    assert ProviderAccount.objects.count() == before


def test_a_stale_change_and_a_slug_that_is_taken_are_refused(program):
    program.post("/provider-accounts", STRIPE)
    program.patch("/provider-accounts/stripe-eu", {"priority": 3})

    stale = program.patch("/provider-accounts/stripe-eu", {"priority": 4}, if_match='"1"')
    twice = program.post("/provider-accounts", {**STRIPE, "name": "Another"})
    same_name = program.post("/provider-accounts", {**STRIPE, "slug": "another"})

    assert (stale.status, stale.code) == (412, "provider_account_changed")
    assert (twice.status, twice.code) == (409, "provider_slug_taken")
    assert (same_name.status, same_name.code) == (409, "provider_name_taken")


def test_an_account_in_use_stays_where_it_is_and_an_unused_one_is_deleted(program, order):
    program.post("/provider-accounts", STRIPE)

    moved = program.patch("/provider-accounts/practice", {"is_live": True})
    kept = program.delete("/provider-accounts/practice")
    gone = program.delete("/provider-accounts/stripe-eu")

    assert [(answer.status, answer.code) for answer in (moved, kept)] == [(409, "provider_account_in_use")] * 2
    assert gone.status == 204
    assert program.get("/provider-accounts/stripe-eu").code == "provider_account_not_found"


def test_a_rest_is_told_with_the_time_to_wait_and_a_trial_ends_it(program, order, now):
    until = now + timedelta(seconds=40)
    ProviderAccount.objects.filter(slug="practice").update(failures_in_row=3, opened_at=now, next_try_at=until)
    captures = f"/orders/{order.number}/payments/{order.payments[0].id}/captures"

    refused = program.post(captures, {"amount": 100}, idempotency_key="k1")
    (capture,) = [
        each for each in program.get(f"/orders/{order.number}/actions").json["items"] if each["action"] == "capture"
    ]
    shown = program.get("/provider-accounts/practice").json["breaker"]

    assert (refused.status, refused.code, refused.headers["Retry-After"]) == (503, "provider_resting", "40")
    assert (capture["allowed"], capture["code"]) == (False, "provider_resting")
    assert (shown["state"], shown["failures_in_row"]) == ("resting", 3)
    assert not Operation.objects.exists()

    trial = program.post("/provider-accounts/practice/trial")

    assert (trial.status, trial.json["worked"], trial.json["account"]["breaker"]["state"]) == (200, True, "working")
    assert program.post(captures, {"amount": 100}, idempotency_key="k1").status == 201  # a 503 is not kept


def test_in_the_openapi_file_credentials_are_write_only(program):
    schemas = program.get("/openapi.json").json["components"]["schemas"]

    for name in ("ProviderAccountBody", "ProviderAccountChangeBody"):
        assert schemas[name]["properties"]["credentials"]["writeOnly"] is True
    assert set(schemas["Credential"]["properties"]) == {
        *("name", "label", "is_secret", "is_needed", "is_stored", "stored_at")
    }


def test_a_viewer_does_not_see_providers(reader: Any) -> None:
    assert reader.get("/provider-accounts").status == 403
    assert reader.post("/provider-accounts/practice/trial").status == 403
