"""What holds for every change of Order Configurations: names, colours, mapping, and the lock on one state."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from orderwright.actions.configured import checked_slug
from orderwright.actions.namesakes import namesake
from orderwright.core.db import assert_in_transaction
from orderwright.core.errors import Conflict, FieldError, Invalid
from orderwright.core.text import clean_text
from orderwright.orders.errors import StateNameTaken, StateUnknown
from orderwright.orders.models import OrderState
from orderwright.orders.states import COLORS, MAPPABLE, OFFERED

LONGEST_NAME, LONGEST_DESCRIPTION = 40, 200
LONGEST_EMAIL_TEXT = 500
LONGEST_SLUG = 60  # what the column holds
_STREAM = "order_state:"


class StateDeleted(Conflict):
    """The state that a job is about is not there any more."""

    code = "state_deleted"


def checked_fields(*, name: str, color: str, description: str, system_state: str) -> dict[str, str]:
    """Return the columns of an order state from what somebody typed.

    Raises: Invalid with a pointer at the field. Source: W1.
    """
    wanted = {
        "name": clean_text(name, pointer="/name", longest=LONGEST_NAME, required=True),
        "description": clean_text(description, pointer="/description", longest=LONGEST_DESCRIPTION),
        "color": color,
        "system_state": system_state,
    }
    if color not in COLORS:
        raise _at("/color", "color_unknown", _("Choose one of the colours offered."))
    if system_state not in MAPPABLE:
        raise _at(
            "/system_state", "system_state_not_mappable", _("A state maps to one of the five system states offered.")
        )
    return wanted


def checked_email(*, emails_customer: bool, email_text: str) -> dict[str, Any]:
    """Return the columns of what a state mails. Raises: Invalid with a pointer, also for a mail that says nothing."""
    text = clean_text(
        email_text, pointer="/email_text", longest=LONGEST_EMAIL_TEXT, block=True, required=emails_customer
    )
    return {"emails_customer": emails_customer, "email_text": text}


def fresh_slug(name: str) -> str:
    """Return a slug for a new state that no other state has."""
    taken = OrderState.objects.values_list("slug", flat=True)
    return checked_slug("", name=name, taken=taken, longest=LONGEST_SLUG, otherwise="state")


def lock_state(slug: str) -> OrderState:
    """Return the state, locked until the transaction ends. Raises: StateUnknown."""
    assert_in_transaction("a state is locked for the length of a transaction")
    state = OrderState.objects.select_for_update().filter(slug=slug).first()
    if state is None:
        raise StateUnknown(_("There is no such order state."), facts={"state": slug})
    return state


def lock_state_of(stream: str) -> OrderState:
    """Return the state that a stream is about, locked until the transaction ends. Raises: StateDeleted.

    Unlike its slug, which a state that is added later may have again, the stream is of this state alone.
    """
    assert_in_transaction("a state is locked for the length of a transaction")
    state = OrderState.objects.select_for_update().filter(pk=int(stream.removeprefix(_STREAM))).first()
    if state is None:
        raise StateDeleted(_("The state is deleted."))
    return state


def name_taken(name: str, *, is_retired: bool = False) -> StateNameTaken:
    """Return the refusal for a name that another state has, or one that looks like it."""
    message = (
        _("A retired state has the name “%(name)s”.") if is_retired else _("There is a state named “%(name)s” already.")
    )
    return StateNameTaken(message % {"name": name}, facts={"pointer": "/name"})


def require_name_free(name: str, *, except_id: int | None = None) -> None:
    """Do nothing when no other state's name looks like this one. Raises: StateNameTaken."""
    other = namesake(OrderState.objects.all(), name, except_id=except_id)
    if other is not None:
        raise name_taken(name, is_retired=other.stage != OFFERED)


def stream_of_state(state_id: int) -> str:
    """Return the name of the state's stream in the journal."""
    return f"{_STREAM}{state_id}"


def _at(pointer: str, code: str, message: str) -> Invalid:
    return Invalid(message, code=code, fields=(FieldError(pointer=pointer, code=code, message=message),))
