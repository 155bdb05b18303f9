"""What an actor may do, and where: roles held everywhere and at sites (W11)."""

from __future__ import annotations

import pytest

from orderwright.core.actor import SYSTEM, Actor, Grant, RefundCeiling

EU, US, JAPAN = 1, 2, 3


def somebody(*grants):
    return Actor(kind="person", ref="1", name="Mia Chen", grants=grants)


def role(*permissions, at=None, **more):
    return Grant(permissions=frozenset(permissions), site_id=at, **more)


def dollars(*, order=None, day=None):
    return RefundCeiling(currency="USD", per_order_minor=order, per_day_minor=day)


def test_a_role_at_a_site_opens_doors_and_decides_there_alone():
    actor = somebody(role("orders.edit", at=EU))

    assert actor.can("orders.edit")
    assert [actor.at(place).can("orders.edit") for place in (EU, US, None)] == [True, False, False]


def test_a_role_everywhere_decides_at_every_site_and_about_what_belongs_to_none():
    actor = somebody(role("orders.edit"))

    assert all(actor.at(place).can("orders.edit") for place in (EU, US, None))


def test_the_sites_that_somebody_sees_are_those_of_all_their_roles():
    assert somebody(role("orders.view", at=EU), role("orders.edit", at=US)).sites == {EU, US}
    assert somebody(role("orders.view", at=EU), role("orders.edit")).sites is None
    assert somebody().sites == frozenset()
    assert SYSTEM.sites is None


def test_whoever_came_through_a_door_stands_where_it_opened_with_all_their_roles_of_there():
    actor = somebody(role("orders.view"), role("orders.edit", at=EU), role("payments.capture", at=US))

    inside = actor.through("orders.edit")

    assert inside.sites == {EU}
    assert inside.at(EU).can("orders.view")
    assert not inside.can("payments.capture")
    assert actor.through("orders.view") == actor


def test_a_door_that_opens_nowhere_leaves_nothing_to_see():
    assert somebody(role("orders.view")).through("orders.edit").sites == frozenset()


def test_the_system_may_do_everything_everywhere():
    assert SYSTEM.at(EU).can("orders.edit")
    assert SYSTEM.through("orders.edit") == SYSTEM


@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        ((role("payments.refund", refund_ceilings=(dollars(order=5000),)),), (dollars(order=5000),)),
        (
            (
                role("payments.refund", refund_ceilings=(dollars(order=5000, day=9000),)),
                role("payments.refund", refund_ceilings=(dollars(order=7000),)),
            ),
            (dollars(order=7000),),
        ),
        ((role("payments.refund", refund_ceilings=(dollars(order=1),)), role("payments.refund")), ()),
        ((role("payments.refund"), role("orders.view", refund_ceilings=(dollars(order=1),))), ()),
    ],
    ids=["one", "the higher of two", "one without a ceiling", "a role that refunds nothing"],
)
def test_of_several_roles_the_most_generous_ceiling_counts(grants, expected):
    assert somebody(*grants).at(None).refund_ceilings == expected


def test_a_ceiling_of_one_site_does_not_bind_at_another():
    actor = somebody(
        role("payments.refund", at=EU, refund_ceilings=(dollars(order=5000),)), role("payments.refund", at=US)
    )

    assert actor.at(EU).refund_ceiling("USD") == dollars(order=5000)
    assert actor.at(US).refund_ceilings == ()


def test_four_eyes_bind_unless_another_role_settles_without_them():
    careful = role("payments.settle", at=EU, needs_second_person=True)

    assert somebody(careful).at(EU).needs_second_person
    assert not somebody(careful, role("payments.settle")).at(EU).needs_second_person
    assert somebody(careful, role("payments.capture")).at(EU).needs_second_person
    assert not somebody(careful).at(JAPAN).needs_second_person
