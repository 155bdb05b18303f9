"""The customer of an order: the dialog that edits it, also when two people do so at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orderwright.actions import edit_customer
from orderwright.actions.edit_customer import ADDRESSES, CustomerUnchanged, Edited
from orderwright.actions.permission import require
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import Invalid, OrderwrightError
from orderwright.orders.errors import OrderChanged
from orderwright.reads.order_detail import read_order
from orderwright.reads.rows import Address
from orderwright.reads.written_to import written_to
from orderwright.web import posted
from orderwright.web.errors import words_of
from orderwright.web.page import dialog
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.customer import customer_dialog
from orderwright.web.views.order_answers import base_of, done

_PLAIN = ("name", "email", "phone")
_MINE, _THEIRS = "mine", "theirs"


@require_http_methods(["GET", "POST"])
@permission("customers.edit")
def customer(request: StaffRequest, number: str) -> HttpResponse:
    """Ask for the customer's data, or save what of it was changed here; the same field changed elsewhere asks first."""
    if request.method == "GET":
        return _ask(request, number)
    typed, seen = _typed(request), _seen(request)
    changes = {name: value for name, value in typed.items() if name not in seen or value != seen[name]}
    for name in list(changes):
        if posted.text(request, f"choice-{name}") == _THEIRS:
            del changes[name]
            typed[name] = seen.get(name, typed[name])
    try:
        if not changes:
            raise CustomerUnchanged(_("Nothing is different from what stands there."))
        edited = edit_customer.run(
            number=number,
            changes=changes,
            actor=request.user.actor(),
            now=clock_now(),
            version=posted.version(request),
        )
    except OrderChanged as error:
        # What others changed and this person did not stands in the form as it is now.
        kept = {name: value for name, value in typed.items() if name in changes}
        return _ask(request, number, typed=kept, changes=error.facts["changes"], status=error.status)
    except Invalid as error:
        wrong = {field.pointer: field.message for field in error.fields}
        return _ask(request, number, typed=typed, errors=wrong, status=error.status)
    except OrderwrightError as error:
        return _ask(request, number, typed=typed, errors={"": words_of(error)}, status=error.status)
    return done(request, number, _said(edited))


def _said(edited: Edited) -> str:
    return " ".join((_("Customer saved."), *(remark.words for remark in edited.remarks)))


def _ask(
    request: StaffRequest,
    number: str,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    changes: Any = (),
    status: int = 200,
) -> HttpResponse:
    order = read_order(number=number, actor=request.user.actor())
    require(request.user.actor(), "customers.view", order.site.id)
    asked = customer_dialog(
        order,
        written_to(order.id),
        base=base_of(number),
        now=clock_now(),
        typed=typed,
        errors=errors,
        changes=changes,
    )
    return dialog(request, "orders/_edit_customer.html", {"dialog": asked}, title=asked.title, status=status)


def _typed(request: HttpRequest) -> dict[str, Any]:
    typed: dict[str, Any] = {name: posted.text(request, name).strip() for name in _PLAIN}
    for name in ADDRESSES:
        parts = {part: posted.text(request, f"{name}-{part}").strip() or None for part in Address.__struct_fields__}
        is_same = name == "billing_address" and posted.text(request, "billing-same") == "yes"
        typed[name] = None if is_same or not any(parts.values()) else parts
    return typed


def _seen(request: HttpRequest) -> dict[str, Any]:
    """Return what stood there when the dialog was opened; nothing where the form came back broken."""
    try:
        seen = json.loads(posted.text(request, "seen"))
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}
