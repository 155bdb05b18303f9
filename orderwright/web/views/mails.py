"""Emails: what the desk wrote to customers and colleagues."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from orderwright.actions import resend_mail
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import NotFound, OrderwrightError
from orderwright.reads.mails import list_mails, read_mail
from orderwright.reads.sites import read_logo
from orderwright.web import posted
from orderwright.web.errors import words_of
from orderwright.web.framed import framed, with_logo
from orderwright.web.page import page, say
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.mails import mail_list, mail_page
from orderwright.web.presenters.parts import Toast

PLACE = "emails"


def _order_href() -> str:
    return reverse("order", args=["NUMBER"]).replace("NUMBER", "{number}")


@require_GET
@permission("emails.view")
def mails(request: StaffRequest) -> HttpResponse:
    """Show the mails, newest first."""
    asked = request.GET.get("state")
    state = asked if asked in ("due", "sent", "undelivered") else None
    after = request.GET.get("after") or None
    shown = mail_list(
        list_mails(after=after, state=state, actor=request.user.actor()),
        state=state,
        here=reverse(PLACE),
        order_href=_order_href(),
        is_first=after is None,
        now=clock_now(),
    )
    return page(request, "emails/list.html", {"mails": shown}, current=PLACE, is_list=True)


@require_GET
@permission("emails.view")
def mail(request: StaffRequest, mail_id: int) -> HttpResponse:
    """Show one mail as it goes out."""
    return _show(request, mail_id)


@require_GET
@permission("emails.view")
def html(request: StaffRequest, mail_id: int) -> HttpResponse:
    """Return a mail's HTML, for the frame on its page."""
    mail = read_mail(id=mail_id, actor=request.user.actor())
    return framed(with_logo(mail.html, None if mail.logo_id is None else read_logo(id=mail.logo_id).png))


@require_POST
@permission("emails.resend")
def resend(request: StaffRequest, mail_id: int) -> HttpResponse:
    """Send a mail again, to the same address or to a corrected one."""
    recipient = posted.text(request, "recipient")
    try:
        again = resend_mail.run(mail_id=mail_id, recipient=recipient, actor=request.user.actor(), now=clock_now())
    except NotFound:
        raise
    except OrderwrightError as error:
        return _show(request, mail_id, typed=recipient, error=error)
    say(request, Toast(_("Sent again; this is the new email")))
    return redirect("email", again)


def _show(
    request: StaffRequest, mail_id: int, *, typed: str | None = None, error: OrderwrightError | None = None
) -> HttpResponse:
    actor = request.user.actor()
    shown = mail_page(
        read_mail(id=mail_id, actor=actor),
        actor,
        here=reverse(PLACE),
        order_href=_order_href(),
        now=clock_now(),
        typed=typed,
        error=words_of(error) if error else "",
    )
    status = error.status if error else HTTPStatus.OK
    return page(request, "emails/detail.html", {"mail": shown}, current=PLACE, status=status)
