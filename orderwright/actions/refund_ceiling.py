"""How much one person or key may refund per order and per day, where their role has a ceiling (W11)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Case, F, QuerySet, Sum, When
from django.utils.translation import gettext as _

from orderwright.accounts.models import ApiKey, User
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, refused
from orderwright.core.money import Money, format_money
from orderwright.payments.errors import RefundAboveCeiling
from orderwright.payments.models import Refund
from orderwright.reads.rows import OrderDetail


def lacks_ceiling(order: OrderDetail, actor: Actor) -> Availability | None:
    """Return why this actor may refund nothing in the order's currency, or None when it may."""
    here = actor.at(order.site.id)
    if not here.refund_ceilings or here.refund_ceiling(order.currency) is not None:
        return None
    words = _("Your role has no refund ceiling in %(currency)s; ask somebody who may refund in it.")
    return refused("refund_ceiling_missing", words % {"currency": order.currency})


def require_within(order: OrderDetail, actor: Actor, *, amount_minor: int, now: datetime) -> None:
    """Refuse an amount with which this actor would go beyond the ceiling of an order or of a day in the site's zone.

    What was declined does not count. Raises: RefundAboveCeiling. Effects: a lock on the actor's own row, so that two
    refunds of one person on two orders do not both fit the same day.
    """
    ceiling = actor.at(order.site.id).refund_ceiling(order.currency)
    if ceiling is None:
        return
    _lock(actor)
    mine = Refund.objects.filter(actor_kind=actor.kind, actor_ref=actor.ref, order__currency=order.currency)
    if ceiling.per_order_minor is not None:
        left = ceiling.per_order_minor - _sum(mine.filter(order_id=order.id))
        _refuse(left, ceiling.per_order_minor, amount_minor, order, _("per order"))
    if ceiling.per_day_minor is not None:
        midnight = now.astimezone(ZoneInfo(order.site.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        left = ceiling.per_day_minor - _sum(mine.filter(started_at__gte=midnight))
        _refuse(left, ceiling.per_day_minor, amount_minor, order, _("per day"))


def _refuse(left_minor: int, ceiling_minor: int, amount_minor: int, order: OrderDetail, what: str) -> None:
    if amount_minor <= left_minor:
        return
    left = max(left_minor, 0)
    words = _("Your role may refund %(ceiling)s %(what)s, of which %(left)s is left. Somebody else has to refund more.")
    raise RefundAboveCeiling(
        words % {"ceiling": _money(ceiling_minor, order), "what": what, "left": _money(left, order)},
        facts={"ceiling": ceiling_minor, "left": left, "currency": order.currency},
    )


def _money(minor: int, order: OrderDetail) -> str:
    return format_money(Money(minor, order.currency), locale=order.site.locale)


def _sum(refunds: QuerySet[Refund]) -> int:
    counted = Case(When(state__in=("partly", "failed"), then=F("refunded_minor")), default=F("amount_minor"))
    return refunds.aggregate(total=Sum(counted))["total"] or 0


def _lock(actor: Actor) -> None:
    # Nobody but people and keys has a role, and with it a ceiling.
    holder = User if actor.kind == "person" else ApiKey
    holder.objects.select_for_update().filter(pk=actor.ref).first()
