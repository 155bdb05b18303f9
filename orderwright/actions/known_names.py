"""What an order's document names of this desk's configuration: site, state, delivery states, provider accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from orderwright.actions.order_document import OrderDocument
from orderwright.actions.order_document.reader import Errors
from orderwright.core.actor import Actor
from orderwright.core.errors import Invalid
from orderwright.orders.errors import StateNotOffered
from orderwright.orders.models import OrderState, Site
from orderwright.orders.states import CANCEL_REQUESTED, CANCELED, OFFERED
from orderwright.orders.writes import hold_state
from orderwright.payments.models import ProviderAccount
from orderwright.shipping.models import DeliveryState
from orderwright.shipping.writes import hold_delivery_states

# What pieces are in that the document puts in no shipment.
UNNAMED_DELIVERY = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The configuration that the document refers to by slug."""

    site: Site
    state: OrderState
    delivery_states: Mapping[str, DeliveryState]
    accounts: Mapping[str, ProviderAccount]  # every one, also those that the document does not name


def known_names(parts: OrderDocument, actor: Actor) -> Known:
    """Return the configuration that the document names. Raises: Invalid with a pointer for each unknown name.

    A site that the actor does not see is unknown.
    """
    errors = Errors()
    site = Site.objects.filter(slug=parts.site).first()
    state = hold_state(slug=parts.state)
    deliveries = hold_delivery_states(slugs={UNNAMED_DELIVERY, *(each.delivery_state for each in parts.shipments)})
    accounts = {row.slug: row for row in _accounts(parts.site)}
    if site is not None and not actor.sees(site.pk):
        site = None
    if site is None:
        errors.add("/site", "site_unknown", _("There is no such site."))
    if state is None:
        errors.add("/state", "order_state_unknown", _("There is no such order state."))
    elif state.stage != OFFERED:
        errors.add("/state", StateNotOffered.code, _("This order state is retired."))
    elif state.system_state == CANCEL_REQUESTED:
        errors.add("/state", "order_state_not_for_intake", _("A cancellation is begun here, not handed in."))
    elif state.system_state == CANCELED and not _is_settled(parts):
        errors.add("/state", "money_still_held", _("A canceled order holds and keeps no money."))
    for at, shipment in enumerate(parts.shipments):
        if shipment.delivery_state not in deliveries:
            errors.add(f"/shipments/{at}/delivery_state", "delivery_state_unknown", _("There is no such state."))
    for at, payment in enumerate(parts.payments):
        code, reason = _fault_of(accounts.get(payment.provider), site)
        if code:
            errors.add(f"/payments/{at}/provider", code, reason)
    if errors.found or site is None or state is None:
        raise Invalid(
            _("The order names something that this desk does not have."),
            code="order_invalid",
            fields=tuple(errors.found),
        )
    return Known(site=site, state=state, delivery_states=deliveries, accounts=accounts)


def _accounts(site: str) -> QuerySet[ProviderAccount]:
    """Return every account, each with `is_of_site`: one without sites is for all."""
    named = ProviderAccount.sites.through.objects.filter(provideraccount_id=OuterRef("pk"))
    return ProviderAccount.objects.annotate(is_of_site=Q(Exists(named.filter(site__slug=site))) | ~Q(Exists(named)))


def _fault_of(account: Any, site: Site | None) -> tuple[str, str]:
    """Return code and sentence why no payment of this site can be taken in at the account; empty when one can."""
    if account is None:
        return "provider_unknown", _("There is no such provider account.")
    if not account.is_enabled:
        return "provider_off", _("This provider account is switched off.")
    if site is not None and not account.is_of_site:
        return "provider_not_of_site", _("This provider account is not for orders of %(site)s.") % {"site": site.name}
    return "", ""


def _is_settled(parts: OrderDocument) -> bool:
    for payment in parts.payments:
        moved = dict.fromkeys(("capture", "refund", "reversal"), 0)
        for past in payment.transactions:
            moved[past.kind] += past.amount_minor
        if moved["capture"] != moved["refund"] or moved["capture"] + moved["reversal"] != payment.authorised_minor:
            return False
    return True
