"""The Emails pages: what was written to customers and colleagues, and whether it has gone out."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions import resend_mail
from orderwright.core.actor import Actor
from orderwright.reads.mails import LETTING_IN, MailDetail, MailPage
from orderwright.reads.mails import MailRow as MailFacts
from orderwright.web.presenters.list_page import Mail, MailList, MailRow
from orderwright.web.presenters.parts import Badge, Field, Letter, Link
from orderwright.web.presenters.words import until, when

# Mails of all sites stand in one list, so one zone for all of them.
_ZONE = "UTC"


def mail_list(
    page: MailPage, *, state: str | None, here: str, order_href: str, is_first: bool, now: datetime
) -> MailList:
    """Return a page of mails."""
    asked = f"state={state}&" if state else ""
    names = {"due": _("Waiting"), "sent": _("Sent"), "undelivered": _("Not delivered")}
    return MailList(
        rows=tuple(_row(mail, here=here, order_href=order_href, now=now) for mail in page.items),
        chips=(
            Link(_("All"), here, is_current=state is None),
            *(Link(text, f"{here}?state={word}", is_current=word == state) for word, text in names.items()),
        ),
        sorted_by=_("Newest first, by the time written. Times in UTC."),
        newest_href="" if is_first else f"{here}?{asked}".rstrip("?&"),
        older_href=f"{here}?{asked}after={page.next}" if page.next else "",
    )


def _row(mail: MailFacts, *, here: str, order_href: str, now: datetime) -> MailRow:
    return MailRow(
        href=f"{here}/{mail.id}",
        subject=mail.subject,
        to=mail.recipient,
        order=_order(mail, order_href),
        when=when(mail.created_at, now=now, zone_name=_ZONE),
        state=_state(mail),
        note=_note(mail, now=now),
    )


def _order(mail: MailFacts, order_href: str) -> Link | None:
    if mail.order_number is None:
        return None
    return Link(f"#{mail.order_number}", order_href.format(number=mail.order_number))


def _state(mail: MailFacts) -> Badge:
    return {
        "due": Badge(_("Waiting"), "blue"),
        "sent": Badge(_("Sent"), "green"),
        "bounced": Badge(_("Bounced"), "red"),
        "dead": Badge(_("Given up"), "red"),
    }[mail.state]


def _note(mail: MailFacts, *, now: datetime) -> str:
    if mail.state == "sent" or not mail.attempts:
        return ""
    tried = ngettext("Tried once", "Tried %(count)s times", mail.attempts) % {"count": mail.attempts}
    if mail.state == "due":
        again = until(mail.due_at, now=now) if mail.due_at > now else _("now")
        tried = _("%(tried)s, again %(when)s") % {"tried": tried, "when": again}
    return f"{tried}: {mail.last_error}" if mail.last_error else tried


def mail_page(
    mail: MailDetail,
    actor: Actor,
    *,
    here: str,
    order_href: str,
    now: datetime,
    typed: str | None = None,
    error: str = "",
) -> Mail:
    """Return one mail as it goes out. `typed` and `error` are of an address that it could not be sent again to."""
    sent = when(mail.sent_at, now=now, zone_name=_ZONE) if mail.sent_at else None
    may_resend = resend_mail.availability(mail, actor).allowed
    may_readdress = resend_mail.readdressing(mail, actor).allowed
    return Mail(
        subject=mail.subject,
        sender=mail.sender,
        to=mail.recipient,
        when=when(mail.created_at, now=now, zone_name=_ZONE),
        state=_state(mail),
        order=_order(mail, order_href),
        letter=Letter(mail.text, f"{here}/{mail.id}/html" if mail.html else ""),
        tries=_("Sent %(when)s") % {"when": sent.full} if sent else _note(mail, now=now),
        message_id=mail.message_id,
        notes=_notes(mail),
        links=(
            *([Link(_("the email that this one repeats"), f"{here}/{mail.resend_of_id}")] if mail.resend_of_id else []),
            *(Link(_("sent again"), f"{here}/{again}") for again in mail.resent_as),
        ),
        resend_action=f"{here}/{mail.id}/resend" if may_resend else "",
        resend_to=Field(mail.recipient if typed is None else typed, error=error) if may_readdress else None,
        resend_error="" if may_readdress else error,
    )


def _notes(mail: MailDetail) -> tuple[str, ...]:
    notes = []
    if mail.kind in LETTING_IN:
        notes.append(
            _("Its words are hidden: the link in them lets whoever reads them in as the person it was sent to.")
        )
    if mail.template_fault:
        words = _("It went out in the built-in words, for the template could not be used: %(why)s")
        notes.append(words % {"why": mail.template_fault})
    return tuple(notes)
