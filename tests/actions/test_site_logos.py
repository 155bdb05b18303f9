"""A site's logo: written anew, kept for ever, changed by whoever may change the site (W10)."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from orderwright.actions import edit_site, resend_mail, set_logo
from orderwright.actions.site_fields import SiteFields
from orderwright.core.actor import SYSTEM
from orderwright.core.errors import Invalid, Refused
from orderwright.core.png import rewritten
from orderwright.journal.models import Entry
from orderwright.orders.errors import SiteNotFound
from orderwright.orders.models import Logo, Site
from orderwright.outbox.models import Mail
from orderwright.reads.sites import read_site, read_site_logo
from orderwright.web.framed import with_logo
from tests.factories.pictures import PICTURE, picture

GREEN = picture(3, 1)


def by(somebody: Any) -> dict[str, Any]:
    return {"actor": somebody.actor, "now": somebody.now}


def test_a_logo_is_kept_as_we_wrote_it_and_the_journal_names_its_digest(site: Site, clerk: Any) -> None:
    set_logo.run(slug=site.slug, png=PICTURE, **by(clerk))

    logo = read_site_logo(slug=site.slug, actor=SYSTEM)
    assert (logo.png, logo.width, logo.height) == (rewritten(PICTURE).data, 2, 2)
    assert logo.digest == hashlib.sha256(logo.png).hexdigest()
    entry = Entry.objects.get(kind="site.edited")
    assert (entry.before, entry.after, entry.version) == ({"logo": None}, {"logo": logo.digest}, 2)
    row = read_site(slug=site.slug, actor=SYSTEM)
    assert (row.logo_digest, row.logo_width, row.version) == (logo.digest, 2, 2)


def test_another_logo_takes_its_place_and_the_first_one_stays_as_it_was(site: Site, clerk: Any) -> None:
    for png in (PICTURE, GREEN, GREEN, PICTURE):
        set_logo.run(slug=site.slug, png=png, **by(clerk))

    assert sorted(Logo.objects.values_list("width", flat=True)) == [2, 3]
    site.refresh_from_db()
    assert (site.logo.width, site.version) == (2, 4)
    for act in (Logo.objects.all().delete, lambda: Logo.objects.update(width=9)):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_logo_is_taken_away(site: Site, clerk: Any) -> None:
    set_logo.run(slug=site.slug, png=PICTURE, **by(clerk))
    set_logo.run(slug=site.slug, png=None, **by(clerk))
    set_logo.run(slug=site.slug, png=None, **by(clerk))

    assert read_site_logo(slug=site.slug, actor=SYSTEM) is None
    assert Entry.objects.filter(kind="site.edited").count() == 2


def test_what_is_no_picture_is_refused(site: Site, clerk: Any) -> None:
    with pytest.raises(Invalid) as refused:
        set_logo.run(slug=site.slug, png=b"<svg/>", **by(clerk))

    assert [(fault.pointer, fault.code) for fault in refused.value.fields] == [("/png", "logo_unreadable")]
    assert not Logo.objects.exists()


def test_whoever_may_not_change_the_site_does_not_change_its_logo(site: Site, viewer: Any) -> None:
    with pytest.raises(Refused):
        set_logo.run(slug=site.slug, png=PICTURE, **by(viewer))
    with pytest.raises(SiteNotFound):
        read_site_logo(slug="nowhere", actor=viewer.actor)

    assert not Logo.objects.exists()
    assert not Entry.objects.exists()


# In mails -------------------------------------------------------------------------------------------------------------


def received(take_in: Any) -> Mail:
    """Return the mail that thanks for an order which comes in."""
    Site.objects.update(mails_received=True)
    return Mail.objects.get(order_id=take_in().id)


def test_a_mail_shows_the_logo_that_its_site_had_when_it_was_written(
    site: Site, take_in: Any, clerk: Any, now: Any
) -> None:
    set_logo.run(slug=site.slug, png=PICTURE, **by(clerk))
    mail = received(take_in)
    Mail.objects.update(state="sent", sent_at=now)

    set_logo.run(slug=site.slug, png=GREEN, **by(clerk))
    again = Mail.objects.get(pk=resend_mail.run(mail_id=mail.pk, **by(clerk)))

    assert re.search(r'<img [^>]*src="cid:logo"[^>]*>', mail.html)[0].count('alt="Cozy Home US"') == 1
    assert (mail.logo.width, again.logo.width, again.html) == (2, 2, mail.html)
    framed = with_logo(mail.html, bytes(again.logo.png))
    assert "cid:logo" not in framed
    assert framed.count("data:image/png;base64,iVBOR") == 1


def test_a_mail_of_a_site_without_a_logo_shows_its_name(site: Site, take_in: Any) -> None:
    mail = received(take_in)

    assert (mail.logo, "cid:logo" in mail.html) == (None, False)
    assert with_logo(mail.html, None) == mail.html


def test_a_mail_names_its_sender_as_the_site_does(site: Site, take_in: Any, clerk: Any) -> None:
    fields = SiteFields(sender_name="Anna from Cozy Home")
    edit_site.run(slug=site.slug, fields=fields, **by(clerk))

    assert received(take_in).sender == "Anna from Cozy Home <orders@cozy-home.example.com>"
