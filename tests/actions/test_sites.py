"""Sites: what a site may be called and how it numbers its orders, who may say so, and what closing it stops (W10)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError

from orderwright.actions import add_site, delete_site, edit_site
from orderwright.actions.site_fields import SiteFields, checked, time_zones
from orderwright.actions.take_in_order import TakenIn
from orderwright.core.actor import SYSTEM
from orderwright.core.errors import Invalid, OrderwrightError, Refused
from orderwright.journal.models import Entry
from orderwright.orders.errors import NumberSeriesTaken, SiteChanged, SiteClosed, SiteInUse, SiteNotFound, SiteSlugTaken
from orderwright.orders.models import Site
from orderwright.orders.sites import lock_site
from orderwright.payments.models import ProviderAccount
from orderwright.reads.sites import list_site_entries, list_sites, read_site
from tests.support.drivers import hire
from tests.support.rivals import look_too_early
from tests.support.site_work import entry, numbers

# Adding --------------------------------------------------------------------------------------------------------------


def test_a_site_is_added_with_what_was_said_and_defaults_for_the_rest(site: Site, add_a_site: Any, clerk: Any) -> None:
    made = add_a_site()

    assert (made.slug, made.time_zone, made.locale, made.next_number) == ("cozy-home-outlet", "UTC", "en-US", 1001)
    assert (made.mails_received, made.mails_shipped, made.closed_at, made.version) == (False, False, None, 1)
    told = entry("site.added")
    assert (told.stream, told.site_id, told.actor_name) == (f"site:{made.pk}", made.pk, "Mia Chen")
    assert told.after["number_prefix"] == "OUT-"
    assert told.after["is_open"] is True
    assert set(told.before.values()) == {None}


def test_an_order_of_a_new_site_has_the_first_number_of_its_series(add_a_site: Any, clerk: Any, document: Any) -> None:
    add_a_site(SiteFields(name="Outlet", currency="USD", number_prefix="2026.", next_number=7))

    clerk.asks.take_in(document(site="outlet"))
    clerk.asks.take_in(document(site="outlet"))

    assert numbers() == ["2026.7", "2026.8"]


@pytest.mark.parametrize("name", ["Add", "All sites", "家"])
def test_a_name_that_means_something_else_in_an_address_gets_another_slug(add_a_site: Any, name: str) -> None:
    made = add_a_site(SiteFields(name=name, currency="USD"))

    assert made.slug == {"Add": "add-2", "All sites": "all-sites-2", "家": "site"}[name]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"name": " "}, "/name", "required"),
        ({"currency": "EURO"}, "/currency", "currency_unknown"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone", "time_zone_unknown"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone", "time_zone_unknown"),
        ({"locale": "klingon"}, "/locale", "language_unknown"),
        ({"locale": " "}, "/locale", "required"),
        ({"number_prefix": "OUT/"}, "/number_prefix", "number_prefix_invalid"),
        ({"number_prefix": "-"}, "/number_prefix", "number_prefix_invalid"),
        ({"number_prefix": "A" * 13}, "/number_prefix", "number_prefix_invalid"),
        ({"number_prefix": "OUT-2026"}, "/number_prefix", "number_prefix_ends_in_digit"),
        ({"next_number": 0}, "/next_number", "out_of_range"),
        ({"next_number": 1_000_000_000}, "/next_number", "out_of_range"),
        ({"sender": "no address"}, "/sender", "not_an_address"),
        ({"sender_name": "x" * 81}, "/sender_name", "too_long"),
    ],
)
def test_what_no_site_can_be_is_refused_at_its_field(change: dict[str, Any], pointer: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(SiteFields(**change))

    assert [(fault.pointer, fault.code) for fault in refused.value.fields] == [(pointer, code)]


def test_a_site_without_a_name_a_currency_or_a_short_name_of_its_own_is_not_added(add_a_site: Any) -> None:
    for pointer, fields in (
        ("/name", SiteFields(currency="USD")),
        ("/currency", SiteFields(name="Outlet")),
        *(("/slug", SiteFields(name="x", currency="USD", slug=slug)) for slug in ("all-sites", "add", "Cozy Home")),
    ):
        with pytest.raises(Invalid) as refused:
            add_a_site(fields)
        assert refused.value.fields[0].pointer == pointer

    assert not Site.objects.exists()
    assert not Entry.objects.exists()


def test_what_is_typed_is_kept_in_its_one_form(add_a_site: Any) -> None:
    made = add_a_site(SiteFields(name="  Outlet ", currency="usd", locale="de_AT", time_zone=" Europe/Vienna "))

    assert (made.name, made.currency, made.locale, made.time_zone) == ("Outlet", "USD", "de-AT", "Europe/Vienna")


def test_time_zones_are_those_of_places() -> None:
    assert {"UTC", "America/New_York", "America/Argentina/Buenos_Aires"} <= time_zones()
    assert not {"Etc/GMT+5", "localtime", "posixrules", "EST5EDT"} & time_zones()


def test_no_two_sites_have_one_short_name_or_one_prefix(site: Site, add_a_site: Any) -> None:
    add_a_site()

    with pytest.raises(SiteSlugTaken):
        add_a_site(SiteFields(name="Again", slug="cozy-home-outlet", currency="USD", number_prefix="N-"))
    with pytest.raises(NumberSeriesTaken) as refused:
        add_a_site(SiteFields(name="Again", currency="USD", number_prefix="out-"))

    assert refused.value.facts == {"pointer": "/number_prefix"}
    assert Site.objects.count() == 2


def test_a_rival_with_the_same_short_name_in_the_same_moment_wins(
    add_a_site: Any, clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_a_site()
    look_too_early(monkeypatch, add_site, "fit_slug", seeing="cozy-home-outlet")

    with pytest.raises(SiteSlugTaken) as refused:
        add_a_site(SiteFields(name="Cozy Home: Outlet", currency="USD", number_prefix="N-"))

    assert isinstance(refused.value.__cause__, IntegrityError)


# Editing -------------------------------------------------------------------------------------------------------------


def test_what_is_given_changes_and_the_rest_stays(site: Site, edit_a_site: Any, clerk: Any) -> None:
    edit_a_site(name="Cozy Home USA", sender_name="The Cozy Home team", mails_shipped=True, currency="USD")

    site.refresh_from_db()
    assert (site.name, site.sender_name, site.mails_shipped, site.version) == (
        "Cozy Home USA",
        "The Cozy Home team",
        True,
        2,
    )
    told = entry()
    assert told.before == {"name": "Cozy Home US", "sender_name": "", "mails_shipped": False}
    assert told.after == {"name": "Cozy Home USA", "sender_name": "The Cozy Home team", "mails_shipped": True}
    assert (told.version, told.actor_name) == (2, "Mia Chen")


def test_what_is_the_same_already_changes_nothing(site: Site, edit_a_site: Any) -> None:
    edit_a_site(name=site.name, next_number=site.next_number)

    site.refresh_from_db()
    assert site.version == 1
    assert not Entry.objects.exists()


def test_the_short_name_changes_until_there_is_an_order(
    site: Site, edit_a_site: Any, document: Any, clerk: Any
) -> None:
    assert edit_a_site(slug=site.slug, name="US") == "cozy-home-us"
    assert edit_site.run(slug=site.slug, fields=SiteFields(slug="us"), actor=clerk.actor, now=clerk.now) == "us"
    clerk.asks.take_in(document(site="us"))

    with pytest.raises(SiteInUse) as refused:
        edit_site.run(slug="us", fields=SiteFields(slug="usa"), actor=clerk.actor, now=clerk.now)

    assert refused.value.facts == {"pointer": "/slug"}
    assert Site.objects.get().slug == "us"


def test_a_short_name_that_another_site_has_is_refused(site: Site, add_a_site: Any, clerk: Any) -> None:
    add_a_site()

    with pytest.raises(SiteSlugTaken):
        edit_site.run(slug=site.slug, fields=SiteFields(slug="cozy-home-outlet"), actor=clerk.actor, now=clerk.now)

    assert Site.objects.filter(slug=site.slug).exists()


def test_changes_of_two_people_to_different_fields_merge(site: Site, edit_a_site: Any, colleague: Any) -> None:
    edit_a_site(by=colleague, name="Cozy Home USA")

    edit_a_site(version=1, name="Cozy Home US", sender_name="The team")  # the name as it was seen

    site.refresh_from_db()
    assert (site.name, site.sender_name) == ("Cozy Home USA", "The team")


def test_what_both_changed_is_refused_with_who_did_and_what_stands_there(
    site: Site, edit_a_site: Any, colleague: Any
) -> None:
    edit_a_site(by=colleague, name="Cozy Home USA")
    edit_a_site(by=colleague, name="Cozy Home America", sender_name="The team")

    with pytest.raises(SiteChanged) as refused:
        edit_a_site(version=1, name="Cozy Home United States", mails_shipped=True)

    facts = refused.value.facts
    assert refused.value.message == "Ravi Patel changed this site since you opened it."
    assert (facts["now"], facts["version"]) == ({"name": "Cozy Home America"}, 3)
    assert [each["fields"] for each in facts["changes"]] == [["name"], ["name", "sender_name"]]
    site.refresh_from_db()
    assert (site.name, site.mails_shipped) == ("Cozy Home America", False)


def test_both_who_changed_a_field_to_the_same_agree(site: Site, edit_a_site: Any, colleague: Any) -> None:
    edit_a_site(by=colleague, name="Cozy Home USA")

    edit_a_site(version=1, name="Cozy Home USA")

    site.refresh_from_db()
    assert site.version == 2


def test_a_version_that_never_was_is_refused(site: Site, edit_a_site: Any) -> None:
    with pytest.raises(SiteChanged, match="Somebody changed this site"):
        edit_a_site(version=9, name="Cozy Home USA")

    assert not Entry.objects.exists()


def test_a_site_is_locked_within_a_transaction(site: Site) -> None:
    with pytest.raises(RuntimeError, match="for the length of a transaction"):
        lock_site(slug=site.slug, actor=SYSTEM)


# Closing -------------------------------------------------------------------------------------------------------------


def test_a_closed_site_takes_in_no_orders_and_everything_else_goes_on(
    site: Site, edit_a_site: Any, clerk: Any, order: Any, document: Any
) -> None:
    edit_a_site(is_open=False)

    with pytest.raises(SiteClosed) as refused:
        clerk.asks.take_in(document())
    clerk.asks.add_note(order, "Still at work")

    assert (refused.value.code, refused.value.facts["site"]) == ("site_closed", site.slug)
    assert numbers() == ["1001"]
    site.refresh_from_db()
    assert (site.closed_at, site.next_number) == (clerk.now, 1002)
    assert (entry().before, entry().after) == ({"is_open": True}, {"is_open": False})


def test_what_was_handed_in_before_the_site_closed_is_answered_as_then(
    site: Site, edit_a_site: Any, clerk: Any, document: Any
) -> None:
    placed = document()
    clerk.asks.take_in(placed)
    edit_a_site(is_open=False)

    assert clerk.asks.take_in(placed) == TakenIn(number="1001", is_new=False)


def test_a_site_that_is_opened_again_goes_on_with_its_numbers(
    site: Site, edit_a_site: Any, clerk: Any, document: Any
) -> None:
    clerk.asks.take_in(document())
    edit_a_site(is_open=False)
    edit_a_site(is_open=True)
    clerk.asks.take_in(document())

    assert numbers() == ["1001", "1002"]


# Deleting ------------------------------------------------------------------------------------------------------------


def test_a_site_that_nothing_belongs_to_is_deleted_and_the_journal_keeps_what_it_was(
    site: Site, add_a_site: Any, clerk: Any
) -> None:
    made = add_a_site()

    delete_site.run(slug=made.slug, actor=clerk.actor, now=clerk.now)

    assert list(Site.objects.values_list("slug", flat=True)) == [site.slug]
    assert entry("site.deleted").before["name"] == "Cozy Home Outlet"
    assert delete_site.availability(read_site(slug=site.slug, actor=SYSTEM), clerk.actor).allowed


def test_a_site_that_something_belongs_to_stays(site: Site, order: Any, clerk: Any, now: Any) -> None:
    hire(name="Lena Lokal", email="lena@cozy-home.example.com", now=now, role="order-clerk", sites=[site])
    ProviderAccount.objects.get(slug="practice").sites.add(site)

    with pytest.raises(SiteInUse) as refused:
        delete_site.run(slug=site.slug, actor=clerk.actor, now=clerk.now)

    said = "These belong to it: orders, roles of people, payment providers."
    assert (refused.value.message, refused.value.facts["used_by"]) == (said, ["orders", "roles", "provider_accounts"])
    assert delete_site.availability(read_site(slug=site.slug, actor=SYSTEM), clerk.actor).reason == said
    assert Site.objects.exists()


# Who may --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def local(site: Site, now: Any) -> Any:
    """Hire somebody who manages the first site alone."""
    return hire(name="Lena Lokal", email="lena@cozy-home.example.com", now=now, role="order-manager", sites=[site])


def test_whoever_may_change_one_site_edits_that_one_alone(
    site: Site, add_a_site: Any, edit_a_site: Any, local: Any
) -> None:
    other = add_a_site()

    edit_a_site(by=local, name="Cozy Home USA")
    with pytest.raises(SiteNotFound):
        edit_a_site(by=local, slug=other.slug, name="Mine")
    for act in (
        lambda: add_a_site(SiteFields(name="More", currency="USD", number_prefix="M-"), by=local),
        lambda: delete_site.run(slug=site.slug, actor=local.actor, now=local.now),
    ):
        with pytest.raises(Refused):
            act()

    assert Site.objects.get(pk=site.pk).name == "Cozy Home USA"
    assert Site.objects.get(pk=other.pk).name == "Cozy Home Outlet"
    assert [row.slug for row in list_site_entries(actor=local.actor)] == [site.slug]
    assert [row.slug for row in list_sites(actor=local.actor)] == [site.slug]
    row = read_site(slug=site.slug, actor=local.actor)
    assert edit_site.availability(row, local.actor).limits == {"may_rename": True}
    assert not delete_site.availability(row, local.actor).allowed
    assert not add_site.availability(local.actor).allowed


def test_whoever_may_only_look_changes_nothing(site: Site, add_a_site: Any, edit_a_site: Any, viewer: Any) -> None:
    for act in (
        lambda: add_a_site(by=viewer),
        lambda: edit_a_site(by=viewer, name="Mine"),
        lambda: delete_site.run(slug=site.slug, actor=viewer.actor, now=viewer.now),
    ):
        with pytest.raises(OrderwrightError) as refused:
            act()
        assert refused.value.code == "not_permitted"

    assert Site.objects.get() == site
    assert not edit_site.availability(read_site(slug=site.slug, actor=viewer.actor), viewer.actor).allowed
    assert not Entry.objects.exists()
