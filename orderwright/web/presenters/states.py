"""Order Configurations: the list of states and its dialogs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions import add_state, delete_state, edit_state, retire_state
from orderwright.actions.order_state_rules import LONGEST_DESCRIPTION, LONGEST_EMAIL_TEXT, LONGEST_NAME
from orderwright.core.actor import Actor
from orderwright.orders.rules import Moves
from orderwright.orders.state_words import system_state_name
from orderwright.orders.states import COLORS, MAPPABLE, RETIRED, RETIRING, SYSTEM_STATES
from orderwright.reads.rows import StateRow as StateFacts
from orderwright.web.presenters.list_page import LimitBox, RetireDialog, StateDialog, StateForm, StateList, StateRow
from orderwright.web.presenters.parts import Badge, Choice, Link
from orderwright.web.presenters.press import press
from orderwright.web.presenters.words import count

# What a state of the shop's own may narrow: the form's fields, and the columns.
LIMITS = ("allows_cancel", "allows_shipments")


def state_list(
    states: Sequence[StateFacts], actor: Actor, *, base: str, moves_href: str, job_href: Callable[[int], str]
) -> StateList:
    """Return every state with its mapping and whether orders are in it, the retired ones apart. Source: W2."""
    rows = {state: _row(state, actor, base=base, job_href=job_href) for state in states}
    return StateList(
        rows=tuple(row for state, row in rows.items() if state.stage != RETIRED),
        retired=tuple(row for state, row in rows.items() if state.stage == RETIRED),
        here_href=base,
        moves_href=moves_href,
        add_href=f"{base}/add",
        add=press(add_state.availability(actor)),
    )


def _row(state: StateFacts, actor: Actor, *, base: str, job_href: Callable[[int], str]) -> StateRow:
    stages = {RETIRING: Badge(_("Being retired"), "amber"), RETIRED: Badge(_("Retired"), "grey")}
    may_delete, may_retire = delete_state.availability(state, actor), retire_state.availability(state, actor)
    return StateRow(
        id=str(state.id),
        badge=Badge(state.name, state.color),
        system=system_state_name(state.system_state),
        about=state.description,
        limits=tuple(words for name, words in _narrowed().items() if not getattr(state, name)),
        is_emailing=state.emails_customer,
        is_used=state.orders > 0,
        used_by=_orders(state.orders),
        is_default=state.is_default,
        edit_href=f"{base}/{state.slug}" if edit_state.availability(state, actor).allowed else "",
        delete_href=f"{base}/{state.slug}/delete" if may_delete.allowed else "",
        # What no order is in is simply deleted.
        retire_href=f"{base}/{state.slug}/retire" if may_retire.allowed and state.orders else "",
        stage=stages.get(state.stage),
        job=Link(_("See what was moved"), job_href(state.job)) if state.job and not state.is_offered else None,
    )


def _narrowed() -> dict[str, str]:
    return {"allows_cancel": _("Not canceled from here"), "allows_shipments": _("Shipments closed")}


def _limits(values: Mapping[str, str], *, is_default: bool) -> tuple[LimitBox, ...]:
    labels = {
        "allows_cancel": (_("Orders may be canceled"), _("Otherwise Cancel Order says so and stays closed.")),
        "allows_shipments": (
            _("Shipments are open"),
            _("As far as the system state leaves them open: in New and Processing."),
        ),
    }
    return tuple(
        LimitBox(name, label, hint, is_ticked=is_default or values.get(name) == "yes")
        for name, (label, hint) in labels.items()
    )


def _orders(number: int) -> str:
    return ngettext("%(count)s order", "%(count)s orders", number) % {"count": count(number)}


def tones() -> dict[str, str]:
    """Return the palette: stored word and name."""
    return {
        "grey": _("Grey"),
        "blue": _("Blue"),
        "green": _("Green"),
        "amber": _("Amber"),
        "red": _("Red"),
        "violet": _("Violet"),
        "teal": _("Teal"),
        "pink": _("Pink"),
    }


def state_form(
    values: Mapping[str, str],
    *,
    base: str,
    state: StateFacts | None = None,
    may_map: bool = True,
    errors: Mapping[str, str] | None = None,
    confirm: str = "",
) -> StateForm:
    """Return the form that adds a state, or edits the given one; `confirm` asks before a state in use is changed."""
    names = tones()
    submit = _("Add Status") if state is None else _("Save")
    if confirm and state is not None:
        submit = _("Save for %(orders)s") % {"orders": _orders(state.orders)}
    offered = [name for name in SYSTEM_STATES if name in MAPPABLE]
    reason = ""
    if state is not None and not may_map:
        reason = (
            _("A default state keeps its system state.")
            if state.is_default
            else ngettext(
                "%(count)s order is in this state, so its system state stays.",
                "%(count)s orders are in this state, so its system state stays.",
                state.orders,
            )
            % {"count": count(state.orders)}
        )
    return StateForm(
        title=_("Add Status") if state is None else _("Edit %(name)s") % {"name": state.name},
        action=f"{base}/add" if state is None else f"{base}/{state.slug}",
        back_href=base,
        submit=submit,
        name=values.get("name", ""),
        about=values.get("description", ""),
        tone=values.get("colour", "") if values.get("colour") in COLORS else "blue",
        tones=tuple(Choice(tone, names[tone], is_selected=tone == (values.get("colour") or "blue")) for tone in COLORS),
        systems=tuple(
            Choice(name, system_state_name(name), is_selected=name == (values.get("system_state") or "processing"))
            for name in offered
        ),
        system_reason=reason,
        limits=_limits(values, is_default=state is not None and state.is_default),
        email_text=values.get("email_text", ""),
        is_emailing=values.get("emails_customer") == "yes",
        limits_reason=_("A default state allows all that its system state does.")
        if state is not None and state.is_default
        else "",
        errors=dict(errors or {}),
        longest={"name": LONGEST_NAME, "description": LONGEST_DESCRIPTION, "email_text": LONGEST_EMAIL_TEXT},
        is_confirming=bool(confirm),
        confirm=confirm,
        version=values.get("version", ""),
    )


def delete_dialog(state: StateFacts, *, base: str, error: str = "") -> StateDialog:
    """Return the question before a state is deleted."""
    return StateDialog(
        title=_("Delete %(name)s?") % {"name": state.name},
        action=f"{base}/{state.slug}/delete",
        back_href=base,
        tell=_("No order is in this state. It goes from every order’s dropdown at once."),
        confirm=_("Delete %(name)s") % {"name": state.name},
        error=error,
    )


def retire_dialog(
    state: StateFacts,
    states: Sequence[StateFacts],
    moves: Moves,
    actor: Actor,
    *,
    base: str,
    chosen: str = "",
    error: str = "",
) -> RetireDialog:
    """Return the question where a state's orders go; what they could not be moved to by hand is grey. Source: W2."""
    problems = {
        each: retire_state.target_problem(state, each, moves)
        for each in retire_state.targets(state, states)
        if each.is_offered
    }
    first = chosen or next((each.slug for each, problem in problems.items() if _is_near(state, each, problem)), "")
    orders = _orders(state.orders)
    return RetireDialog(
        title=_("Retire %(name)s?") % {"name": state.name},
        action=f"{base}/{state.slug}/retire",
        back_href=base,
        tell=_(
            "%(orders)s move to the state that you choose, one after the other. From now on %(name)s is offered "
            "nowhere; once no order is in it, it is retired. Nobody is emailed, and you can undo it."
        )
        % {"orders": orders, "name": state.name},
        targets=tuple(
            Choice(
                each.slug,
                each.name if problem is None else f"{each.name} — {problem}",
                is_selected=each.slug == first,
                is_allowed=problem is None,
            )
            for each, problem in problems.items()
        ),
        confirm=_("Retire it and move %(orders)s") % {"orders": orders},
        press=press(retire_state.availability(state, actor)),
        error=error,
    )


def _is_near(state: StateFacts, target: StateFacts, problem: str | None) -> bool:
    return problem is None and target.system_state == state.system_state
