"""A desk on which every address names something that is there, in two shops: own and other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from orderwright.accounts.models import ApiKey, RoleGrant
from orderwright.actions import (
    add_role,
    add_state,
    check_journal,
    retire_state,
    save_email_template,
    set_logo,
    sign_head,
)
from orderwright.actions.email_template_rules import place_of
from orderwright.actions.role_fields import RoleFields
from orderwright.core.actor import SYSTEM
from orderwright.journal.models import Check
from orderwright.payments.models import ProviderAccount
from scripts.permission_matrix import Route
from tests.accounts.conftest import Shop
from tests.api.program import program_with
from tests.factories.pictures import picture
from tests.support.drivers import hire

Standing = Literal["here", "elsewhere"]
# What a name in an address stands for, by how the address ends there: `{slug}`, or closer `/carriers/{slug}`.
Place = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The two shops, and what the names in addresses stand for in each."""

    here: Shop
    elsewhere: Shop
    places: dict[Standing, Place]


def address(route: Route, place: Place) -> str:
    """Return the route's address with what its names stand for there."""
    return re.sub(r"{(\w+)}", lambda name: stand_in(route.path, name[1], place), route.path)


def stand_in(path: str, name: str, place: Place) -> str:
    """Return what this name stands for in this address."""
    until, met, _rest = path.partition(f"{{{name}}}")
    known = [ending for ending in place if f"{until}{met}".endswith(ending)]
    assert known, f"{path}: tests/matrix/floor.py has nothing for {name}"
    return place[max(known, key=len)]


def furnish(here: Shop, elsewhere: Shop, clerk: Any) -> Floor:
    """Put something behind every address: what belongs to one shop in both of them, what belongs to none once."""
    everywhere = _shop_wide(clerk)
    return Floor(
        here=here,
        elsewhere=elsewhere,
        places={
            "here": everywhere | _of_shop(here, clerk),
            "elsewhere": everywhere | _of_shop(elsewhere, clerk),
        },
    )


def _of_shop(shop: Shop, clerk: Any) -> Place:
    order = shop.order
    account = ProviderAccount.objects.create(slug=f"of-{shop.site.slug}", name=shop.site.name, gateway="manual")
    account.sites.add(shop.site)
    place = place_of(kind="order_shipped", site=shop.site.slug, language="", actor=SYSTEM)
    words = {"subject": "{{ number }}", "text": "Hi {{ customer_name }}", "html": "<p>Hi {{ customer_name }}</p>"}
    save_email_template.run(place=place, **words, actor=clerk.actor, now=clerk.now)
    set_logo.run(slug=shop.site.slug, png=picture(), actor=clerk.actor, now=clerk.now)
    payment, line = str(order.payments[0].id), str(order.lines[0].id)
    return {
        "/orders/{number}": order.number,
        "{payment_id}": payment,
        "{payment}": payment,
        "{line_id}": line,
        "{item}": line,
        "{shipment}": "1",
        "{sequence}": "1",
        "{key}": shop.exception_key,
        "{drift_id}": str(shop.drift_id),
        "{drift}": str(shop.drift_id),
        "{mail_id}": str(shop.mail_id),
        "{email}": str(shop.mail_id),
        "{account}": account.slug,
        "/provider-accounts/{slug}": account.slug,
        "/payment-providers/{slug}": account.slug,
        "{kind}": "order_shipped",
        "{site}": shop.site.slug,
        "{language}": "any-language",
        "{version_number}": "1",
        "{version}": "1",
        "/sites/{slug}": shop.site.slug,
    }


def _shop_wide(clerk: Any) -> Place:
    doing = {"actor": clerk.actor, "now": clerk.now}
    state = add_state.run(name="On hold", color="violet", description="", system_state="processing", **doing)
    job = str(retire_state.run(slug=state, to="processing", **doing))
    role = add_role.run(fields=RoleFields(name="Returns desk", permissions=("orders.view",)), **doing)
    program_with("Kept", role="viewer")
    key = str(ApiKey.objects.get(name="Kept").pk)
    kept = hire(name="Kim Kept", email="kim@cozy-home.example.com", now=clerk.now, role="viewer").user
    sign_head.run(now=clerk.now)
    check_journal.ask(**doing)
    return {
        "/order-configurations/{slug}": "processing",
        "/order-states/{slug}": "processing",
        "/delivery-states/{slug}": "pending",
        "/carriers/{slug}": "fedex",
        "/methods/{slug}": "fedex-home",
        "/shipping-methods/{slug}": "fedex-home",
        "/roles/{slug}": role,
        "{user_id}": str(kept.pk),
        "{user}": str(kept.pk),
        "{grant_id}": str(RoleGrant.objects.get(user=kept).pk),
        "{grant}": str(RoleGrant.objects.get(user=kept).pk),
        "{key_id}": key,
        "{api_key}": key,
        "{job_id}": job,
        "{job}": job,
        "{check_id}": str(Check.objects.get().pk),
        "/heads/{number}": "1",
        # Of nobody here: an invitation, a passkey, another session.
        "{token}": "nothing",
        "{pk}": "1",
        "{session_id}": "1",
        "{provider_id}": "staff",
    }
