"""Emails: what the desk wrote to customers."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from orderwright.core.clock import now as clock_now
from orderwright.reads.mails import list_mails, read_mail
from orderwright.web.page import page
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.mails import mail_list, mail_page

PLACE = "emails"


def _order_href() -> str:
    return reverse("order", args=["NUMBER"]).replace("NUMBER", "{number}")


@require_GET
@permission("emails.view")
def mails(request: StaffRequest) -> HttpResponse:
    """Show the mails, newest first."""
    asked = request.GET.get("state")
    state = asked if asked in ("due", "sent", "dead") else None
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
    shown = mail_page(read_mail(id=mail_id, actor=request.user.actor()), order_href=_order_href(), now=clock_now())
    return page(request, "emails/detail.html", {"mail": shown}, current=PLACE)
