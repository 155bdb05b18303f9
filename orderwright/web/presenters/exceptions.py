"""Exceptions: from operations that did not go through to rows with the evidence and what helps."""

from __future__ import annotations

from datetime import datetime

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions import check_operation, dismiss_failure, settle_by_hand
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.availability import allowed
from orderwright.reads.exceptions import PROBLEMS, ExceptionPage
from orderwright.reads.exceptions import ExceptionRow as Facts
from orderwright.web.presenters.money_pages import Act, ExceptionRow, MoneyList, WordDialog
from orderwright.web.presenters.outcomes import act_text
from orderwright.web.presenters.parts import Badge, Leg, Link
from orderwright.web.presenters.press import press
from orderwright.web.presenters.words import age, amount, count, method_name, when


def exception_list(
    page: ExceptionPage,
    counts: dict[str, int],
    *,
    actor: Actor,
    problem: str | None,
    here: str,
    order_href: str,
    is_first: bool,
    now: datetime,
) -> MoneyList:
    """Return a page of exceptions as this person sees it."""
    chips = [Link(_("All"), here, is_current=problem is None, count=count(sum(counts.values())))]
    chips += [
        Link(_badge(each).text, f"{here}?{urlencode({'problem': each})}", each == problem, count(counts[each]))
        for each in PROBLEMS
        if counts[each] or each == problem
    ]
    filtered = {"problem": problem} if problem else {}
    return MoneyList(
        title=_("Exceptions"),
        about=_("Captures, refunds and reversals that did not go through, and what can be done about each."),
        chips=tuple(chips),
        rows=tuple(_row(row, actor=actor, here=here, order_href=order_href, now=now) for row in page.items),
        sorted_by=_("Longest waiting first. Times in each site’s zone."),
        first_href="" if is_first else f"{here}?{urlencode(filtered)}".rstrip("?"),
        following_href=f"{here}?{urlencode({**filtered, 'after': page.next})}" if page.next else "",
        empty_title=_("Nothing needs you"),
        empty_text=_("What a provider refuses, or does not answer, stands here until it is settled."),
    )


def _row(row: Facts, *, actor: Actor, here: str, order_href: str, now: datetime) -> ExceptionRow:
    return ExceptionRow(
        id=str(row.id),
        problem=_badge(row.problem),
        act=act_text(row.kind),
        amount=_money(row),
        order=Link(f"#{row.order_number}", order_href.format(number=row.order_number)),
        customer=row.customer_name,
        payment=f"{_method(row)} · {row.account_name}",
        told=row.failure_message or _silence(row),
        facts=_facts(row, now=now),
        key=row.key,
        since=when(row.prepared_at, now=now, zone_name=row.site_time_zone),
        age=age(row.prepared_at, now=now),
        acts=_acts(row, actor=actor, here=here, order_href=order_href, now=now),
    )


def _badge(problem: str) -> Badge:
    return {
        "manual": Badge(_("Needs a person"), "red"),
        "failed_leg": Badge(_("Cancellation stopped"), "red"),
        "taken_back": Badge(_("Taken back by the provider"), "red"),
        "unknown": Badge(_("Outcome unknown, checking"), "amber", is_checking=True),
        "stuck": Badge(_("Stuck"), "amber"),
        "failed": Badge(_("Declined"), "violet"),
    }[problem]


def _money(row: Facts) -> str:
    return amount(row.amount_minor, row.currency, row.site_locale)


def _method(row: Facts) -> str:
    return method_name(method_type=row.method_type, brand=row.brand, last4=row.last4)


def _silence(row: Facts) -> str:
    if row.problem == "stuck":
        return _("Nobody has looked after it in time. Does the worker run?")
    return _("The provider gave no reason.")


def _facts(row: Facts, *, now: datetime) -> str:
    said = [row.failure_code] if row.failure_code else []
    said.append(ngettext("tried once", "tried %(n)s times", row.attempts) % {"n": row.attempts})
    if row.sent_at is not None:
        sent = when(row.sent_at, now=now, zone_name=row.site_time_zone)
        said.append(_("first sent %(when)s") % {"when": sent.full})
    else:
        said.append(_("never sent"))
    said.append(_("asked for by %(name)s") % {"name": row.actor_name})
    if row.provider_ref:
        said.append(_("there: %(reference)s") % {"reference": row.provider_ref})
    return " · ".join(said)


def _acts(row: Facts, *, actor: Actor, here: str, order_href: str, now: datetime) -> tuple[Act, ...]:
    base, name = f"{here}/{row.key}", f"exception-{row.id}"
    if row.problem == "manual":
        control = press(settle_by_hand.availability(row, actor))
        hidden = (("happened", "yes"),), (("happened", "no"),)
        return (
            Act(f"{name}-yes", _("It happened"), f"{base}/settle", control, is_asking=True, hidden=hidden[0]),
            Act(f"{name}-no", _("It did not happen"), f"{base}/settle", control, is_asking=True, hidden=hidden[1]),
        )
    if row.problem == "failed_leg":
        href = f"{order_href.format(number=row.order_number)}/cancel/resume"
        control = press(lacks(actor, "orders.cancel", row.site_id) or allowed())
        return (
            Act(
                f"{name}-resume",
                _("Resume cancellation"),
                href,
                control,
                is_asking=True,
                hidden=(("back", "exceptions"),),
            ),
        )
    if row.problem in ("failed", "taken_back"):
        return (
            Act(f"{name}-dismiss", _("Dismiss"), f"{base}/dismiss", press(dismiss_failure.availability(row, actor))),
        )
    control = press(check_operation.availability(row, actor, now=now))
    return (Act(f"{name}-check", _("Check again now"), f"{base}/check", control),)


def settle_dialog(
    row: Facts,
    *,
    actor: Actor,
    happened: bool,
    here: str,
    now: datetime,
    reason: str = "",
    reference: str = "",
    errors: dict[str, str] | None = None,
) -> WordDialog:
    """Return the question before an operation is settled by hand; the confirm button says the act."""
    money, act = _money(row), act_text(row.kind)
    if happened:
        title = _("Book this %(act)s of %(amount)s as done?")
        tell = _("Look it up at %(provider)s first. It is booked in the ledger as done there, on your word.")
        confirm = _("Book %(amount)s")
    else:
        title = _("Free %(amount)s: the %(act)s did not happen?")
        tell = _("Look it up at %(provider)s first. The amount is free again, and can be asked for once more.")
        confirm = _("Free %(amount)s")
    words = {"act": act.lower(), "amount": money, "provider": row.account_name}
    to = _("%(method)s · order #%(number)s") % {"method": _method(row), "number": row.order_number}
    hint = " · ".join((row.failure_message or row.failure_code, _facts(row, now=now), row.key))
    return WordDialog(
        title=title % words,
        action=f"{here}/{row.key}/settle",
        back_href=here,
        target="#money-list",
        tell=tell % words,
        legs=(Leg(act=act, to=to, amount=money, hint=hint),),
        confirm=confirm % words,
        press=press(settle_by_hand.availability(row, actor)),
        reason=reason,
        reason_label=_("Reason"),
        reference=reference or (row.provider_ref if happened else ""),
        is_reference_asked=happened,
        hidden=(("happened", "yes" if happened else "no"),),
        errors=errors or {},
    )
