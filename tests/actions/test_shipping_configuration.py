"""Shipping's configuration: what is used stays, what it means stays, and the journal keeps who changed what (W9)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orderwright.actions import (
    add_carrier,
    add_delivery_state,
    add_shipping_method,
    delete_carrier,
    delete_delivery_state,
    delete_shipping_method,
    edit_carrier,
    edit_delivery_state,
    edit_shipping_method,
    update_shipment,
)
from orderwright.actions.shipping_fields import CarrierFields, DeliveryStateFields, MethodFields
from orderwright.core.actor import SYSTEM, Actor, Grant
from orderwright.core.errors import Conflict, OrderwrightError, Refused
from orderwright.journal.models import Entry
from orderwright.orders.models import Site
from orderwright.reads.shipping_configuration import (
    list_carriers,
    list_delivery_states,
    list_methods,
    read_carrier,
    read_delivery_state,
    read_method,
)
from orderwright.shipping.errors import (
    CarrierChanged,
    DeliveryStateEditNeedsConfirmation,
    DeliveryStateInUse,
    DeliveryStateIsDefault,
    ShippingMethodNotFound,
)
from orderwright.shipping.models import Carrier, ShippingMethod
from tests.factories.orders import RUG

AT_CUSTOMS = DeliveryStateFields(name="At customs", color="amber", description="Waits for papers.", phase="sent")
GLS = CarrierFields(name="GLS", tracking_url_template="https://gls.example/?n={number}")


def by(clerk: Any) -> dict[str, Any]:
    return {"actor": clerk.actor, "now": clerk.now}


def entry(kind: str) -> Entry:
    return Entry.objects.get(kind=kind)


# Delivery states -----------------------------------------------------------------------------------------------------


def test_a_delivery_state_of_one_s_own_counts_as_what_it_means(clerk: Any, order: Any) -> None:
    slug = add_delivery_state.run(fields=AT_CUSTOMS, **by(clerk))

    after = clerk.set_delivery_state(order, RUG["sku"], slug)

    assert (after.shipments_sent, after.shipments_partly) == (0, 1)
    assert entry("delivery_state.added").after == {
        "name": "At customs",
        "color": "amber",
        "description": "Waits for papers.",
        "phase": "sent",
    }


def test_a_delivery_state_stands_behind_those_that_mean_the_same(clerk: Any, db: None) -> None:
    add_delivery_state.run(fields=AT_CUSTOMS, **by(clerk))
    add_delivery_state.run(fields=DeliveryStateFields(name="Packed", color="teal", phase="pending"), **by(clerk))

    assert [state.slug for state in list_delivery_states(actor=SYSTEM)] == [
        *("pending", "ready-to-ship", "packed", "shipped", "in-transit", "at-customs"),
        *("delivered", "returned", "failed"),
    ]


def test_what_a_delivery_state_means_changes_while_nothing_is_in_it(clerk: Any, order: Any) -> None:
    slug = add_delivery_state.run(fields=AT_CUSTOMS, **by(clerk))
    fields = DeliveryStateFields(name="Held", color="red", phase="failed")
    edit_delivery_state.run(slug=slug, fields=fields, **by(clerk))
    clerk.set_delivery_state(order, RUG["sku"], slug)

    with pytest.raises(DeliveryStateInUse) as refused:
        edit_delivery_state.run(slug=slug, fields=AT_CUSTOMS, is_confirmed=True, **by(clerk))

    assert refused.value.facts == {"orders": 1, "pointer": "/phase"}
    assert (read_delivery_state(slug=slug, actor=SYSTEM).phase, list_delivery_states(actor=SYSTEM)[-1].slug) == (
        "failed",
        slug,
    )


def test_a_default_delivery_state_keeps_what_it_means_and_stays(clerk: Any, db: None) -> None:
    fields = DeliveryStateFields(name="Pending", color="grey", phase="sent")

    with pytest.raises(DeliveryStateIsDefault):
        edit_delivery_state.run(slug="pending", fields=fields, is_confirmed=True, **by(clerk))
    for state in list_delivery_states(actor=SYSTEM):
        with pytest.raises(Conflict) as refused:
            delete_delivery_state.run(slug=state.slug, **by(clerk))
        assert refused.value.code == "delivery_state_is_default"

    assert len(list_delivery_states(actor=SYSTEM)) == 7
    assert not Entry.objects.exists()


def test_a_delivery_state_in_use_changes_its_name_only_behind_a_confirmation(clerk: Any, take_in: Any) -> None:
    first, _second = take_in(), take_in()
    fields = DeliveryStateFields(name="Waiting", color="grey", phase="pending")

    with pytest.raises(DeliveryStateEditNeedsConfirmation) as asked:
        edit_delivery_state.run(slug="pending", fields=fields, **by(clerk))
    assert asked.value.facts == {"orders": 2}
    assert read_delivery_state(slug="pending", actor=SYSTEM).version == 1

    edit_delivery_state.run(slug="pending", fields=fields, is_confirmed=True, **by(clerk))

    assert clerk.sees(first).choices.delivery_states[0].name == "Waiting"
    assert (entry("delivery_state.edited").before, entry("delivery_state.edited").after) == (
        {"name": "Pending"},
        {"name": "Waiting"},
    )


# Carriers and methods ------------------------------------------------------------------------------------------------


def test_a_parcel_s_link_follows_its_carrier_s_address_at_once(clerk: Any, order: Any) -> None:
    carrier = add_carrier.run(fields=GLS, slug="gls-us", **by(clerk))
    method = add_shipping_method.run(fields=MethodFields(name="Parcel shop", carrier=carrier), **by(clerk))
    clerk.update_shipment(order, method=method)

    with pytest.raises(Conflict) as asked:
        edit_carrier.run(slug=carrier, fields=CarrierFields(name="GLS"), **by(clerk))
    assert (asked.value.code, asked.value.facts) == ("carrier_edit_needs_confirmation", {"orders": 1})
    edit_carrier.run(slug=carrier, fields=CarrierFields(name="GLS"), is_confirmed=True, **by(clerk))

    assert clerk.sees(order).method(clerk.sees(order).shipments[0].method_id).tracking_url_template == ""
    assert (read_carrier(slug=carrier, actor=SYSTEM).version, read_carrier(slug=carrier, actor=SYSTEM).orders) == (2, 1)


def test_sites_change_without_a_question_and_the_journal_keeps_both(clerk: Any, order: Any) -> None:
    fields = MethodFields(name="UPS Ground", carrier="ups", sites=["cozy-home-us"])

    edit_shipping_method.run(slug="ups-ground", fields=fields, version=1, **by(clerk))

    edited = entry("shipping_method.edited")
    assert (edited.before, edited.after, edited.version) == ({"sites": []}, {"sites": ["cozy-home-us"]}, 2)
    assert [site.name for site in read_method(slug="ups-ground", actor=SYSTEM).sites] == ["Cozy Home US"]


def test_the_same_again_changes_nothing(clerk: Any, db: None) -> None:
    edit_shipping_method.run(slug="ups-ground", fields=MethodFields(name="UPS Ground", carrier="ups"), **by(clerk))

    assert read_method(slug="ups-ground", actor=SYSTEM).version == 1
    assert not Entry.objects.exists()


def test_an_unused_carrier_and_its_method_are_deleted_one_after_the_other(clerk: Any, site: Any) -> None:
    carrier = add_carrier.run(fields=GLS, **by(clerk))
    method = add_shipping_method.run(
        fields=MethodFields(name="Parcel shop", carrier=carrier, sites=[site.slug]), **by(clerk)
    )

    with pytest.raises(Conflict) as refused:
        delete_carrier.run(slug=carrier, **by(clerk))
    delete_shipping_method.run(slug=method, **by(clerk))
    delete_carrier.run(slug=carrier, **by(clerk))

    assert (refused.value.code, refused.value.facts) == ("carrier_in_use", {"methods": 1})
    assert "gls" not in {each.slug for each in list_carriers(actor=SYSTEM)}
    assert entry("shipping_method.deleted").before == {
        "slug": "parcel-shop",
        "name": "Parcel shop",
        "carrier": "gls",
        "is_offered": True,
    }


def test_who_looked_before_somebody_else_changed_it_is_told(clerk: Any, colleague: Any) -> None:
    edit_carrier.run(slug="ups", fields=CarrierFields(name="UPS Inc."), version=1, **by(clerk))

    with pytest.raises(CarrierChanged) as refused:
        edit_carrier.run(slug="ups", fields=CarrierFields(name="U.P.S."), version=1, **by(colleague))

    assert refused.value.facts == {"version": 2}
    assert read_carrier(slug="ups", actor=SYSTEM).name == "UPS Inc."


def test_a_viewer_configures_nothing(viewer: Any) -> None:
    before = (list_delivery_states(actor=SYSTEM), list_carriers(actor=SYSTEM), list_methods(actor=SYSTEM))
    attempts = (
        lambda: add_delivery_state.run(fields=AT_CUSTOMS, **by(viewer)),
        lambda: edit_delivery_state.run(slug="failed", fields=AT_CUSTOMS, **by(viewer)),
        lambda: delete_delivery_state.run(slug="failed", **by(viewer)),
        lambda: add_carrier.run(fields=GLS, **by(viewer)),
        lambda: edit_carrier.run(slug="ups", fields=GLS, **by(viewer)),
        lambda: delete_carrier.run(slug="ups", **by(viewer)),
        lambda: add_shipping_method.run(fields=MethodFields(name="X"), **by(viewer)),
        lambda: edit_shipping_method.run(slug="pick-up", fields=MethodFields(name="X"), **by(viewer)),
        lambda: delete_shipping_method.run(slug="pick-up", **by(viewer)),
    )

    for attempt in attempts:
        with pytest.raises(Refused):
            attempt()

    assert (list_delivery_states(actor=SYSTEM), list_carriers(actor=SYSTEM), list_methods(actor=SYSTEM)) == before


# Rivals --------------------------------------------------------------------------------------------------------------


def test_a_method_is_not_deleted_under_somebody_who_chooses_it(clerk: Any, order: Any, both_at_once: Any) -> None:
    """One of the two is refused, whichever comes second; a shipment never goes by a method that is gone."""
    turns = iter(("delete", "choose"))

    def act() -> Any:
        if next(turns) == "delete":
            return delete_shipping_method.run(slug="courier-same-day", **by(clerk))
        return clerk.asks.update_shipment(order, method="courier-same-day")

    outcomes = sorted(both_at_once(act))

    is_there = ShippingMethod.objects.filter(slug="courier-same-day").exists()
    assert outcomes == ["done", "shipping_method_in_use" if is_there else "shipping_method_unknown"]
    assert clerk.sees(order).shipments[0].method_id is not None


def test_a_delivery_state_keeps_its_meaning_under_somebody_who_sets_it(
    clerk: Any, order: Any, both_at_once: Any
) -> None:
    slug = add_delivery_state.run(fields=AT_CUSTOMS, **by(clerk))
    turns = iter(("edit", "set"))

    def act() -> Any:
        if next(turns) == "edit":
            fields = DeliveryStateFields(name="At customs", color="amber", phase="pending")
            return edit_delivery_state.run(slug=slug, fields=fields, is_confirmed=True, **by(clerk))
        return clerk.asks.set_delivery_state(order, RUG["sku"], slug)

    outcomes = sorted(both_at_once(act))

    # Whether it counts as sent is recomputed by the invariants after this test.
    expected = "pending" if outcomes == ["done", "done"] else "sent"
    assert read_delivery_state(slug=slug, actor=SYSTEM).phase == expected


def test_a_method_that_is_not_there_is_not_found(clerk: Any, order: Any) -> None:
    for attempt in (
        lambda: edit_shipping_method.run(slug="\x00", fields=MethodFields(name="X"), **by(clerk)),
        lambda: delete_shipping_method.run(slug="no-such", **by(clerk)),
    ):
        with pytest.raises(ShippingMethodNotFound):
            attempt()
    with pytest.raises(OrderwrightError):
        update_shipment.plan(clerk.sees(order), [], method="no-such")


# Who sees one of two shops -------------------------------------------------------------------------------------------


def test_who_sees_one_site_sees_what_serves_it_and_counts_its_orders(clerk: Any, take_in: Any, site: Any) -> None:
    other = Site.objects.create(
        slug="elsewhere", name="Elsewhere", number_prefix="E-", time_zone="UTC", currency="USD", locale="en"
    )
    take_in()
    Carrier.objects.get(slug="fedex").sites.add(other)
    Carrier.objects.get(slug="dhl").sites.add(other, Site.objects.get(slug=site.slug))
    ShippingMethod.objects.get(slug="pick-up").sites.add(other)
    grants = (Grant(permissions=frozenset({"configuration.view"}), site_id=other.pk),)
    stranger = Actor(kind="person", ref="1", name="Stranger", grants=grants)
    here = Actor(kind="person", ref="2", name="Here", grants=(replace(grants[0], site_id=site.pk),))

    assert [state.orders for state in list_delivery_states(actor=stranger)] == [0] * 7
    assert read_delivery_state(slug="pending", actor=here).orders == 1
    assert "fedex" not in {carrier.slug for carrier in list_carriers(actor=here)}
    assert [each.slug for each in read_carrier(slug="dhl", actor=here).sites] == [site.slug]
    assert read_carrier(slug="ups", actor=stranger).orders == 0
    assert (read_method(slug="ups-ground", actor=here).orders, read_method(slug="pick-up", actor=stranger).orders) == (
        1,
        0,
    )
    with pytest.raises(ShippingMethodNotFound):
        read_method(slug="pick-up", actor=here)
