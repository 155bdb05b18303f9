"""The audit for programs: entries of the whole journal, signed heads to keep elsewhere, checks of the journal."""

# ruff: noqa: ARG001 - ninja hands every route its request

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from ninja import Query, Router

from orderwright.actions import check_journal
from orderwright.api import shapes
from orderwright.api.answers import answer
from orderwright.api.declaring import declared
from orderwright.api.door import Call
from orderwright.api.fields import PathCount, PathId
from orderwright.api.queries import AuditFilters, cursor_refused
from orderwright.core.clock import now
from orderwright.journal.heads import SignedHead, document
from orderwright.orders.models import Order, Site
from orderwright.reads.audit import AuditQuery, AuditRow, read_audit
from orderwright.reads.audit_checks import CheckRow, read_check, read_head
from orderwright.reads.cursors import CursorInvalid

routes = Router(tags=["Audit"])
_NONE = 0


@routes.get("/audit", **declared(needs="audit.view", answers={200: shapes.AuditPage}, query=AuditFilters))
def list_audit(request: Call, filters: Query[AuditFilters]) -> HttpResponse:
    """List the journal. Every committed change, newest first: who, when, from what to what, with its hash."""
    try:
        page = read_audit(_query(filters), actor=request.auth)
    except CursorInvalid as error:
        raise cursor_refused(error.message) from error
    return answer(shapes.AuditPage(items=[_entry(row) for row in page.items], next=page.next))


@routes.get("/audit/head", **declared(needs="audit.view", answers={200: shapes.SignedHead}))
def show_newest_head(request: Call) -> HttpResponse:
    """Fetch the newest signed head. The worker signs one every hour in which something was written.

    Keep each somewhere that this desk cannot reach; `orderwright verify --head FILE` compares the books with it.
    """
    return _head(read_head())


@routes.get("/audit/heads/{number}", **declared(needs="audit.view", answers={200: shapes.SignedHead}))
def show_head(request: Call, number: PathCount) -> HttpResponse:
    """Fetch a signed head by its number."""
    return _head(read_head(number=number))


@routes.post("/audit/checks", **declared(needs="audit.view", answers={202: shapes.JournalCheck}, problems={409}))
def ask_for_check(request: Call) -> HttpResponse:
    """Ask for a check of the journal. The worker reads every chain and compares every head; the outcome is an entry."""
    check = read_check(check_journal.ask(actor=request.auth, now=now()))
    place = reverse("api:show_check", kwargs={"check_id": check.id})
    return answer(_check(check), status=202, headers={"Location": place})


@routes.get("/audit/checks/{check_id}", **declared(needs="audit.view", answers={200: shapes.JournalCheck}))
def show_check(request: Call, check_id: PathId) -> HttpResponse:
    """Look at a check. How far it is, or what it found."""
    return answer(_check(read_check(check_id)))


def _query(filters: AuditFilters) -> AuditQuery:
    kind, _colon, ref = filters.who.partition(":")
    order_id = site_id = None
    if filters.order:
        order_id = Order.objects.filter(number=filters.order).values_list("pk", flat=True).first() or _NONE
    if filters.site:
        site_id = Site.objects.filter(slug=filters.site).values_list("pk", flat=True).first() or _NONE
    return AuditQuery(
        who=(kind, ref) if filters.who else None,
        kind=filters.kind,
        since=filters.since,
        until=filters.until,
        order_id=order_id,
        site_id=site_id,
        after=filters.after,
        limit=filters.limit,
    )


def _entry(row: AuditRow) -> shapes.AuditEntry:
    return shapes.AuditEntry(
        id=row.id,
        stream=row.stream,
        sequence=row.sequence,
        kind=row.kind,
        order=row.order.number if row.order else None,
        site=shapes.SiteRef(slug=row.order.site.slug, name=row.order.site.name) if row.order else None,
        by=row.actor_name,
        by_kind=row.actor_kind,
        by_reference=row.actor_ref,
        at=row.at,
        version=row.version,
        before=row.before,
        after=row.after,
        why=row.why or None,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )


def _head(head: SignedHead) -> HttpResponse:
    # Byte for byte what was signed and mailed, so that it can be kept as it comes.
    return answer(document(head))


def _check(check: CheckRow) -> shapes.JournalCheck:
    return shapes.JournalCheck(
        id=check.id,
        state=check.state,
        by=check.actor_name,
        asked_at=check.asked_at,
        finished_at=check.finished_at,
        entries=check.entries,
        checked=check.checked,
        heads=check.heads,
        faults=check.faults,
        faults_count=check.faults_count,
    )
