"""The timeline's sentences about money: holds, captures, refunds, reversals, what a provider told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from django.utils.translation import gettext as _

from orderwright.payments.gateways.port import HOLD_EXPIRED
from orderwright.web.presenters.order_page import Part
from orderwright.web.presenters.outcomes import act_text, why_waiting
from orderwright.web.presenters.words import amount, method_name


class JournalRow(Protocol):
    """One entry of the order's journal, as read for the timeline."""

    @property
    def sequence(self) -> int: ...  # noqa: D102 - what it is, its name says
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def actor_name(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def before(self) -> dict[str, Any]: ...  # noqa: D102
    @property
    def after(self) -> dict[str, Any]: ...  # noqa: D102
    @property
    def why(self) -> str: ...  # noqa: D102


class LineFacts(Protocol):
    """A line of the order, as sentences name it."""

    @property
    def id(self) -> int: ...  # noqa: D102 - what it is, its name says
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def quantity(self) -> int: ...  # noqa: D102


class RefundLineFacts(Protocol):
    """So many pieces of a line in a refund."""

    @property
    def line_id(self) -> int: ...  # noqa: D102
    @property
    def quantity(self) -> int: ...  # noqa: D102


class RefundFacts(Protocol):
    """A refund of the order, as sentences name it. Unit: minor units."""

    @property
    def position(self) -> int: ...  # noqa: D102
    @property
    def shipping_minor(self) -> int: ...  # noqa: D102
    @property
    def lines(self) -> Sequence[RefundLineFacts]: ...  # noqa: D102


class SiteFacts(Protocol):
    """The order's site: how it writes amounts and times."""

    @property
    def locale(self) -> str: ...  # noqa: D102
    @property
    def time_zone(self) -> str: ...  # noqa: D102


class OrderFacts(Protocol):
    """What sentences need of the order: the whole order on its page, less of it in the audit."""

    @property
    def currency(self) -> str: ...  # noqa: D102
    @property
    def site(self) -> SiteFacts: ...  # noqa: D102
    @property
    def lines(self) -> Sequence[LineFacts]: ...  # noqa: D102
    @property
    def refunds(self) -> Sequence[RefundFacts]: ...  # noqa: D102
    def state_name(self, slug: str) -> str: ...  # noqa: D102


Said = tuple[tuple[Part, ...], str]
Say = Callable[[JournalRow, OrderFacts], Said]


def _authorised(row: JournalRow, order: OrderFacts) -> Said:
    after = row.after
    brand, _space, last4 = str(after.get("method", "")).rpartition(" ")
    method = method_name(method_type=brand or last4, brand="", last4=last4 if brand and last4.isdigit() else "")
    on = _("on %(method)s · %(provider)s") % {"method": method, "provider": after.get("provider", "")}
    return (Part(_("Authorised")), money(order, after["authorised_minor"], after["currency"]), Part(on)), "money"


def operation_of(row: JournalRow) -> dict[str, Any]:
    """Return what the entry has of a call or a difference; empty where it is about none."""
    return next((value for value in row.after.values() if isinstance(value, dict)), {})


def _called(words: Callable[[], dict[str, str]], mark: str) -> Say:
    def say(row: JournalRow, order: OrderFacts) -> Said:
        facts = operation_of(row)
        kind = str(facts.get("operation", ""))
        said = words()
        parts = [Part(said.get(kind, said[""]))]
        if "amount_minor" in facts:
            parts.append(money(order, facts["amount_minor"], facts.get("currency", "")))
        if kind == "capture" and facts.get("state") == "succeeded" and facts.get("authorised_minor"):
            whole = amount(facts["authorised_minor"], facts["currency"], order.site.locale)
            parts.append(Part(_("of %(whole)s") % {"whole": whole}))
        return tuple(parts), mark

    return say


def _reverse_failed(row: JournalRow, order: OrderFacts) -> Said:
    facts = operation_of(row)
    words = _("Hold ended; the bank had let it go:") if facts.get("failure_code") == HOLD_EXPIRED else ""
    return (Part(words or _("Reversal declined")), money(order, facts["amount_minor"], facts["currency"])), "trouble"


def _needs_person(row: JournalRow, order: OrderFacts) -> Said:
    facts = operation_of(row)
    reserved = money(order, facts["amount_minor"], facts["currency"])
    return (
        Part(act_text(str(facts["operation"]))),
        reserved,
        Part(f"· {why_waiting(facts['failure_code'])}"),
    ), "trouble"


def _synced(_row: JournalRow, _order: OrderFacts) -> Said:
    return (Part(_("Payments synced; nothing new at the provider")),), "money"


def _found(row: JournalRow, order: OrderFacts) -> Said:
    facts = operation_of(row)
    words = {
        "capture": _("Found at the provider: captured"),
        "refund": _("Found at the provider: refunded"),
        "reverse": _("Found at the provider: reversed"),
        "expire": _("Found at the provider: the hold ran out"),
        "capture_failed": _("The provider took back a capture"),
        "refund_failed": _("The provider took back a refund"),
        "dispute": _("The cardholder disputed the payment"),
        "dispute_won": _("The dispute was won"),
    }.get(str(facts["operation"]), _("Found at the provider"))
    mark = "trouble" if facts["operation"] in ("capture_failed", "refund_failed", "dispute") else "money"
    return (Part(words), money(order, facts["amount_minor"], facts["currency"])), mark


def _differs(row: JournalRow, order: OrderFacts) -> Said:
    facts = operation_of(row)
    kind = act_text(str(facts["operation"])).lower()
    if facts.get("there_minor") is None:
        words = _("Not shown by the provider: %(kind)s")
    elif facts.get("here_minor") is None:
        words = _("At the provider and not in the books: %(kind)s")
    else:
        words = _("The provider shows another amount: %(kind)s")
    return (Part(words % {"kind": kind}), money(order, facts["amount_minor"], facts["currency"])), "trouble"


def _settled_by_hand(row: JournalRow, order: OrderFacts) -> Said:
    facts = operation_of(row)
    happened = facts["state"] == "succeeded"
    words = {
        "capture": (_("Settled by hand: captured"), _("Settled by hand: not captured")),
        "reverse": (_("Settled by hand: reversed"), _("Settled by hand: not reversed")),
        "refund": (_("Settled by hand: refunded"), _("Settled by hand: not refunded")),
    }.get(str(facts["operation"]), (_("Settled by hand"), _("Settled by hand")))
    return (Part(words[0 if happened else 1]), money(order, facts["amount_minor"], facts["currency"])), "money"


def _decided(words: Callable[[], str]) -> Say:
    def say(row: JournalRow, order: OrderFacts) -> Said:
        facts = operation_of(row)
        return (Part(words()), money(order, facts["amount_minor"], facts["currency"])), "money"

    return say


def _refund(words: Callable[[], str], mark: str) -> Say:
    def say(row: JournalRow, order: OrderFacts) -> Said:
        (facts,) = (value for field, value in row.after.items() if field.startswith("refund:"))
        minor = facts["refunded_minor"] if "refunded_minor" in facts else facts["amount_minor"]
        return (Part(words()), money(order, minor)), mark

    return say


def money(order: OrderFacts, minor: int, currency: str = "") -> Part:
    """Return the amount as a part of a sentence. Unit: minor units, of the order's currency unless named."""
    return Part(amount(minor, currency or order.currency, order.site.locale), "strong")


def _canceled(row: JournalRow, order: OrderFacts) -> Said:
    refunded, reversed_ = row.after["refunded_minor"], row.after["reversed_minor"]
    both = (
        Part(_("Canceled · refunded")),
        money(order, refunded),
        Part(_("and reversed")),
        money(order, reversed_),
    )
    if refunded and reversed_:
        return both, "money"
    if refunded:
        return both[:2], "money"
    if reversed_:
        return (Part(_("Canceled · reversed")), both[-1]), "money"
    return (Part(_("Canceled; no money was held or kept")),), "money"


MONEY_SENTENCES: Final[dict[str, Say]] = {
    "payment.authorised": _authorised,
    "payment.capture_prepared": _called(lambda: {"": _("Asked the provider to capture")}, "money"),
    "payment.captured": _called(lambda: {"": _("Captured")}, "money"),
    "payment.reversed": _called(lambda: {"": _("Reversed")}, "money"),
    "payment.refunded": _called(lambda: {"": _("Refunded")}, "money"),
    "payment.capture_failed": _called(lambda: {"": _("Capture declined")}, "trouble"),
    "payment.reverse_failed": _reverse_failed,
    "payment.refund_failed": _called(lambda: {"": _("Refund declined")}, "trouble"),
    "payment.outcome_unknown": _called(
        lambda: {
            "": _("Outcome unknown, checking"),
            "capture": _("Capture: outcome unknown, checking"),
            "reverse": _("Reversal: outcome unknown, checking"),
            "refund": _("Refund: outcome unknown, checking"),
        },
        "trouble",
    ),
    "payment.accepted": _called(lambda: {"": _("Accepted by the provider, settles later")}, "money"),
    "payment.needs_person": _needs_person,
    "payment.synced": _synced,
    "payment.found_at_provider": _found,
    "payment.differs_at_provider": _differs,
    "payment.settled_by_hand": _settled_by_hand,
    "payment.failure_dismissed": _decided(lambda: _("Refusal taken note of:")),
    "payment.drift_accepted": _decided(lambda: _("Difference with the provider accepted:")),
    "payment.drift_investigated": _decided(lambda: _("Difference with the provider being investigated:")),
    "payment.drift_gone": _decided(lambda: _("The provider says as the books again:")),
    "payment.reverse_prepared": _called(lambda: {"": _("Asked the provider to reverse")}, "money"),
    "order.refund_requested": _refund(lambda: _("Refund asked for:"), "money"),
    "order.refund_done": _refund(lambda: _("Refund done:"), "money"),
    "order.refund_partly": _refund(lambda: _("A part of the refund was declined; gone back:"), "trouble"),
    "order.refund_failed": _refund(lambda: _("Refund declined; gone back:"), "trouble"),
    "order.canceled": _canceled,
}
