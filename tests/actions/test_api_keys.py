"""API keys: made, narrowed, replaced with an overlap, revoked (W12)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from orderwright.accounts.errors import ApiKeyChanged, ApiKeyNameTaken, ApiKeyNotFound, ApiKeyRevoked, BeyondOwnRights
from orderwright.accounts.keys import create_key, find_actor
from orderwright.accounts.models import ApiKey, ApiKeySecret, Role
from orderwright.accounts.permissions import SYSTEM_ROLES
from orderwright.actions import add_api_key, edit_api_key, replace_key_secret, revoke_api_key
from orderwright.actions.api_key_fields import KeyFields
from orderwright.core.actor import Actor, Grant, RefundCeiling
from orderwright.core.errors import Invalid, Refused
from orderwright.journal.models import Entry
from orderwright.reads.api_keys import list_api_keys, read_api_key
from tests.support.rivals import look_too_early

INTEGRATOR = SYSTEM_ROLES["integrator"][1]


@pytest.fixture
def add(clerk: Any) -> Any:
    """Make a key as the administrator, and return what was made."""

    def make(name: str = "Storefront", **fields: Any) -> add_api_key.Made:
        wanted = KeyFields(name=name, **{"role": "integrator", **fields})
        return add_api_key.run(fields=wanted, actor=clerk.actor, now=clerk.now)

    return make


def entries(key_id: int) -> list[Entry]:
    return list(Entry.objects.filter(stream=f"api_key:{key_id}").order_by("sequence"))


def test_a_key_does_what_its_role_allows_and_the_journal_does_not_know_its_secret(add, clerk, now) -> None:
    made = add()

    actor = find_actor(made.secret, now=now)
    assert (actor.name, actor.permissions) == ("Storefront", INTEGRATOR)
    (entry,) = entries(made.key_id)
    assert (entry.kind, entry.actor_ref) == ("api_key.added", clerk.actor.ref)
    assert entry.after == {"name": "Storefront", "role": "integrator", "scopes": [], "sites": [], "expires_at": None}
    assert made.secret.split("_")[2] not in str([*ApiKeySecret.objects.values(), entry.after])
    assert made.secret not in repr(made)


def test_scopes_leave_a_key_less_than_its_role(add, now) -> None:
    made = add(scopes=["orders.view", "orders.take_in"])

    assert find_actor(made.secret, now=now).permissions == {"orders.view", "orders.take_in"}
    Role.objects.filter(slug="integrator").update(permissions=["orders.view"])
    assert find_actor(made.secret, now=now).permissions == {"orders.view"}


def test_a_key_is_good_at_its_sites_alone(add, site, now) -> None:
    made = add(sites=[site.slug])

    assert find_actor(made.secret, now=now).sites == {site.pk}


def test_a_key_ends_when_it_was_said_to(add, now) -> None:
    made = add(expires_at=now + timedelta(days=1))

    assert find_actor(made.secret, now=now + timedelta(hours=23)) is not None
    assert find_actor(made.secret, now=now + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"name": " "}, "/name", "required"),
        ({"name": "x" * 81}, "/name", "too_long"),
        ({"role": "nobody"}, "/role", "role_unknown"),
        ({"scopes": ["payments.refund"]}, "/scopes/0", "scope_beyond_role"),
        ({"scopes": ["orders.view", "nonsense"]}, "/scopes/1", "scope_beyond_role"),
        ({"sites": ["nowhere"]}, "/sites/0", "site_unknown"),
    ],
)
def test_what_a_key_cannot_be_is_refused_at_its_field(add, fields, pointer, code) -> None:
    with pytest.raises(Invalid) as refused:
        add(**fields)

    assert (refused.value.fields[0].pointer, refused.value.fields[0].code) == (pointer, code)
    assert ApiKey.objects.count() == 0


def test_a_key_does_not_end_before_it_begins(add, now) -> None:
    with pytest.raises(Invalid) as refused:
        add(expires_at=now)

    assert refused.value.fields[0].code == "in_the_past"


def test_two_keys_never_share_a_name_not_even_with_one_that_was_revoked(add, clerk, now) -> None:
    made = add()
    revoke_api_key.run(key_id=made.key_id, actor=clerk.actor, now=now)

    with pytest.raises(ApiKeyNameTaken):
        add()

    assert ApiKey.objects.count() == 1


def test_a_name_that_a_rival_gave_a_key_a_moment_ago_is_taken(add, monkeypatch) -> None:
    add()
    look_too_early(monkeypatch, add_api_key, "namesake", seeing=None)

    with pytest.raises(ApiKeyNameTaken):
        add(" Storefront ", role="viewer")

    assert ApiKey.objects.count() == ApiKeySecret.objects.count() == 1


def test_two_who_make_a_key_of_one_name_at_once_make_one(clerk, both_at_once) -> None:
    def make() -> str:
        fields = KeyFields(name="Storefront", role="integrator")
        add_api_key.run(fields=fields, actor=clerk.actor, now=clerk.now)
        return "made"

    assert sorted(both_at_once(make)) == ["api_key_name_taken", "made"]
    assert ApiKey.objects.count() == ApiKeySecret.objects.count() == 1


def test_nobody_gives_a_key_what_they_lack(clerk, now) -> None:
    keeper = Actor(
        kind="person", ref="9", name="Keeper", grants=(Grant(permissions=frozenset({"keys.manage", "orders.view"})),)
    )

    with pytest.raises(BeyondOwnRights) as refused:
        add_api_key.run(fields=KeyFields(name="Big", role="administrator"), actor=keeper, now=now)

    assert "payments.refund" in refused.value.facts["permissions"]
    assert ApiKey.objects.count() == 0
    made = add_api_key.run(
        fields=KeyFields(name="Small", role="integrator", scopes=["orders.view"]), actor=keeper, now=now
    )
    assert find_actor(made.secret, now=now).permissions == {"orders.view"}


def test_a_secret_of_a_mightier_key_is_told_to_nobody_who_lacks_its_rights(add, now) -> None:
    made = add()
    keeper = Actor(kind="person", ref="9", name="Keeper", grants=(Grant(permissions=frozenset({"keys.manage"})),))

    with pytest.raises(BeyondOwnRights):
        replace_key_secret.run(key_id=made.key_id, actor=keeper, now=now)

    assert ApiKeySecret.objects.count() == 1


@pytest.mark.parametrize(
    ("right", "bound"),
    [
        ("payments.refund", {"refund_ceilings": (RefundCeiling(currency="USD", per_order_minor=100),)}),
        ("payments.settle", {"needs_second_person": True}),
    ],
)
def test_a_secret_of_a_key_that_is_bound_less_is_told_to_nobody_who_is_bound(add, now, right, bound) -> None:
    Role.objects.create(slug="free", name="Free", permissions=[right, "orders.view"])
    free, narrow = add(role="free"), add("Narrow", role="free", scopes=["orders.view"])
    grant = Grant(permissions=frozenset({"keys.manage", "orders.view", right}), **bound)
    cara = Actor(kind="person", ref="9", name="Cara", grants=(grant,))

    with pytest.raises(BeyondOwnRights):
        replace_key_secret.run(key_id=free.key_id, actor=cara, now=now)

    assert ApiKeySecret.objects.filter(key=free.key_id).count() == 1
    assert [entry.kind for entry in entries(free.key_id)] == ["api_key.added"]
    replace_key_secret.run(key_id=narrow.key_id, actor=cara, now=now)
    assert Role.objects.get(slug="free").permissions == [right, "orders.view"]


def test_whom_a_ceiling_binds_makes_no_key_that_refunds_for_each_would_have_a_ceiling_of_its_own(add, now) -> None:
    ceilings = {"USD": {"order": 5000}}
    Role.objects.create(slug="desk", name="Desk", permissions=["payments.refund", "orders.view"])
    made = add(role="desk")
    own = add("Own", role="desk", scopes=["payments.refund"])
    Role.objects.filter(slug="desk").update(refund_ceilings=ceilings)
    grant = Grant(
        permissions=frozenset({"keys.manage", "orders.view", "payments.refund"}),
        refund_ceilings=(RefundCeiling(currency="USD", per_order_minor=5000),),
    )
    dora = Actor(kind="person", ref="9", name="Dora", grants=(grant,))
    key = Actor(kind="key", ref=str(own.key_id), name="Own", grants=(grant,))
    desk = KeyFields(name="Second", role="desk")

    for actor in (dora, key):
        for act in (
            partial(add_api_key.run, fields=desk),
            partial(edit_api_key.run, key_id=made.key_id, fields=desk),
            partial(replace_key_secret.run, key_id=made.key_id),
        ):
            with pytest.raises(BeyondOwnRights) as refused:
                act(actor=actor, now=now)
            assert refused.value.facts["permissions"] == ["payments.refund"]

    assert (ApiKey.objects.count(), ApiKeySecret.objects.count()) == (2, 2)
    add_api_key.run(fields=KeyFields(name="Reader", role="desk", scopes=["orders.view"]), actor=dora, now=now)
    replace_key_secret.run(key_id=own.key_id, actor=key, now=now)


def test_while_a_secret_is_replaced_both_count_and_then_the_new_one_alone(add, clerk, now) -> None:
    old = add()

    new = replace_key_secret.run(key_id=old.key_id, actor=clerk.actor, now=now, overlap=timedelta(hours=1))

    soon, later = now + timedelta(minutes=59), now + timedelta(hours=1)
    assert find_actor(old.secret, now=soon).ref == find_actor(new.secret, now=soon).ref
    assert find_actor(old.secret, now=later) is None
    assert find_actor(new.secret, now=later) is not None
    assert [entry.kind for entry in entries(old.key_id)] == ["api_key.added", "api_key.secret_replaced"]


def test_a_secret_in_the_wrong_hands_ends_at_once_and_so_does_any_older_one(add, clerk, now) -> None:
    first = add()
    second = replace_key_secret.run(key_id=first.key_id, actor=clerk.actor, now=now)

    third = replace_key_secret.run(key_id=first.key_id, actor=clerk.actor, now=now, overlap=timedelta(0))

    assert [find_actor(made.secret, now=now) is not None for made in (first, second, third)] == [False, False, True]


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=31)])
def test_the_old_secret_goes_on_for_at_most_a_month(add, clerk, now, overlap) -> None:
    made = add()

    with pytest.raises(Invalid):
        replace_key_secret.run(key_id=made.key_id, actor=clerk.actor, now=now, overlap=overlap)

    assert ApiKeySecret.objects.count() == 1


def test_an_edited_key_keeps_its_secret(add, clerk, site, now) -> None:
    made = add(scopes=["orders.view"])
    fields = KeyFields(name="Storefront EU", role="integrator", sites=[site.slug])

    edit_api_key.run(key_id=made.key_id, fields=fields, actor=clerk.actor, now=now, version=1)

    actor = find_actor(made.secret, now=now)
    assert (actor.name, actor.sites) == ("Storefront EU", {site.pk})
    entry = entries(made.key_id)[-1]
    assert (entry.kind, entry.before) == (
        "api_key.edited",
        {"name": "Storefront", "scopes": ["orders.view"], "sites": []},
    )
    edit_api_key.run(key_id=made.key_id, fields=fields, actor=clerk.actor, now=now)
    assert len(entries(made.key_id)) == 2


def test_a_key_is_not_renamed_to_another_ones_name(add, clerk, now) -> None:
    made, _other = add(), add("Warehouse")

    with pytest.raises(ApiKeyNameTaken):
        edit_api_key.run(
            key_id=made.key_id, fields=KeyFields(name="Warehouse", role="integrator"), actor=clerk.actor, now=now
        )

    assert read_api_key(key_id=made.key_id, actor=clerk.actor).name == "Storefront"


def test_a_key_is_not_renamed_to_a_name_that_a_rival_took_a_moment_ago(add, clerk, now, monkeypatch) -> None:
    made, _other = add(), add("Warehouse")
    look_too_early(monkeypatch, edit_api_key, "namesake", seeing=None)

    with pytest.raises(ApiKeyNameTaken):
        edit_api_key.run(
            key_id=made.key_id, fields=KeyFields(name=" Warehouse ", role="viewer"), actor=clerk.actor, now=now
        )

    row = read_api_key(key_id=made.key_id, actor=clerk.actor)
    assert (row.name, row.role, row.version) == ("Storefront", "integrator", 1)
    assert [entry.kind for entry in entries(made.key_id)] == ["api_key.added"]


def test_what_somebody_changed_meanwhile_is_not_written_over(add, clerk, now) -> None:
    made = add()
    edit_api_key.run(key_id=made.key_id, fields=KeyFields(name="A", role="integrator"), actor=clerk.actor, now=now)

    with pytest.raises(ApiKeyChanged):
        edit_api_key.run(
            key_id=made.key_id, fields=KeyFields(name="B", role="viewer"), actor=clerk.actor, now=now, version=1
        )

    assert read_api_key(key_id=made.key_id, actor=clerk.actor).name == "A"


def test_a_revoked_key_is_nobodys_and_stays_so(add, clerk, now) -> None:
    made = add()

    revoke_api_key.run(key_id=made.key_id, actor=clerk.actor, now=now, version=1)

    assert find_actor(made.secret, now=now) is None
    again = KeyFields(name="Storefront", role="integrator")
    with pytest.raises(ApiKeyRevoked):
        edit_api_key.run(key_id=made.key_id, fields=again, actor=clerk.actor, now=now)
    with pytest.raises(ApiKeyRevoked):
        replace_key_secret.run(key_id=made.key_id, actor=clerk.actor, now=now)
    with pytest.raises(ApiKeyRevoked):
        revoke_api_key.run(key_id=made.key_id, actor=clerk.actor, now=now)
    assert [entry.kind for entry in entries(made.key_id)] == ["api_key.added", "api_key.revoked"]
    row = read_api_key(key_id=made.key_id, actor=clerk.actor)
    assert edit_api_key.availability(row, clerk.actor).code == "api_key_revoked"


def test_keys_are_for_who_manages_them_and_nobody_else(add, clerk, viewer, now) -> None:
    made = add()
    row = read_api_key(key_id=made.key_id, actor=clerk.actor)

    assert not add_api_key.availability(viewer.actor).allowed
    assert edit_api_key.availability(row, viewer.actor).code == "not_permitted"
    assert list_api_keys(actor=viewer.actor) == []
    with pytest.raises(ApiKeyNotFound):
        read_api_key(key_id=made.key_id, actor=viewer.actor)
    for act in (
        lambda: add_api_key.run(fields=KeyFields(name="X", role="viewer"), actor=viewer.actor, now=now),
        lambda: edit_api_key.run(
            key_id=made.key_id, fields=KeyFields(name="X", role="viewer"), actor=viewer.actor, now=now
        ),
        lambda: replace_key_secret.run(key_id=made.key_id, actor=viewer.actor, now=now),
        lambda: revoke_api_key.run(key_id=made.key_id, actor=viewer.actor, now=now),
    ):
        with pytest.raises(Refused):
            act()
    assert ApiKey.objects.count() == ApiKeySecret.objects.count() == 1


def test_an_unknown_key_is_not_found(clerk, now) -> None:
    with pytest.raises(ApiKeyNotFound):
        revoke_api_key.run(key_id=999, actor=clerk.actor, now=now)


def test_the_list_costs_three_statements_however_many_keys(clerk, statements, site) -> None:
    role = Role.objects.get(slug="integrator")
    for number in range(7):
        create_key(name=f"Key {number}", role=role, site_ids=[site.pk])

    with statements() as counted:
        rows = list_api_keys(actor=clerk.actor)

    assert (len(rows), counted.count) == (7, 3)
