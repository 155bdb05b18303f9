"""Provider accounts: added, edited, deleted, tried; credentials go in, are sealed, and never come out (W8, I14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from cryptography.fernet import Fernet

from orderwright.actions import add_provider, delete_provider, edit_provider, seal_credentials_anew, try_provider
from orderwright.actions.provider_fields import LONGEST_CREDENTIAL, AccountFields, checked_address
from orderwright.core.actor import SYSTEM
from orderwright.core.errors import Conflict, Invalid, OrderwrightError, Refused
from orderwright.journal.models import Entry
from orderwright.payments.errors import (
    CredentialsUnreadable,
    ProviderAccountChanged,
    ProviderAccountInUse,
    ProviderSlugTaken,
)
from orderwright.payments.models import ProviderAccount, ProviderNotice, ProviderSweep
from orderwright.payments.sealed import seal, unseal
from orderwright.reads.provider_accounts import read_provider_account
from tests.support.refusals import pointers

SECRET = "sk_canary_5b1f"
FIELDS = AccountFields(name="Stripe EU", credentials={"secret_key": SECRET})


def add(clerk: Any, fields: AccountFields = FIELDS, *, kind: str = "stripe", **more: Any) -> str:
    return add_provider.run(kind=kind, fields=fields, actor=clerk.actor, now=clerk.now, **more)


def edit(clerk: Any, slug: str, fields: AccountFields, **more: Any) -> None:
    edit_provider.run(slug=slug, fields=fields, actor=clerk.actor, now=clerk.now, **more)


def row(slug: str) -> ProviderAccount:
    return ProviderAccount.objects.get(slug=slug)


def entries(slug_or_id: str | int) -> list[Entry]:
    account_id = row(slug_or_id).pk if isinstance(slug_or_id, str) else slug_or_id
    return list(Entry.objects.filter(stream=f"provider_account:{account_id}").order_by("sequence"))


def test_an_account_is_added_with_its_credentials_sealed_and_none_of_them_in_the_journal(clerk: Any, site: Any) -> None:
    slug = add(clerk, replace(FIELDS, sites=[site.slug], priority=5))

    account = row(slug)
    assert (slug, account.gateway, account.priority, account.version) == ("stripe-eu", "stripe", 5, 1)
    assert [each.slug for each in account.sites.all()] == [site.slug]
    assert SECRET not in account.sealed_credentials
    assert unseal(account.sealed_credentials) == {"secret_key": SECRET}
    (entry,) = entries(slug)
    assert entry.kind == "provider_account.added"
    assert entry.after["credentials"] == {"secret_key": "stored"}
    assert SECRET not in str(entry.before) + str(entry.after)


def test_accounts_get_slugs_of_their_own_and_a_typed_one_is_taken_once(clerk: Any) -> None:
    assert [add(clerk), add(clerk, replace(FIELDS, name="Stripe: EU"))] == ["stripe-eu", "stripe-eu-2"]
    with pytest.raises(ProviderSlugTaken):
        add(clerk, replace(FIELDS, name="Another"), slug="stripe-eu")


def test_two_who_take_one_slug_at_once_get_it_once(clerk: Any, colleague: Any, both_at_once: Any) -> None:
    outcomes = both_at_once(
        partial(add, clerk, slug="mine"), partial(add, colleague, replace(FIELDS, name="Hers"), slug="mine")
    )

    assert sorted(outcomes) == ["mine", "provider_slug_taken"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": " "}, ("/name", "required")),
        ({"sites": ["nowhere"]}, ("/sites/0", "site_unknown")),
        ({"priority": 0}, ("/priority", "out_of_range")),
        ({"failures": 101}, ("/breaker/failures", "out_of_range")),
        ({"wait_s": 0}, ("/breaker/wait_s", "out_of_range")),
        ({"cool_down_s": 3601}, ("/breaker/cool_down_s", "out_of_range")),
        ({"credentials": {}}, ("/credentials/secret_key", "required")),
        ({"credentials": {"secret_key": "  "}}, ("/credentials/secret_key", "required")),
        ({"credentials": {"password": "x"}}, ("/credentials/password", "unknown_field")),
        ({"credentials": {"secret_key": "a\x00b"}}, ("/credentials/secret_key", "forbidden_character")),
        ({"credentials": {"secret_key": "x" * (LONGEST_CREDENTIAL + 1)}}, ("/credentials/secret_key", "too_long")),
        ({"base_url": "http://example.com"}, ("/base_url", "address_invalid")),
    ],
)
def test_what_makes_no_sense_is_refused_there(clerk: Any, changes: dict[str, Any], fault: tuple[str, str]) -> None:
    before = ProviderAccount.objects.count()

    with pytest.raises(Invalid) as refused:
        add(clerk, replace(FIELDS, **changes))

    assert pointers(refused) == [fault]
    assert ProviderAccount.objects.count() == before


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "http://api.example",
            "ftp://127.0.0.1",
            "https://",
            "https://user:pw@api.example",
            "https://api.example?x=1",
        ),
        *(
            "https://api.example#x",
            "javascript:alert(1)",
            "//api.example",
            "https://a b",
            "https://[::1",
            "https://a:99999",
        ),
        *("https://a\\b", "http://127.0.0.1.example"),
    ],
)
def test_secrets_go_to_plain_https_addresses_only(typed: str) -> None:
    with pytest.raises(Invalid):
        checked_address(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" https://api.example/v1/ ", "https://api.example/v1"),
        ("http://127.0.0.1:8010", "http://127.0.0.1:8010"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:99", "http://[::1]:99"),
    ],
)
def test_an_address_of_this_machine_may_do_without_tls(typed: str, kept: str) -> None:
    assert checked_address(typed) == kept


def test_an_account_without_what_it_needs_is_stored_switched_off_alone(clerk: Any) -> None:
    slug = add(clerk, replace(FIELDS, credentials={}, is_on=False))

    with pytest.raises(Invalid) as refused:
        edit(clerk, slug, replace(FIELDS, credentials={}, is_on=True))

    assert refused.value.code == "credentials_missing"
    edit(clerk, slug, FIELDS)
    assert row(slug).is_enabled


def test_an_empty_credential_stays_and_a_new_one_is_only_called_changed(clerk: Any) -> None:
    slug = add(clerk, replace(FIELDS, credentials={"secret_key": SECRET, "webhook_secret": "whsec_1"}))

    edit(clerk, slug, replace(FIELDS, credentials={"secret_key": "", "webhook_secret": "whsec_2"}))

    assert unseal(row(slug).sealed_credentials) == {"secret_key": SECRET, "webhook_secret": "whsec_2"}
    last = entries(slug)[-1]
    assert (last.kind, last.before, last.after) == (
        "provider_account.edited",
        {"credentials": None},
        {"credentials": {"webhook_secret": "changed"}},
    )


def test_a_credential_that_is_taken_away_is_gone(clerk: Any) -> None:
    slug = add(clerk, replace(FIELDS, credentials={"secret_key": SECRET, "webhook_secret": "whsec_1"}))

    edit(clerk, slug, replace(FIELDS, credentials={"webhook_secret": None}))

    assert unseal(row(slug).sealed_credentials) == {"secret_key": SECRET}
    assert [each.is_stored for each in read_provider_account(slug=slug, actor=SYSTEM).credentials] == [True, False]
    assert entries(slug)[-1].after == {"credentials": {"webhook_secret": "removed"}}


def test_the_day_of_each_credential_is_kept(clerk: Any) -> None:
    slug = add(clerk)

    (secret, notices) = read_provider_account(slug=slug, actor=SYSTEM).credentials

    assert (secret.stored_at, notices.stored_at, notices.is_stored) == (clerk.now, None, False)


def test_saving_what_is_there_changes_nothing(clerk: Any) -> None:
    slug = add(clerk)

    edit(clerk, slug, FIELDS)

    assert row(slug).version == 1
    assert len(entries(slug)) == 1


def test_what_somebody_changed_since_is_not_overwritten(clerk: Any) -> None:
    slug = add(clerk)
    edit(clerk, slug, replace(FIELDS, name="Stripe Europe"))

    with pytest.raises(ProviderAccountChanged) as refused:
        edit(clerk, slug, replace(FIELDS, name="Stripe"), version=1)

    assert refused.value.facts == {"version": 2}
    assert row(slug).name == "Stripe Europe"


@pytest.mark.parametrize("change", [{"is_live": True}, {"base_url": "https://elsewhere.example"}])
def test_where_payments_are_kept_money_goes_nowhere_else(clerk: Any, order: Any, change: dict[str, Any]) -> None:
    with pytest.raises(ProviderAccountInUse):
        edit(clerk, "practice", replace(AccountFields(name="Practice provider"), **change))

    account = row("practice")
    assert (account.is_live, account.base_url, account.version) == (False, "", 1)


@pytest.mark.parametrize("change", [{"is_live": True}, {"base_url": "https://attacker.example"}])
def test_stored_secrets_are_not_sent_elsewhere_by_who_does_not_know_them(clerk: Any, change: dict[str, Any]) -> None:
    slug = add(clerk)

    with pytest.raises(Invalid) as refused:
        edit(clerk, slug, replace(FIELDS, credentials={}, **change))

    assert pointers(refused) == [("/credentials/secret_key", "credential_needed_again")]
    edit(clerk, slug, replace(FIELDS, credentials={"secret_key": "sk_other"}, **change))
    assert row(slug).version == 2


def test_an_unused_account_is_deleted_with_what_hangs_on_it_and_a_used_one_stays(clerk: Any, order: Any) -> None:
    slug = add(clerk)
    account_id = row(slug).pk
    ProviderSweep.objects.create(account_id=account_id, night=clerk.now.date(), started_at=clerk.now)
    ProviderNotice.objects.create(
        account_id=account_id, event_id="e", kind="k", reference="r", received_at=clerk.now, state="unmatched"
    )

    delete_provider.run(slug=slug, actor=clerk.actor, now=clerk.now)
    with pytest.raises(ProviderAccountInUse) as refused:
        delete_provider.run(slug="practice", actor=clerk.actor, now=clerk.now)

    assert not ProviderAccount.objects.filter(slug=slug).exists()
    assert entries(account_id)[-1].kind == "provider_account.deleted"
    assert refused.value.facts == {"payments": 1}


def test_a_viewer_changes_nothing(viewer: Any) -> None:
    acts = [
        partial(add, viewer),
        partial(edit, viewer, "practice", FIELDS),
        partial(delete_provider.run, slug="invoice", actor=viewer.actor, now=viewer.now),
        partial(try_provider.run, slug="practice", actor=viewer.actor, now=viewer.now),
    ]
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert not Entry.objects.exists()


# Try now --------------------------------------------------------------------------------------------------------------


def let_rest(now: Any, slug: str = "practice") -> None:
    until = now + timedelta(minutes=5)
    ProviderAccount.objects.filter(slug=slug).update(failures_in_row=3, opened_at=now, next_try_at=until)


def attempt(clerk: Any, slug: str = "practice") -> try_provider.Trial:
    return try_provider.run(slug=slug, actor=clerk.actor, now=clerk.now)


def test_trying_a_provider_that_answers_ends_its_rest_at_once(clerk: Any, order: Any, practice: Any) -> None:
    let_rest(clerk.now)

    assert attempt(clerk) == try_provider.Trial(
        worked=True, was_asked=True, words="It answered, and knows the newest payment."
    )

    account = row("practice")
    assert (account.opened_at, account.failures_in_row) == (None, 0)
    (entry,) = entries("practice")
    assert (entry.kind, entry.actor_name) == ("provider_account.answered", "Mia Chen")
    assert practice.effects(order) == []


def test_trying_one_that_does_not_answer_says_so_and_it_rests_on(clerk: Any, order: Any, practice: Any) -> None:
    let_rest(clerk.now)
    practice.fault("server_error", "lookup")

    trial = attempt(clerk)

    assert (trial.worked, trial.words) == (False, "The provider answered 500.")
    account = row("practice")
    assert (account.failures_in_row, account.tried_by) == (4, "")
    assert account.next_try_at == clerk.now + timedelta(seconds=15)


def test_where_no_payment_is_known_any_answer_will_do(clerk: Any, practice: Any) -> None:
    trial = attempt(clerk)

    assert (trial.worked, trial.was_asked) == (True, True)
    assert "No payment is known yet" in trial.words


def test_where_nobody_can_be_asked_there_is_nothing_to_try_but_a_rest_to_end(clerk: Any) -> None:
    with pytest.raises(Conflict) as refused:
        attempt(clerk, "invoice")
    assert refused.value.code == "provider_cannot_be_asked"

    let_rest(clerk.now, "invoice")
    trial = attempt(clerk, "invoice")

    assert (trial.was_asked, trial.worked) == (False, False)
    assert row("invoice").next_try_at == clerk.now
    assert [entry.kind for entry in entries("invoice")] == ["provider_account.rest_ended"]


def test_credentials_that_cannot_be_opened_are_named_and_nobody_is_called(clerk: Any, settings: Any) -> None:
    slug = add(clerk)
    settings.SECRET_SEALING_KEYS = [Fernet.generate_key().decode()]

    trial = attempt(clerk, slug)

    assert (trial.worked, trial.was_asked) == (False, False)
    assert "SECRET_SEALING_KEYS" in trial.words
    assert row(slug).failures_in_row == 0


def test_what_no_key_opens_is_replaced_as_a_whole(clerk: Any, settings: Any) -> None:
    slug = add(clerk, replace(FIELDS, credentials={"secret_key": SECRET, "webhook_secret": "w"}))
    settings.SECRET_SEALING_KEYS = [Fernet.generate_key().decode()]
    assert not read_provider_account(slug=slug, actor=SYSTEM).can_open

    with pytest.raises(CredentialsUnreadable):
        edit(clerk, slug, replace(FIELDS, credentials={"secret_key": "new"}))
    edit(clerk, slug, replace(FIELDS, credentials={"secret_key": "new", "webhook_secret": "new too"}))

    assert unseal(row(slug).sealed_credentials) == {"secret_key": "new", "webhook_secret": "new too"}


# Keys -----------------------------------------------------------------------------------------------------------------


def test_sealed_anew_the_old_key_can_go(clerk: Any, settings: Any) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.SECRET_SEALING_KEYS = [old]
    slugs = [add(clerk), add(clerk, replace(FIELDS, name="Stripe US"))]
    settings.SECRET_SEALING_KEYS = [new, old]

    done = seal_credentials_anew.run(actor=SYSTEM, now=clerk.now)

    assert (done.sealed, done.empty, done.unreadable) == (2, 5, ())
    settings.SECRET_SEALING_KEYS = [new]
    assert [unseal(row(slug).sealed_credentials) for slug in slugs] == [{"secret_key": SECRET}] * 2
    settings.SECRET_SEALING_KEYS = [old]
    with pytest.raises(CredentialsUnreadable):
        unseal(row(slugs[0]).sealed_credentials)
    assert entries(slugs[0])[-1].kind == "provider_account.sealed_anew"


def test_an_account_that_no_key_opens_holds_up_no_other(clerk: Any, settings: Any) -> None:
    lost = add(clerk)
    settings.SECRET_SEALING_KEYS = [Fernet.generate_key().decode()]
    kept = add(clerk, replace(FIELDS, name="Stripe US"))
    before = row(lost).sealed_credentials

    done = seal_credentials_anew.run(actor=SYSTEM, now=clerk.now)

    assert (done.sealed, done.unreadable) == (1, (lost,))
    assert row(lost).sealed_credentials == before
    assert unseal(row(kept).sealed_credentials) == {"secret_key": SECRET}


def test_a_credential_stored_without_a_date_counts_as_stored(clerk: Any) -> None:
    slug = add(clerk)
    sealed = seal({"secret_key": "x"})
    ProviderAccount.objects.filter(slug=slug).update(credentials_stored={}, sealed_credentials=sealed)

    (secret, _notices) = read_provider_account(slug=slug, actor=SYSTEM).credentials
    edit(clerk, slug, replace(FIELDS, credentials={"webhook_secret": "y"}))

    assert (secret.is_stored, secret.stored_at) == (True, None)
    assert unseal(row(slug).sealed_credentials) == {"secret_key": "x", "webhook_secret": "y"}


def test_an_unknown_kind_is_refused_with_those_that_there_are(clerk: Any) -> None:
    with pytest.raises(OrderwrightError) as refused:
        add(clerk, kind="nobody")

    assert refused.value.code == "kind_unknown"
    assert "practice" in refused.value.message
