"""How providers' own lists compare with our books: a line per account, and the form that has a day compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions import reconcile_provider
from orderwright.actions.permission import lacks
from orderwright.core.actor import Actor
from orderwright.core.dates import full_day
from orderwright.payments.gateways.registry import gateway_kind
from orderwright.payments.reconciling import latest_day
from orderwright.reads.reconciliations import AccountReconciled, CurrencyTotals, ReconciliationRow
from orderwright.web.presenters.parts import Badge, Choice, Field, Select
from orderwright.web.presenters.words import amount

_NEUTRAL_LOCALE = "en"


@dataclass(frozen=True, slots=True)
class Line:
    """How one account last compared."""

    provider: str
    state: Badge
    told: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciliations:
    """A line per account, and the form; without accounts to choose there is no form."""

    lines: tuple[Line, ...]
    action: str
    provider: Select
    day: Field
    error: str = ""


def reconciliations(
    accounts: list[AccountReconciled],
    *,
    actor: Actor,
    action: str,
    now: datetime,
    provider: str = "",
    day: str = "",
    errors: dict[str, str] | None = None,
) -> Reconciliations:
    """Return how each account compares, as this person sees it; who may not compare gets no form."""
    said = errors or {}
    can_list = [account for account in accounts if gateway_kind(account.gateway).can_list]
    offered = can_list if lacks(actor, "payments.sync", None) is None else []
    latest = max((latest_day(now, zone_name=account.time_zone) for account in offered), default=None)
    return Reconciliations(
        lines=_lines(accounts, actor=actor, now=now),
        action=action,
        provider=Select(
            tuple(Choice(account.slug, account.name, account.slug == provider) for account in offered),
            error=said.get("account", ""),
        ),
        day=Field(day or (latest.isoformat() if latest else ""), error=said.get("day", "")),
        error=said.get("act", ""),
    )


def compared(done: reconcile_provider.Reconciled, *, provider: str) -> tuple[str, bool]:
    """Return what a comparison came to, in words, and whether it came to nothing."""
    if done.failure:
        words = _("%(provider)s gave no list: %(why)s")
        return words % {"provider": provider, "why": done.failure}, True
    words = _("%(provider)s, %(day)s: %(movements)s, %(differences)s")
    facts = {"provider": provider, "day": full_day(done.day), "movements": _movements(done.listed)}
    return words % {**facts, "differences": _differences(done.differences)}, False


def _lines(accounts: list[AccountReconciled], *, actor: Actor, now: datetime) -> tuple[Line, ...]:
    """Return first who has a list, then who has none; what staff record is one line, what moves nothing is none."""
    kinds = [(account, gateway_kind(account.gateway)) for account in accounts]
    without = [
        _without_list(account)
        for account, kind in kinds
        if kind.can_move_money and not (kind.can_list or kind.is_recorded)
    ]
    lines = [*(_line(account, actor=actor, now=now) for account, kind in kinds if kind.can_list), *without]
    recorded = ", ".join(account.name for account, kind in kinds if kind.is_recorded)
    if recorded:
        told = _("Staff record what came in, so there is no list to compare with.")
        lines.append(Line(recorded, Badge(_("No list")), told))
    return tuple(lines)


def _line(account: AccountReconciled, *, actor: Actor, now: datetime) -> Line:
    stopped = reconcile_provider.availability(account, actor, now=now, zone_name=account.time_zone)
    more = [_("The latest try came to nothing: %(why)s") % {"why": account.failure}] if account.failure else []
    if stopped.code == "provider_resting":
        more.append(stopped.reason)
    row = account.latest
    if row is None:
        told = _("Not compared yet. Each day is compared two hours after it has ended.")
        return Line(account.name, Badge(_("Not compared")), told, tuple(more))
    return Line(account.name, _badge(row), _last(row), (*map(_totals, _open_totals(row)), *more))


def _without_list(account: AccountReconciled) -> Line:
    words = _(
        "%(kind)s has no list that can be asked for. Compare its settlement report with the export of the ledger."
    )
    return Line(account.name, Badge(_("No list")), words % {"kind": gateway_kind(account.gateway).title})


def _badge(row: ReconciliationRow) -> Badge:
    if row.differences:
        return Badge(_differences(row.differences), "amber")
    return Badge(_("Under way"), "blue") if row.under_way else Badge(_("Ties"), "green")


def _last(row: ReconciliationRow) -> str:
    words = _("Last reconciled: %(day)s (%(zone)s), %(movements)s, %(differences)s.")
    facts = {"day": full_day(row.day), "zone": row.time_zone, "movements": _movements(row.listed)}
    told = words % {**facts, "differences": _differences(row.differences)}
    if not row.under_way:
        return told
    waiting = ngettext("%(n)s waits for a call of ours.", "%(n)s wait for calls of ours.", row.under_way)
    return f"{told} {waiting % {'n': row.under_way}}"


def _open_totals(row: ReconciliationRow) -> list[CurrencyTotals]:
    return [totals for totals in row.totals if not totals.ties]


def _totals(totals: CurrencyTotals) -> str:
    words = _("%(currency)s: captured %(ct)s there and %(ch)s here, refunded %(rt)s there and %(rh)s here.")
    figures = {
        "ct": totals.captured_there,
        "ch": totals.captured_here,
        "rt": totals.refunded_there,
        "rh": totals.refunded_here,
    }
    shown = {name: amount(minor, totals.currency, _NEUTRAL_LOCALE) for name, minor in figures.items()}
    return words % {"currency": totals.currency, **shown}


def _movements(listed: int) -> str:
    return ngettext("%(n)s movement", "%(n)s movements", listed) % {"n": listed}


def _differences(differences: int) -> str:
    if not differences:
        return _("no difference")
    return ngettext("%(n)s difference", "%(n)s differences", differences) % {"n": differences}
