"""Email templates: the shop's own words per kind, site and language, with every version kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from orderwright.actions import drop_email_template, save_email_template, send_test_mail
from orderwright.actions.email_template_rules import place_of
from orderwright.core.actor import SYSTEM, Actor, Grant
from orderwright.core.errors import Invalid, NotFound, Refused
from orderwright.journal.models import Entry
from orderwright.orders.models import Site
from orderwright.outbox.errors import TemplateChanged, TemplateUnchanged
from orderwright.outbox.models import EmailTemplate, EmailTemplateVersion, Mail
from orderwright.outbox.templates import choose_wording
from orderwright.reads.email_templates import list_templates, read_template
from tests.support.email_words import PLACE, place, words
from tests.support.rivals import look_too_early


def save(clerk: Any, **changes: Any) -> int:
    return save_email_template.run(**words(**changes), actor=clerk.actor, now=clerk.now)


def restore(clerk: Any, number: int) -> int:
    return save_email_template.restore(
        place=place_of(**PLACE, actor=SYSTEM), number=number, actor=clerk.actor, now=clerk.now
    )


def drop(clerk: Any, version: int | None = None) -> None:
    drop_email_template.run(place=place_of(**PLACE, actor=SYSTEM), actor=clerk.actor, now=clerk.now, version=version)


def test_the_customer_gets_the_shop_s_own_words(clerk, order):
    save(clerk)

    clerk.cancel(order, email=True)

    mail = Mail.objects.get()
    assert (mail.subject, mail.text) == ("#1001 is off", "Hi Bob Norman\n")
    assert ">Hi Bob Norman</p>" in mail.html
    assert (mail.template.kind, mail.template_version, mail.template_fault) == ("order_canceled", 1, "")


def test_without_a_template_the_customer_gets_the_built_in_words(clerk, order):
    clerk.cancel(order, email=True)

    mail = Mail.objects.get()
    assert mail.subject == "Your order #1001 from Cozy Home US is canceled"
    assert (mail.template, mail.template_version) == (None, None)


def test_the_template_that_fits_best_is_used(clerk, site):
    Site.objects.create(
        slug="other", name="Other", currency="EUR", number_prefix="O-", locale="de-DE", sender="o@other.example.com"
    )
    for site_slug, language in (
        (None, ""),
        (None, "de"),
        (None, "de-AT"),
        ("cozy-home-us", ""),
        ("cozy-home-us", "de"),
    ):
        save(clerk, site=site_slug, language=language, subject=f"{site_slug} {language}")

    def subject(site_slug: str, language: str) -> str:
        store = Site.objects.get(slug=site_slug)
        chosen = choose_wording(kind="order_canceled", site_id=store.pk, site_locale=store.locale, language=language)
        return chosen.wording.subject

    assert subject("cozy-home-us", "de") == "cozy-home-us de"
    assert subject("cozy-home-us", "de-AT") == "cozy-home-us de"
    assert subject("cozy-home-us", "fr") == "cozy-home-us"
    assert subject("other", "de_at") == "None de-AT"
    assert subject("other", "DE") == "None de"
    assert subject("other", "fr") == "None"
    assert subject("other", "") == "None"


def test_words_for_any_language_are_dated_in_the_store_s(clerk, order):
    Site.objects.update(locale="fr-FR")
    save(clerk, text="Commande du {{ placed_on }}")
    placed = clerk.sees(order).placed_at

    clerk.cancel(order, email=True)

    assert Mail.objects.get().text == f"Commande du {placed.day} novembre 2026\n"


def test_every_version_is_kept_with_who_and_when(clerk, colleague):
    save(clerk)
    save(colleague, subject="{{ number }} is off, sorry")

    detail = read_template(**PLACE)
    assert [(each.number, each.subject, each.saved_by) for each in detail.versions] == [
        (2, "{{ number }} is off, sorry", "Ravi Patel"),
        (1, "{{ number }} is off", "Mia Chen"),
    ]
    assert detail.current.saved_at == clerk.now


def test_an_earlier_version_is_restored_as_a_new_one(clerk):
    save(clerk)
    save(clerk, subject="A mistake")

    number = restore(clerk, 1)

    current = read_template(**PLACE).current
    assert (number, current.number, current.subject, current.restored_from) == (3, 3, "{{ number }} is off", 1)
    assert Entry.objects.order_by("pk").last().kind == "email_template.restored"


def test_a_version_that_never_was_cannot_be_restored(clerk):
    save(clerk)

    with pytest.raises(NotFound):
        restore(clerk, 7)

    assert EmailTemplateVersion.objects.count() == 1


def test_a_dropped_template_gives_way_and_keeps_its_versions(clerk, order):
    save(clerk)

    drop(clerk)

    assert list_templates(actor=SYSTEM) == []
    assert not read_template(**PLACE).is_used
    clerk.cancel(order, email=True)
    assert Mail.objects.get().template is None
    assert save(clerk) == 2  # the same words again, as a version of their own


def test_a_template_that_is_not_in_use_is_not_dropped(clerk):
    with pytest.raises(NotFound):
        drop(clerk)
    save(clerk)
    drop(clerk)

    with pytest.raises(NotFound) as refused:
        drop(clerk)

    assert refused.value.code == "template_not_found"
    assert Entry.objects.filter(kind="email_template.dropped").count() == 1


def test_words_that_somebody_else_saved_meanwhile_are_not_dropped_unseen(clerk, colleague):
    save(clerk)
    save(colleague, subject="Ravi's")

    with pytest.raises(TemplateChanged) as refused:
        drop(clerk, version=1)

    assert refused.value.facts == {"version": 2}
    assert read_template(**PLACE).is_used
    drop(clerk, version=2)
    assert not read_template(**PLACE).is_used


def test_the_database_itself_keeps_what_a_version_said(clerk):
    save(clerk)

    for change in (
        lambda: EmailTemplateVersion.objects.update(subject="x"),
        lambda: EmailTemplateVersion.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()

    assert EmailTemplateVersion.objects.get().subject == "{{ number }} is off"


def test_the_journal_tells_of_each_change_without_the_words(clerk):
    save(clerk)
    save(clerk, subject="Other words")
    drop(clerk)

    entries = list(Entry.objects.filter(stream="email_template:order_canceled:all:any").order_by("sequence"))
    assert [entry.kind for entry in entries] == [
        "email_template.saved",
        "email_template.saved",
        "email_template.dropped",
    ]
    assert entries[0].before == {"version": None, "words": None}
    assert entries[1].before == entries[0].after
    assert entries[2].before["words"] == entries[1].after["words"]
    assert "Other words" not in str([entry.after for entry in entries])


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"subject": ""}, "/subject"),
        ({"subject": "x\x00"}, "/subject"),
        ({"text": "{{ nonsense }}"}, "/text"),
        ({"text": "4242 4242 4242 4242"}, "/text"),  # W14
        ({"html": "<script></script>"}, "/html"),
        ({"html": "<p>a</p><form action='https://evil.example'"}, "/html"),
        ({"html": "<style></style/><script>x</script></style>"}, "/html"),
        ({"html": "x" * 60_001}, "/html"),
        ({"language": "klingon-from-afar"}, "/language"),
        ({"language": "zh-Hans"}, "/language"),
        ({"language": "!!"}, "/language"),
    ],
)
def test_words_that_no_mail_can_have_are_refused_and_nothing_is_kept(clerk, changes, pointer):
    with pytest.raises(Invalid) as refused:
        save(clerk, **changes)

    assert refused.value.fields[0].pointer == pointer
    assert not EmailTemplate.objects.exists()
    assert not Entry.objects.filter(kind__startswith="email_template").exists()


@pytest.mark.parametrize("changes", [{"kind": "order_lost"}, {"site": "nowhere"}])
def test_a_template_for_what_there_is_not_is_refused(clerk, changes):
    with pytest.raises(NotFound):
        save(clerk, **changes)

    assert not EmailTemplate.objects.exists()


def test_a_version_that_somebody_else_saved_is_not_written_over(clerk, colleague):
    save(clerk)
    save(colleague, subject="Ravi's", version=1)

    with pytest.raises(TemplateChanged) as refused:
        save(clerk, subject="Mia's", version=1)

    assert refused.value.facts == {"version": 2}
    assert read_template(**PLACE).current.subject == "Ravi's"


def test_two_who_save_the_first_version_at_once_leave_one(clerk, colleague, both_at_once):
    both = iter((clerk, colleague))

    outcomes = both_at_once(lambda: save(next(both), version=0))

    assert sorted(outcomes) == ["done", "template_changed"]
    assert EmailTemplateVersion.objects.count() == 1


def test_a_first_version_that_a_rival_saved_a_moment_ago_is_not_written_over(clerk, colleague, monkeypatch):
    save(colleague, subject="Ravi's")
    look_too_early(monkeypatch, save_email_template, "lock_template", seeing=None)

    with pytest.raises(TemplateChanged):
        save(clerk, subject="Mia's")

    assert (EmailTemplate.objects.count(), EmailTemplateVersion.objects.count()) == (1, 1)
    assert read_template(**PLACE).current.subject == "Ravi's"


def test_the_same_words_again_are_refused(clerk):
    save(clerk)

    with pytest.raises(TemplateUnchanged):
        save(clerk)

    assert EmailTemplateVersion.objects.count() == 1


def test_whoever_may_not_edit_templates_changes_none(clerk, viewer):
    save(clerk)

    for attempt in (lambda: save(viewer, subject="x"), lambda: drop(viewer)):
        with pytest.raises(Refused):
            attempt()

    assert read_template(**PLACE).current.subject == "{{ number }} is off"


def test_a_template_that_cannot_be_used_any_more_is_flagged_and_the_mail_goes_out(clerk, order):
    save(clerk)
    # As an older release left it: a placeholder that mails do not have any more.
    template = EmailTemplate.objects.get()
    EmailTemplateVersion.objects.create(
        template=template, number=2, subject="x", text="{{ loyalty_points }}", written_at=clerk.now
    )
    EmailTemplate.objects.update(version=2)

    clerk.cancel(order, email=True)

    mail = Mail.objects.get()
    assert mail.subject == "Your order #1001 from Cozy Home US is canceled"
    assert mail.template_fault == "Line 1: There is no placeholder “loyalty_points” in this mail."
    assert [row.faults for row in list_templates(actor=SYSTEM)] == [1]


def test_whoever_holds_a_role_at_one_site_writes_its_words_alone(clerk, order, site):
    other = Site.objects.create(
        slug="other", name="Other", currency="EUR", number_prefix="O-", locale="de-DE", sender="o@other.example.com"
    )
    here = Actor(kind="person", ref="1", name="Local", grants=(grant(site.pk),))
    elsewhere = Actor(kind="person", ref="2", name="Distant", grants=(grant(other.pk),))
    theirs = place_of(**place(site="cozy-home-us"), actor=here)

    number = save_email_template.run(**words() | {"place": theirs}, actor=here, now=clerk.now)

    assert number == 1
    with pytest.raises(Refused):
        save_email_template.run(**words(), actor=here, now=clerk.now)  # those of all sites
    with pytest.raises(NotFound):
        place_of(**place(site="cozy-home-us"), actor=elsewhere)
    with pytest.raises(NotFound):
        send_test_mail.preview(**words(number="1001"), actor=elsewhere)
    assert (len(list_templates(actor=here)), list_templates(actor=elsewhere)) == (1, [])


def grant(site_id: int) -> Grant:
    return Grant(permissions=frozenset({"emails.edit", "configuration.view", "orders.view"}), site_id=site_id)
