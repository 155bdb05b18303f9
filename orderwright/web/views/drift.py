"""Provider drift: the list, and the decision on one difference."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orderwright.actions import decide_drift, reconcile_provider
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import OrderwrightError
from orderwright.reads.drift import VIEWS, count_drift, list_drift, read_drift
from orderwright.reads.ledger_scope import parse_day
from orderwright.reads.reconciliations import list_accounts_reconciled
from orderwright.web import posted
from orderwright.web.errors import pointer_of, words_of
from orderwright.web.page import asked, dialog, say
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.drift import decision_dialog, drift_list
from orderwright.web.presenters.money_pages import MoneyList
from orderwright.web.presenters.parts import Toast
from orderwright.web.presenters.reconciliation import Reconciliations, compared, reconciliations
from orderwright.web.views.money_answers import changed, order_href, shown

PLACE = "provider-drift"


@require_GET
@permission("orders.view")
def drift(request: StaffRequest) -> HttpResponse:
    """Show Provider drift, newest first."""
    return shown(request, _list(request), template="money/drift.html", place=PLACE)


@require_http_methods(["GET", "POST"])
@permission("payments.settle")
def decide(request: StaffRequest, drift_id: int) -> HttpResponse:
    """Ask before a difference is decided, or decide it."""
    values = request.GET if request.method == "GET" else request.POST
    decision: decide_drift.Decision = "accept" if values.get("decision") == "accept" else "investigate"
    if request.method == "GET":
        return _ask(request, drift_id, decision)
    try:
        is_booked = decide_drift.run(
            drift_id=drift_id,
            decision=decision,
            note=posted.text(request, "reason"),
            books={"yes": True, "no": False}.get(posted.text(request, "books")),
            actor=request.user.actor(),
            now=clock_now(),
        )
    except OrderwrightError as error:
        return _ask(request, drift_id, decision, error=error)
    if is_booked:
        said = _("Booked, marked as the provider’s")
    else:
        said = _("Accepted; nothing was booked") if decision == "accept" else _("Noted; it stays open")
    return changed(request, lambda: _list(request), toast=Toast(said), fragment="money/_drift.html", place=PLACE)


@require_POST
@permission("payments.sync")
def reconcile(request: StaffRequest) -> HttpResponse:
    """Compare a day of a provider's own list with our books."""
    slug, typed = posted.text(request, "account"), posted.text(request, "day")
    accounts = {account.slug: account.name for account in list_accounts_reconciled()}
    try:
        day = parse_day(typed, "day")
        done = reconcile_provider.run(account=slug, day=day, actor=request.user.actor(), now=clock_now())
    except OrderwrightError as error:
        pointer = pointer_of(error)
        errors = {pointer if pointer == "day" else "act": words_of(error)}
        values = _list(request, account=slug, day=typed, errors=errors)
        return shown(request, values, template="money/drift.html", place=PLACE, status=error.status)
    said, is_bad = compared(done, provider=accounts.get(slug, slug))
    say(request, Toast(said, is_bad=is_bad))
    return redirect(PLACE)


def _reconciliations(
    request: StaffRequest, *, account: str, day: str, errors: dict[str, str]
) -> Reconciliations | None:
    """Return how providers' lists compare, for those who see every site: a list is of no one site."""
    actor = request.user.actor()
    if actor.sites is not None:
        return None
    return reconciliations(
        list_accounts_reconciled(),
        actor=actor,
        action=reverse("reconcile"),
        now=clock_now(),
        provider=account,
        day=day,
        errors=errors,
    )


def _ask(
    request: StaffRequest, drift_id: int, decision: decide_drift.Decision, *, error: OrderwrightError | None = None
) -> HttpResponse:
    names = {"note": "reason"}  # the page's one field for words
    question = decision_dialog(
        read_drift(drift_id=drift_id, actor=request.user.actor()),
        actor=request.user.actor(),
        decision=decision,
        here=reverse(PLACE),
        note=posted.text(request, "reason"),
        errors={names.get(pointer_of(error), "act"): words_of(error)} if error else None,
    )
    status = error.status if error else 200
    return dialog(request, "money/_word.html", {"dialog": question}, title=question.title, status=status, current=PLACE)


def _list(
    request: StaffRequest, *, account: str = "", day: str = "", errors: dict[str, str] | None = None
) -> MoneyList:
    now = clock_now()
    wanted = asked(request, "view")
    view = wanted if wanted in VIEWS else "undecided"
    after = asked(request, "after") or None
    return drift_list(
        list_drift(view=view, after=after, actor=request.user.actor()),
        count_drift(actor=request.user.actor()),
        actor=request.user.actor(),
        view=view,
        here=reverse(PLACE),
        order_href=order_href(),
        is_first=after is None,
        now=now,
        reconciliations=_reconciliations(request, account=account, day=day, errors=errors or {}),
    )
