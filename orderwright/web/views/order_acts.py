"""What a clerk does on the order page itself: Order State, Save Invoice, Notes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from orderwright.actions import add_note, change_state, save_invoice, undo_change
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import OrderwrightError
from orderwright.reads.order_detail import read_order
from orderwright.web import posted
from orderwright.web.page import dialog, is_htmx
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.money_dialogs import completion_dialog
from orderwright.web.views.cancellation import show_cancel_dialog
from orderwright.web.views.order_answers import act, base_of, done, refused


@require_POST
@permission("orders.change_state")
def state(request: StaffRequest, number: str) -> HttpResponse:
    """Set the Order State; a canceled one opens Cancel Order, completing with open ends asks first. Source: G3."""
    wanted, is_silent = posted.text(request, "state"), posted.text(request, "no_email") == "yes"
    try:
        is_emailed = change_state.run(
            number=number,
            state=wanted,
            actor=request.user.actor(),
            now=clock_now(),
            version=posted.version(request),
            is_confirmed=posted.text(request, "confirmed") == "yes",
            email_customer=False if is_silent else None,
        )
    except change_state.UseCancelOrder:
        return show_cancel_dialog(request, number) if is_htmx(request) else redirect("order-cancel", number)
    except change_state.CompletionNeedsConfirmation:
        return _ask_completion(request, number, wanted, is_silent=is_silent)
    except OrderwrightError as error:
        return refused(request, number, error, control="order-state", value=wanted)
    states = read_order(number=number, actor=request.user.actor()).choices.states
    name = next((each.name for each in states if each.slug == wanted), wanted)
    said = _("Order State is now %(state)s") % {"state": name}
    return done(request, number, _("%(said)s; the customer is emailed") % {"said": said} if is_emailed else said)


def _ask_completion(request: StaffRequest, number: str, wanted: str, *, is_silent: bool) -> HttpResponse:
    asked = completion_dialog(
        read_order(number=number, actor=request.user.actor()),
        state=wanted,
        base=base_of(number),
        now=clock_now(),
        is_silent=is_silent,
    )
    return dialog(request, "orders/_complete.html", {"dialog": asked}, title=asked.title)


@require_POST
@permission("orders.view")
def undo(request: StaffRequest, number: str) -> HttpResponse:
    """Undo a simple change of one's own; what it needs, the change needed too."""

    def do() -> str:
        undo_change.run(
            number=number,
            sequence=posted.whole(posted.text(request, "change")) or 0,
            actor=request.user.actor(),
            now=clock_now(),
        )
        return _("Undone")

    return act(request, number, do, control="")


@require_POST
@permission("orders.edit")
def invoice_number(request: StaffRequest, number: str) -> HttpResponse:
    """Save Invoice. Source: G8."""
    typed = posted.text(request, "invoice_number")

    def save() -> str:
        save_invoice.run(
            number=number,
            invoice_number=typed,
            actor=request.user.actor(),
            now=clock_now(),
            version=posted.version(request),
        )
        return _("Invoice Number saved") if typed.strip() else _("Invoice Number removed")

    return act(request, number, save, control="invoice-number", value=typed)


@require_POST
@permission("orders.edit")
def notes(request: StaffRequest, number: str) -> HttpResponse:
    """Save a note. Source: G9."""
    typed = posted.text(request, "text")

    def save() -> str:
        add_note.run(number=number, text=typed, actor=request.user.actor(), now=clock_now())
        return _("Note saved")

    return act(request, number, save, control="note", value=typed)
