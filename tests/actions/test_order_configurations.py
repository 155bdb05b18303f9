"""Order Configurations: states are added, edited and deleted, and every dropdown follows at once."""

from __future__ import annotations

from typing import Any

import pytest

from orderwright.actions import add_state, cancel_order, change_state, delete_state, edit_state, update_shipment
from orderwright.actions.order_state_rules import lock_state
from orderwright.core.errors import Conflict, Invalid, Refused
from orderwright.journal.models import Entry
from orderwright.orders.errors import StateInUse, StateIsDefault, StateNameTaken
from orderwright.outbox.models import Mail
from orderwright.reads.order_states import list_states, read_state
from tests.support.rivals import look_too_early

PACKED = {
    "name": "Packed",
    "color": "teal",
    "description": "Boxed, label printed, not yet handed over.",
    "system_state": "processing",
}


def add(clerk: Any, **changes: Any) -> str:
    return add_state.run(**(PACKED | changes), actor=clerk.actor, now=clerk.now)


def edit(clerk: Any, slug: str, **changes: Any) -> None:
    edit_state.run(slug=slug, **(PACKED | changes), actor=clerk.actor, now=clerk.now)


def test_the_six_defaults_are_there_from_the_start(db: None) -> None:  # G4, G5
    names = {state.name for state in list_states() if state.system_state != "cancel_requested"}

    assert names == {"New", "Completed", "Canceled", "Fraud", "Processing", "Suspended"}


def test_every_orders_dropdown_shows_a_new_state_at_once(clerk: Any, order: Any) -> None:  # G6
    slug = add(clerk)

    moves = change_state.moves(clerk.sees(order), clerk.actor)

    assert [(move.name, move.allowed) for move in moves if move.slug == slug] == [("Packed", True)]
    assert clerk.change_state(order, slug).state.name == "Packed"


def test_a_custom_state_counts_as_what_it_maps_to(clerk: Any, order: Any) -> None:  # W1
    add(clerk, name="Manual review", system_state="fraud")
    order = clerk.change_state(order, "manual-review")

    order = clerk.change_state(order, "suspended")

    assert order.state.slug == "suspended"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "x" * 41}, "/name"),
        ({"name": "a\x00"}, "/name"),
        ({"color": "#ff0000"}, "/color"),
        ({"system_state": "canceled"}, "/system_state"),
        ({"system_state": "cancel_requested"}, "/system_state"),
        ({"description": "x" * 201}, "/description"),
    ],
)
def test_an_unfit_state_is_refused(clerk: Any, change: dict[str, str], pointer: str) -> None:  # W1
    with pytest.raises(Invalid) as refused:
        add(clerk, **change)

    assert refused.value.fields[0].pointer == pointer
    assert len(list_states()) == 7


def test_two_states_do_not_share_a_name(clerk: Any) -> None:
    add(clerk)

    with pytest.raises(StateNameTaken):
        add(clerk, name="PACKED")


def test_a_name_that_a_rival_took_a_moment_ago_is_taken(clerk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    add(clerk)
    other = add(clerk, name="Boxed")

    look_too_early(monkeypatch, add_state, "require_name_free", seeing=None)
    with pytest.raises(StateNameTaken):
        add(clerk)
    look_too_early(monkeypatch, edit_state, "require_name_free", seeing=None)
    with pytest.raises(StateNameTaken):
        edit(clerk, other)

    assert [state.name for state in list_states() if not state.is_default] == ["Packed", "Boxed"]


def test_a_state_does_not_take_anothers_name_by_an_edit(clerk: Any) -> None:
    add(clerk)
    other = add(clerk, name="Boxed")

    with pytest.raises(StateNameTaken):
        edit(clerk, other, name="packed")

    assert (read_state(slug=other).name, read_state(slug=other).version) == ("Boxed", 1)


def test_an_edit_that_changes_nothing_leaves_no_entry(clerk: Any) -> None:
    slug = add(clerk)

    edit(clerk, slug)

    assert read_state(slug=slug).version == 1
    assert list(Entry.objects.values_list("kind", flat=True)) == ["order_state.added"]


@pytest.mark.parametrize("slug", ["canceled", "cancel-requested"])
def test_the_states_of_canceling_stay_as_they_are(clerk: Any, slug: str) -> None:
    before = read_state(slug=slug)

    with pytest.raises(StateIsDefault):
        edit(clerk, slug, name="Gone")

    assert read_state(slug=slug) == before


def test_a_default_state_keeps_its_system_state(clerk: Any) -> None:
    with pytest.raises(StateIsDefault):
        edit(clerk, "processing", name="Processing", system_state="fraud")

    assert read_state(slug="processing").system_state == "processing"


def test_a_state_is_locked_within_a_transaction_alone(db: None) -> None:
    with pytest.raises(RuntimeError):
        lock_state("new")


def test_names_that_make_the_same_slug_get_different_ones(clerk: Any) -> None:
    assert (add(clerk, name="On hold: stock"), add(clerk, name="On hold, stock")) == (
        "on-hold-stock",
        "on-hold-stock-2",
    )


def test_an_unused_state_is_edited_mapping_included(clerk: Any) -> None:  # W2
    slug = add(clerk)

    edit(clerk, slug, name="Boxed", system_state="suspended")

    state = read_state(slug=slug)
    assert (state.name, state.system_state, state.version) == ("Boxed", "suspended", 2)
    assert Entry.objects.get(kind="order_state.edited").after == {"name": "Boxed", "system_state": "suspended"}


def test_a_state_in_use_changes_its_name_only_behind_a_confirmation(clerk: Any, order: Any) -> None:  # W2
    slug = add(clerk)
    clerk.change_state(order, slug)

    with pytest.raises(edit_state.EditNeedsConfirmation) as asked:
        edit(clerk, slug, name="Boxed")

    assert asked.value.facts == {"orders": 1}
    edit(clerk, slug, name="Boxed", is_confirmed=True)
    assert clerk.sees(order).state.name == "Boxed"


def test_a_state_in_use_keeps_its_mapping(clerk: Any, order: Any) -> None:  # W2
    slug = add(clerk)
    clerk.change_state(order, slug)

    with pytest.raises(StateInUse):
        edit(clerk, slug, system_state="fraud", is_confirmed=True)

    assert read_state(slug=slug).system_state == "processing"


def test_an_unused_state_is_deleted_and_its_journal_stays(clerk: Any) -> None:  # W2
    slug = add(clerk)

    delete_state.run(slug=slug, actor=clerk.actor, now=clerk.now)

    assert slug not in {state.slug for state in list_states()}
    assert list(Entry.objects.values_list("kind", flat=True)) == ["order_state.added", "order_state.deleted"]


def test_a_state_in_use_is_not_deleted(clerk: Any, order: Any) -> None:  # W2
    slug = add(clerk)
    clerk.change_state(order, slug)

    with pytest.raises(StateInUse) as refused:
        delete_state.run(slug=slug, actor=clerk.actor, now=clerk.now)

    assert refused.value.facts == {"orders": 1}


def test_a_page_knows_beforehand_which_states_can_be_deleted(clerk: Any, viewer: Any, order: Any) -> None:  # W2
    used, unused = add(clerk), add(clerk, name="Boxed")
    clerk.change_state(order, used)

    answers = {slug: delete_state.availability(read_state(slug=slug), clerk.actor) for slug in ("new", used, unused)}

    assert {slug: answer.code for slug, answer in answers.items()} == {
        "new": "state_is_default",
        used: "state_in_use",
        unused: "",
    }
    assert answers[used].limits == {"orders": 1}
    assert delete_state.availability(read_state(slug=unused), viewer.actor).code == "not_permitted"


@pytest.mark.parametrize("slug", ["new", "processing", "fraud", "suspended", "completed", "canceled"])
def test_a_default_state_is_not_deleted(clerk: Any, slug: str) -> None:  # W2
    with pytest.raises(StateIsDefault):
        delete_state.run(slug=slug, actor=clerk.actor, now=clerk.now)


def test_being_used_in_system_counts_the_orders(clerk: Any, order: Any, take_in: Any) -> None:  # W2
    take_in()

    assert {state.slug: state.orders for state in list_states() if state.orders} == {"new": 2}


def test_a_viewer_configures_nothing(viewer: Any) -> None:
    with pytest.raises(Refused):
        add(viewer)
    with pytest.raises(Refused):
        edit(viewer, "processing")
    with pytest.raises(Refused):
        delete_state.run(slug="processing", actor=viewer.actor, now=viewer.now)


def test_a_state_of_ones_own_closes_shipments_that_its_system_state_leaves_open(clerk: Any, order: Any) -> None:  # G13
    slug = add(clerk, allows_shipments=False)
    order = clerk.change_state(order, slug)

    with pytest.raises(Conflict) as refused:
        clerk.update_shipment(order, method="dhl-express")

    assert (refused.value.code, refused.value.message) == (
        "order_state_locks_shipments",
        "Shipments are not changed in the state Packed.",
    )
    assert clerk.sees(order) == order


def test_a_state_of_ones_own_never_opens_shipments_that_its_system_state_locks(clerk: Any, order: Any) -> None:  # G13
    slug = add(clerk, system_state="fraud", allows_shipments=True)
    order = clerk.change_state(order, slug)

    assert update_shipment.availability(order, clerk.actor).code == "order_state_locks_shipments"


def test_a_state_of_ones_own_may_forbid_canceling_by_button_and_by_dropdown(clerk: Any, order: Any) -> None:
    order = clerk.change_state(order, add(clerk, allows_cancel=False))

    canceled = next(move for move in change_state.moves(order, clerk.actor) if move.slug == "canceled")

    reason = "Orders are not canceled in the state Packed; move it to another one first."
    assert cancel_order.availability(order, clerk.actor).reason == reason
    assert (canceled.allowed, canceled.reason) == (False, reason)
    with pytest.raises(Conflict) as refused:
        clerk.cancel(order)
    assert refused.value.code == "order_state_locks_cancel"
    assert clerk.sees(order) == order


@pytest.mark.parametrize("limit", ["allows_cancel", "allows_shipments"])
def test_a_default_state_narrows_nothing(clerk: Any, limit: str) -> None:  # G13, G26
    with pytest.raises(StateIsDefault):
        edit(clerk, "processing", name="Processing", **{limit: False})

    assert getattr(read_state(slug="processing"), limit)


def test_what_a_state_narrows_stays_where_an_edit_does_not_name_it(clerk: Any) -> None:
    slug = add(clerk, allows_cancel=False)

    edit(clerk, slug, name="Boxed")

    assert not read_state(slug=slug).allows_cancel


# The mail of a state --------------------------------------------------------------------------------------------------

TOLD = {"emails_customer": True, "email_text": "We wait for your lamp.\nIt comes on Friday."}


def test_who_moves_an_order_into_a_state_that_emails_writes_to_the_customer(
    clerk: Any, order: Any, journal_kinds: Any
) -> None:
    clerk.change_state(order, add(clerk, **TOLD))

    mail = Mail.objects.get()
    assert (mail.kind, mail.recipient) == ("order_state", "bob.norman@mail.example.com")
    assert mail.subject == f"News of your order #{order.number} from Cozy Home US"
    assert "We wait for your lamp.\nIt comes on Friday." in mail.text
    assert "Packed" not in mail.text
    assert journal_kinds(order)[-2:] == ["order.state_changed", "mail.written"]
    assert clerk.result is True


def test_who_moves_it_may_leave_the_mail_out(clerk: Any, order: Any) -> None:
    clerk.change_state(order, add(clerk, **TOLD), email_customer=False)

    assert (clerk.result, Mail.objects.exists()) == (False, False)


def test_an_order_without_an_address_is_moved_all_the_same(clerk: Any, take_in: Any) -> None:
    order = take_in(customer={"name": "Bob Norman"}, held=0)

    moved = clerk.change_state(order, add(clerk, **TOLD))

    assert (moved.state.name, clerk.result, Mail.objects.exists()) == ("Packed", False, False)


def test_a_default_state_may_email_too(clerk: Any, order: Any) -> None:
    edit(clerk, "processing", name="Processing", **TOLD)

    clerk.change_state(order, "processing")

    assert Mail.objects.count() == 1


def test_an_order_that_comes_in_is_not_moved_and_so_not_told(clerk: Any, take_in: Any) -> None:
    edit(clerk, "new", name="New", system_state="new", **TOLD)

    take_in(held=0)

    assert not Mail.objects.exists()


@pytest.mark.parametrize("text", ["", " ", "x" * 501, "a\x00", "4242 4242 4242 4242"])
def test_a_mail_that_says_nothing_or_too_much_is_refused(clerk: Any, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(clerk, emails_customer=True, email_text=text)

    assert refused.value.fields[0].pointer == "/email_text"
    assert len(list_states()) == 7
