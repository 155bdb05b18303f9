"""Order Configurations: the list of states, Add Status, edit and delete."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from orderwright.actions import add_state, delete_state, edit_state, retire_state
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import NotFound, OrderwrightError
from orderwright.orders.errors import StateUnknown
from orderwright.reads.order_moves import read_moves
from orderwright.reads.order_states import list_states, read_state
from orderwright.reads.rows import StateRow
from orderwright.web import posted
from orderwright.web.errors import pointer_of, words_of
from orderwright.web.page import dialog, fragment, is_htmx, page, say
from orderwright.web.permission import StaffRequest, permission
from orderwright.web.presenters.list_page import StateList
from orderwright.web.presenters.parts import Toast
from orderwright.web.presenters.states import LIMITS, delete_dialog, retire_dialog, state_form, state_list

PLACE = "order-configurations"
_EMAIL = ("emails_customer", "email_text")
_FIELDS = ("name", "colour", "description", "system_state", "version", *LIMITS, *_EMAIL)
# What the action calls the field that the page calls colour.
_PAGE_FIELDS = {"color": "colour"}


@require_GET
@permission("configuration.view")
def states(request: StaffRequest) -> HttpResponse:
    """Show Order Configurations. Source: G5, W2."""
    return page(request, "configuration/states.html", {"states": _shown(request)}, current=PLACE)


@require_http_methods(["GET", "POST"])
@permission("configuration.edit")
def add(request: StaffRequest) -> HttpResponse:
    """Show Add Status, or add the state. Source: G6, W1."""
    if request.method == "GET":
        return _form(request, dict.fromkeys(LIMITS, "yes"))
    typed = _typed(request)
    try:
        add_state.run(**_columns(typed), actor=request.user.actor(), now=clock_now())
    except OrderwrightError as error:
        return _form(request, typed, error=error)
    return _done(request, _("%(name)s added; every order’s dropdown offers it") % {"name": typed["name"].strip()})


@require_http_methods(["GET", "POST"])
@permission("configuration.edit")
def edit(request: StaffRequest, slug: str) -> HttpResponse:
    """Show the form of a state, or save it; one in use asks first, naming the number of orders. Source: W2."""
    state = _state(slug)
    if request.method == "GET":
        values = {
            "name": state.name,
            "colour": state.color,
            "description": state.description,
            "system_state": state.system_state,
            "version": str(state.version),
            **{name: "yes" for name in (*LIMITS, "emails_customer") if getattr(state, name)},
            "email_text": state.email_text,
        }
        return _form(request, values, state=state)
    typed = {**_typed(request)}
    typed["system_state"] = typed["system_state"] or state.system_state
    try:
        edit_state.run(
            slug=slug,
            **_columns(typed, is_default=state.is_default),
            version=posted.version(request),
            is_confirmed=posted.text(request, "confirmed") == "yes",
            actor=request.user.actor(),
            now=clock_now(),
        )
    except edit_state.EditNeedsConfirmation as question:
        return _form(request, typed, state=state, confirm=question.message)
    except OrderwrightError as error:
        return _form(request, typed, state=state, error=error)
    return _done(request, _("%(name)s saved") % {"name": typed["name"].strip()})


@require_http_methods(["GET", "POST"])
@permission("configuration.edit")
def delete(request: StaffRequest, slug: str) -> HttpResponse:
    """Ask before deleting a state, or delete it. Source: W2."""
    state = _state(slug)
    error: OrderwrightError | None = None
    if request.method == "POST":
        try:
            delete_state.run(slug=slug, actor=request.user.actor(), now=clock_now())
            return _done(request, _("%(name)s deleted") % {"name": state.name})
        except OrderwrightError as refusal:
            error = refusal
    shown = delete_dialog(state, base=reverse(PLACE), error=words_of(error) if error else "")
    status = error.status if error else 200
    values = {"dialog": shown}
    return dialog(request, "configuration/_delete.html", values, title=shown.title, status=status, current=PLACE)


@require_http_methods(["GET", "POST"])
@permission("configuration.edit")
def retire(request: StaffRequest, slug: str) -> HttpResponse:
    """Ask where a state's orders go, or begin to move them and show how far that is. Source: W2."""
    state = _state(slug)
    chosen, error = posted.text(request, "to"), None
    if request.method == "POST":
        try:
            job = retire_state.run(slug=slug, to=chosen, actor=request.user.actor(), now=clock_now())
            return _to_job(request, job)
        except OrderwrightError as refusal:
            error = refusal
    shown = retire_dialog(
        state,
        list_states(),
        read_moves().moves,
        request.user.actor(),
        base=reverse(PLACE),
        chosen=chosen,
        error=words_of(error) if error else "",
    )
    status = error.status if error else 200
    values = {"dialog": shown}
    return dialog(request, "configuration/_retire.html", values, title=shown.title, status=status, current=PLACE)


def _to_job(request: StaffRequest, job_id: int) -> HttpResponse:
    if not is_htmx(request):
        return redirect("bulk-job", job_id)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = reverse("bulk-job", args=[job_id])
    return answer


def _shown(request: StaffRequest) -> StateList:
    return state_list(
        list_states(),
        request.user.actor(),
        base=reverse(PLACE),
        moves_href=reverse("order-moves"),
        job_href=lambda job_id: reverse("bulk-job", args=[job_id]),
    )


def _state(slug: str) -> StateRow:
    """Return the state that the address names. Raises: NotFound."""
    try:
        return read_state(slug=slug)
    except StateUnknown as error:
        raise NotFound(error.message, code=error.code, facts=error.facts) from error


def _typed(request: StaffRequest) -> dict[str, str]:
    return {name: posted.text(request, name) for name in _FIELDS}


def _columns(typed: dict[str, str], *, is_default: bool = False) -> dict[str, Any]:
    # A default state narrows nothing, so its form has no boxes for it.
    limits = {} if is_default else {name: typed[name] == "yes" for name in LIMITS}
    return {
        **limits,
        "emails_customer": typed["emails_customer"] == "yes",
        "email_text": typed["email_text"],
        "name": typed["name"],
        "color": typed["colour"],
        "description": typed["description"],
        "system_state": typed["system_state"],
    }


def _form(
    request: StaffRequest,
    values: dict[str, str],
    *,
    state: StateRow | None = None,
    error: OrderwrightError | None = None,
    confirm: str = "",
) -> HttpResponse:
    errors = {}
    if error is not None:
        field = pointer_of(error)
        errors = {_PAGE_FIELDS.get(field, field): words_of(error)}
    may_map = state is None or (not state.is_default and state.orders == 0)
    shown = state_form(values, base=reverse(PLACE), state=state, may_map=may_map, errors=errors, confirm=confirm)
    status = error.status if error else 200
    return dialog(
        request, "configuration/_state_form.html", {"form": shown}, title=shown.title, status=status, current=PLACE
    )


def _done(request: StaffRequest, said: str) -> HttpResponse:
    toast = Toast(said)
    if not is_htmx(request):
        say(request, toast)
        return redirect(PLACE)
    return fragment(
        request, "configuration/_answer.html", {"states": _shown(request)}, toasts=[toast], is_closing_dialog=True
    )
