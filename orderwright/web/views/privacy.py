"""A customer's privacy: what is kept, as a file for that person, and erasing it."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from orderwright.actions import erase_customer, export_customer
from orderwright.actions.customer_export_text import readable
from orderwright.actions.permission import require
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import OrderwrightError
from orderwright.reads.customers import orders_of_customer
from orderwright.reads.order_detail import read_order
from orderwright.web import posted
from orderwright.web.errors import words_of
from orderwright.web.page import dialog
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.privacy import privacy_dialog
from orderwright.web.views.order_answers import base_of, done


@require_http_methods(["GET", "POST"])
@permission("customers.privacy")
def privacy(request: StaffRequest, number: str) -> HttpResponse:
    """Say what is kept about the customer and what erasing would take away, or erase."""
    if request.method == "GET":
        return _ask(request, number)
    try:
        erased = erase_customer.run(
            number=number,
            confirmation=posted.text(request, "confirmation"),
            actor=request.user.actor(),
            now=clock_now(),
        )
    except OrderwrightError as error:
        return _ask(request, number, error=error)
    said = ngettext("Customer erased, from %(n)s order", "Customer erased, from %(n)s orders", len(erased.numbers))
    return done(request, number, said % {"n": len(erased.numbers)})


@require_POST
@permission("customers.privacy")
def export(request: StaffRequest, number: str) -> HttpResponse:
    """Give all that is kept about the customer as a file: JSON for programs, or text for the person."""
    exported = export_customer.run(number=number, actor=request.user.actor(), now=clock_now())
    if posted.text(request, "format") == "json":
        content, media, ending = json.dumps(exported, indent=1, ensure_ascii=False), "application/json", "json"
    else:
        content, media, ending = readable(exported), "text/plain; charset=utf-8", "txt"
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="customer-of-{number}.{ending}"'
    return answer


def _ask(request: StaffRequest, number: str, *, error: OrderwrightError | None = None) -> HttpResponse:
    actor = request.user.actor()
    order = read_order(number=number, actor=actor)
    require(actor, erase_customer.PERMISSION, order.site.id)
    asked = privacy_dialog(
        order,
        orders_of_customer(order),
        actor=actor,
        base=base_of(number),
        confirmation=posted.text(request, "confirmation"),
        error=words_of(error) if error else "",
    )
    status = error.status if error else 200
    title = _("Privacy of order #%(number)s") % {"number": number}
    return dialog(request, "orders/_privacy.html", {"dialog": asked}, title=title, status=status)
