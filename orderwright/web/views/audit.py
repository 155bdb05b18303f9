"""The audit: the whole journal narrowed by who, what, when, order and site; its file; its head; a check of it."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime, timedelta

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from orderwright.actions import check_journal, export_audit
from orderwright.core.clock import now as clock_now
from orderwright.core.days import day_start
from orderwright.core.errors import FieldError, Invalid, OrderwrightError
from orderwright.journal.heads import document
from orderwright.journal.roots import last_head
from orderwright.orders.errors import SiteUnknown
from orderwright.orders.models import Order
from orderwright.reads.audit import AuditQuery, list_actors, list_kinds, read_audit
from orderwright.reads.audit_checks import last_check, read_head
from orderwright.reads.ledger_scope import parse_day
from orderwright.reads.rows import SiteRow
from orderwright.reads.sites import list_sites
from orderwright.web.errors import pointer_of, words_of
from orderwright.web.page import fragment, is_htmx, page, say
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.audit import (
    FILTERS,
    Asked,
    Offered,
    Places,
    audit_page,
    refused_page,
    said,
    standing_of,
)
from orderwright.web.presenters.audit_page import Standing
from orderwright.web.presenters.parts import Toast
from orderwright.web.views.money_answers import order_href

PLACE = "audit"
_LONGEST = 120
_NO_ORDER = 0


@require_GET
@permission("audit.view")
def audit(request: StaffRequest) -> HttpResponse:
    """Show the journal, newest first; what was wrongly asked for is said beside its field."""
    asked, now, sites = _asked(request), clock_now(), list_sites(actor=request.user.actor())
    offered = Offered(actors=list_actors(actor=request.user.actor()), kinds=list_kinds(), sites=sites)
    standing = _standing(request, now)
    try:
        query = _query(asked, sites)
        found = read_audit(query, actor=request.user.actor())
    except Invalid as error:
        values = refused_page(
            asked, offered, standing=standing, here=reverse(PLACE), errors={pointer_of(error): words_of(error)}
        )
        return page(request, "audit/list.html", {"audit": values}, current=PLACE, status=error.status)
    values = audit_page(
        found, asked, offered, standing=standing, places=_places(), zone_name=_zone(asked, sites), now=now
    )
    return page(request, "audit/list.html", {"audit": values}, current=PLACE)


@require_GET
@permission("audit.view")
def audit_file(request: StaffRequest) -> HttpResponseBase:
    """Give every entry asked for as CSV."""
    query = _query(_asked(request), list_sites(actor=request.user.actor()))
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it once it is sent
    try:
        name = export_audit.run(query, target=target, say=said, actor=request.user.actor(), now=clock_now())
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name, content_type=export_audit.MEDIA_TYPE)


@require_GET
@permission("audit.view")
def head(request: StaffRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Give the newest signed head as a file to be kept elsewhere. Raises: HeadNotFound."""
    newest = read_head()
    answer = HttpResponse(json.dumps(document(newest), indent=1) + "\n", content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="orderwright-head-{newest.number}.json"'
    return answer


@require_http_methods(["GET", "POST"])
@permission("audit.view")
def checks(request: StaffRequest) -> HttpResponse:
    """Ask for a check of the journal, or tell how far it is."""
    if request.method == "GET":
        if not is_htmx(request):
            return redirect(PLACE)
        return fragment(request, "audit/_standing.html", {"standing": _standing(request, clock_now())})
    toast = Toast(_("The journal is being checked"), is_passing=True)
    status = 200
    try:
        check_journal.ask(actor=request.user.actor(), now=clock_now())
    except OrderwrightError as error:
        toast, status = Toast(words_of(error), is_bad=True), error.status
    if not is_htmx(request):
        say(request, toast)
        return redirect(PLACE)
    values = {"standing": _standing(request, clock_now())}
    return fragment(request, "audit/_answer.html", values, toasts=[toast], status=status, target="#standing")


def _asked(request: StaffRequest) -> Asked:
    values = {name: _printable(request.GET.get(name, ""))[:_LONGEST] for name in FILTERS}
    return Asked(values=values, after=request.GET.get("after", ""))


def _printable(text: str) -> str:
    # PostgreSQL refuses to be asked about some characters, and nothing that is stored has them.
    return "".join(char for char in text if char.isprintable()).strip()


def _query(asked: Asked, sites: list[SiteRow]) -> AuditQuery:
    """Return what is asked for. Raises: DayInvalid, SiteUnknown, each pointing at its field."""
    site = next((each for each in sites if each.slug == asked["site"]), None)
    if asked["site"] and site is None:
        message = _("There is no such site.")
        raise SiteUnknown(message, fields=(FieldError(pointer="/site", code=SiteUnknown.code, message=message),))
    zone = _zone(asked, sites)
    kind, _colon, ref = asked["who"].partition(":")
    return AuditQuery(
        who=(kind, ref) if asked["who"] else None,
        kind=asked["what"],
        since=_start(asked["from"], "from", zone) if asked["from"] else None,
        until=_start(asked["to"], "to", zone, days=1) if asked["to"] else None,
        order_id=_order_id(asked["order"]) if asked["order"] else None,
        site_id=site.id if site else None,
        after=asked.after or None,
    )


def _start(text: str, name: str, zone: str, *, days: int = 0) -> datetime:
    return day_start(parse_day(text, name) + timedelta(days=days), zone_name=zone)


def _order_id(number: str) -> int:
    wanted = number.lstrip("#").strip()
    found = Order.objects.filter(number=wanted).values_list("pk", flat=True).first()
    return found or _NO_ORDER


def _zone(asked: Asked, sites: list[SiteRow]) -> str:
    """Return the zone in which days begin and times are told: the site's, or UTC where sites differ."""
    zones = {site.time_zone for site in sites if asked["site"] in ("", site.slug)}
    return zones.pop() if len(zones) == 1 else "UTC"


def _standing(request: StaffRequest, now: datetime) -> Standing:
    return standing_of(
        last_head(),
        last_check(),
        actor=request.user.actor(),
        head_href=reverse("audit-head"),
        check_href=reverse("audit-checks"),
        now=now,
    )


def _places() -> Places:
    return Places(
        here=reverse(PLACE),
        file=reverse("audit-file"),
        order=order_href(),
        configuration={
            "order_state": reverse("order-configurations"),
            "order_moves": reverse("order-moves"),
            "delivery_state": reverse("shipping"),
            "shipping_method": reverse("shipping-methods"),
            "carrier": reverse("carriers"),
            "email_template": reverse("email-templates"),
            "api_key": reverse("api-keys"),
            "provider_account": reverse("payment-providers"),
        },
    )
