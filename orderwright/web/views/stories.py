"""One order's story as a PDF."""

from __future__ import annotations

import io
from typing import Final

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from orderwright.core.clock import now as clock_now
from orderwright.orders.writes import stream_of
from orderwright.reads.order_detail import read_order
from orderwright.reads.personal import may_see
from orderwright.reads.timeline import read_chain_end, read_timeline
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.timeline import timeline
from orderwright.web.presenters.words import when
from orderwright.web.story import write_story
from orderwright.web.views.order_answers import present

# More than any order has; beyond, the file would not be read by anybody.
_MOST_TOLD: Final = 5000


@require_GET
@permission("orders.view")
def story(request: StaffRequest, number: str) -> HttpResponse:
    """Give the order's story: what it is, its timeline from the first entry to the last, and how its chain ends."""
    actor, now = request.user.actor(), clock_now()
    order = read_order(number=number, actor=actor)
    sees_customer = may_see(actor, order.site.id)
    entries = read_timeline(order_id=order.id, sees_customer=sees_customer, limit=_MOST_TOLD)
    told = timeline(entries, order, now=now, is_money_only=False)
    place, own_hash = read_chain_end(order_id=order.id)
    proof = (
        _("Written by Orderwright on %(when)s.") % {"when": when(now, now=now, zone_name="UTC").full},
        _("Entry %(place)s of chain %(chain)s is the last one; its hash is %(hash)s.")
        % {"place": place, "chain": stream_of(order.id), "hash": own_hash},
    )
    target = io.BytesIO()
    write_story(present(request, order, now=now), told.entries[::-1], proof=proof, target=target)
    answer = HttpResponse(target.getvalue(), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="order-{order.number}-story.pdf"'
    return answer
