"""No two roles, keys, states, carriers, methods, sites or provider accounts have names that differ in trifles alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from orderwright.accounts.models import ApiKey, Role
from orderwright.actions import (
    add_api_key,
    add_carrier,
    add_delivery_state,
    add_provider,
    add_role,
    add_shipping_method,
    add_site,
    add_state,
    edit_provider,
    edit_role,
    edit_site,
    edit_state,
)
from orderwright.actions.api_key_fields import KeyFields
from orderwright.actions.provider_fields import AccountFields
from orderwright.actions.role_fields import RoleFields
from orderwright.actions.shipping_fields import CarrierFields, DeliveryStateFields, MethodFields
from orderwright.actions.site_fields import SiteFields
from orderwright.core.errors import Conflict
from orderwright.journal.models import Entry
from orderwright.orders.models import OrderState, Site
from orderwright.payments.models import ProviderAccount
from orderwright.shipping.models import Carrier, DeliveryState, ShippingMethod

MAKES: dict[str, tuple[type[Any], Callable[..., Any]]] = {
    "role_name_taken": (
        Role,
        lambda name, **by: add_role.run(fields=RoleFields(name=name, permissions=["orders.view"]), **by),
    ),
    "api_key_name_taken": (
        ApiKey,
        lambda name, **by: add_api_key.run(fields=KeyFields(name=name, role="viewer"), **by),
    ),
    "state_name_taken": (
        OrderState,
        partial(add_state.run, color="violet", description="", system_state="processing"),
    ),
    "delivery_state_name_taken": (
        DeliveryState,
        lambda name, **by: add_delivery_state.run(
            fields=DeliveryStateFields(name=name, color="violet", description="", phase="sent"), **by
        ),
    ),
    "carrier_name_taken": (Carrier, lambda name, **by: add_carrier.run(fields=CarrierFields(name=name), **by)),
    "shipping_method_name_taken": (
        ShippingMethod,
        lambda name, **by: add_shipping_method.run(fields=MethodFields(name=name), **by),
    ),
    "site_name_taken": (
        Site,
        lambda name, **by: add_site.run(
            fields=SiteFields(name=name, currency="USD", number_prefix=f"{len(name)}-"), **by
        ),
    ),
    "provider_name_taken": (
        ProviderAccount,
        lambda name, **by: add_provider.run(kind="manual", fields=AccountFields(name=name), **by),
    ),
}


@pytest.mark.parametrize("code", MAKES)
def test_a_name_that_looks_like_another_one_is_taken(clerk: Any, code: str) -> None:
    model, make = MAKES[code]
    by = {"actor": clerk.actor, "now": clerk.now}
    make(name="Night Élan", **by)
    rows, entries = model.objects.count(), Entry.objects.count()

    for typed in ("NIGHT ÉLAN", "Ni\u200bght Élan", "\uff2eight\u00a0E\u0301lan"):
        with pytest.raises(Conflict) as refused:
            make(name=typed, **by)
        assert (refused.value.code, refused.value.facts) == (code, {"pointer": "/name"})

    assert (model.objects.count(), Entry.objects.count()) == (rows, entries)


def test_a_name_is_not_changed_into_a_look_alike_either(clerk: Any) -> None:
    by = {"actor": clerk.actor, "now": clerk.now}
    _model, make = MAKES["state_name_taken"]
    make(name="On hold", **by)
    other = make(name="Packed", **by)

    with pytest.raises(Conflict) as refused:
        edit_state.run(slug=other, name="On\u2060 hold", color="red", description="", system_state="processing", **by)

    assert refused.value.code == "state_name_taken"
    assert OrderState.objects.get(slug=other).name == "Packed"


def test_sites_and_provider_accounts_are_not_renamed_into_another_one_s_name(clerk: Any) -> None:
    by = {"actor": clerk.actor, "now": clerk.now}
    for code, other, rename in (
        ("site_name_taken", "Outlets", lambda slug, name: edit_site.run(slug=slug, fields=SiteFields(name=name), **by)),
        (
            "provider_name_taken",
            "Bank",
            lambda slug, name: edit_provider.run(slug=slug, fields=AccountFields(name=name), **by),
        ),
    ):
        model, make = MAKES[code]
        make(name="Night desk", **by)
        slug = make(name=other, **by)

        with pytest.raises(Conflict) as refused:
            rename(slug, "night\u200b DESK")
        assert (refused.value.code, refused.value.facts) == (code, {"pointer": "/name"})
        assert model.objects.get(slug=slug).name == other
        rename(slug, other.upper())
        assert model.objects.get(slug=slug).name == other.upper()


def test_who_has_had_a_look_alike_since_before_can_be_changed_and_written_anew(clerk: Any) -> None:
    by = {"actor": clerk.actor, "now": clerk.now}
    Role.objects.create(slug="desk", name="Desk", permissions=["orders.view"])
    Role.objects.create(slug="other", name="De\u200bsk", permissions=["orders.view"])

    edit_role.run(slug="other", fields=RoleFields(name="De\u200bsk", permissions=["configuration.view"]), **by)
    edit_role.run(slug="other", fields=RoleFields(name="Other desk", permissions=["configuration.view"]), **by)
    edit_role.run(slug="other", fields=RoleFields(name="OTHER desk", permissions=["configuration.view"]), **by)

    role = Role.objects.get(slug="other")
    assert (role.name, role.permissions) == ("OTHER desk", ["configuration.view"])


def test_of_two_who_give_look_alikes_at_once_one_does(clerk: Any, both_at_once: Any) -> None:
    _model, make = MAKES["api_key_name_taken"]

    def give(name: str) -> str:
        make(name=name, actor=clerk.actor, now=clerk.now)
        return "made"

    outcomes = both_at_once(partial(give, "Storefront"), partial(give, "Store\u200bfront"))

    assert sorted(outcomes) == ["api_key_name_taken", "made"]
    assert ApiKey.objects.count() == 1
