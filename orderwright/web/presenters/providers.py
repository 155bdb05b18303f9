"""Payment providers: every account, how it stands, and its dialogs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orderwright.actions import add_provider, delete_provider, edit_provider, try_provider
from orderwright.core.actor import Actor
from orderwright.core.clock import clock_text
from orderwright.core.dates import day
from orderwright.payments.gateways.port import Credential
from orderwright.payments.gateways.registry import gateway_kinds
from orderwright.reads.provider_accounts import CredentialRow, ProviderAccountRow
from orderwright.reads.rows import SiteRow
from orderwright.web.presenters.list_page import StateDialog
from orderwright.web.presenters.parts import Badge, Choice, Field
from orderwright.web.presenters.press import press
from orderwright.web.presenters.provider_page import (
    CredentialField,
    KindQuestion,
    ProviderForm,
    ProviderList,
    ProviderRow,
)
from orderwright.web.presenters.words import count, when


def provider_list(
    accounts: Sequence[ProviderAccountRow], actor: Actor, *, base: str, notices: str, now: datetime
) -> ProviderList:
    """Return every account. `notices`: the address of providers' messages with `{account}` in it. Source: W8."""
    return ProviderList(
        rows=tuple(_row(account, actor, base=base, notices=notices, now=now) for account in accounts),
        add_href=f"{base}/add",
        add=press(add_provider.availability(actor)),
        sorted_by=_("Sorted by priority, then by name. Times in UTC."),
    )


def _row(account: ProviderAccountRow, actor: Actor, *, base: str, notices: str, now: datetime) -> ProviderRow:
    here = f"{base}/{account.slug}"
    badge, words = _standing(account, now)
    failure = ""
    if account.last_failed_at is not None:
        at = when(account.last_failed_at, now=now, zone_name="UTC", is_zone_shown=True).text
        failure = _("Last failure %(time)s: %(why)s") % {"time": at, "why": account.last_failure}
    may_edit = edit_provider.availability(account, actor).allowed
    return ProviderRow(
        id=str(account.id),
        name=account.name,
        kind=account.kind_title,
        slug=account.slug,
        sites=", ".join(account.site_names) or _("Every site"),
        mode=Badge(_("Live"), "green") if account.is_live else Badge(_("Test"), "violet"),
        priority=str(account.priority),
        standing=badge,
        standing_words=words,
        last_failure=failure,
        missing=_missing(account),
        # Only who signs with a secret can be told from a stranger.
        notices=notices.replace("{account}", account.slug) if account.credentials else "",
        is_used=account.payments > 0,
        used_by=_payments(account.payments),
        version=str(account.version),
        edit_href=here if may_edit else "",
        delete_href=f"{here}/delete" if delete_provider.availability(account, actor).allowed else "",
        switch_href=f"{here}/switch",
        switch_text=_("Switch off") if account.is_on else _("Switch on"),
        switch_to="no" if account.is_on else "yes",
        try_href=f"{here}/trial",
        trial=press(try_provider.availability(account, actor)),
        may_edit=may_edit,
    )


def _standing(account: ProviderAccountRow, now: datetime) -> tuple[Badge, str]:
    """Return how the account stands in a word, and in a sentence."""
    breaker = account.breaker
    failures = ngettext("%(n)s failure", "%(n)s failures", breaker.failures) % {"n": count(breaker.failures)}
    phase = breaker.phase(now)
    if phase == "open" and breaker.next_try_at is not None:
        values = {"time": clock_text(breaker.next_try_at), "failures": failures}
        found = Badge(_("Resting"), "red"), _("Resting until %(time)s after %(failures)s") % values
    elif phase == "half_open":
        found = Badge(_("Resting"), "amber"), _("After %(failures)s; the next call is a trial") % {"failures": failures}
    elif phase == "trying":
        found = (
            Badge(_("Trying"), "amber", is_checking=True),
            _("After %(failures)s; a call is out to see") % {"failures": failures},
        )
    elif breaker.failures:
        found = Badge(_("Working"), "amber"), _("%(failures)s in a row") % {"failures": failures}
    else:
        found = Badge(_("Working"), "green"), ""
    if not account.is_on:
        words = _("No new orders and captures; refunds, reversals and syncs still go.")
        return Badge(_("Off"), "grey"), " ".join(filter(None, (words, found[1])))
    return found


def _missing(account: ProviderAccountRow) -> str:
    if not account.can_open:
        return _("Its credentials cannot be opened: no key of this installation fits.")
    names = [each.label for each in account.credentials if each.is_needed and not each.is_stored]
    return _("Missing: %(names)s") % {"names": ", ".join(names)} if names else ""


def _payments(number: int) -> str:
    return ngettext("%(count)s payment", "%(count)s payments", number) % {"count": count(number)}


def kind_question(*, base: str, error: str = "") -> KindQuestion:
    """Return the question which kind of provider is added."""
    kinds = sorted(gateway_kinds().values(), key=lambda kind: kind.title.lower())
    return KindQuestion(
        title=_("Add provider"),
        action=f"{base}/add",
        back_href=base,
        kinds=tuple(Choice(kind.name, kind.title) for kind in kinds),
        error=error,
    )


def provider_form(
    values: Mapping[str, str],
    *,
    kind: str,
    sites: Sequence[SiteRow],
    chosen_sites: Sequence[str],
    base: str,
    now: datetime,
    account: ProviderAccountRow | None = None,
    errors: Mapping[str, str] | None = None,
) -> ProviderForm:
    """Return the form that adds an account of this kind, or edits the given one; `errors` by the field's name."""
    wrong = dict(errors or {})
    found = gateway_kinds()[kind]
    stored = {each.name: each for each in account.credentials} if account is not None else {}
    known = {"name", "slug", "sites", "priority", "base_url", "is_live", "failures", "wait_s", "cool_down_s"}
    known |= {f"credential-{each.name}" for each in found.credentials}

    def field(name: str) -> Field:
        return Field(value=values.get(name, ""), error=wrong.get(name, ""))

    return ProviderForm(
        title=_title(found.title, account),
        action=f"{base}/add" if account is None else f"{base}/{account.slug}",
        back_href=base,
        submit=_("Add provider") if account is None else _("Save"),
        kind=kind,
        kind_title=found.title,
        is_new=account is None,
        name=field("name"),
        slug=field("slug"),
        sites=tuple(Choice(site.slug, site.name, is_selected=site.slug in chosen_sites) for site in sites),
        sites_error=wrong.get("sites", ""),
        is_live=values.get("is_live") == "yes",
        is_on=values.get("is_on") == "yes",
        priority=field("priority"),
        base_url=field("base_url"),
        locked=_locked(account),
        mode_error=wrong.get("is_live", ""),
        credentials=tuple(
            _credential(each, stored.get(each.name), error=wrong.get(f"credential-{each.name}", ""), now=now)
            for each in found.credentials
        ),
        failures=field("failures"),
        wait=field("wait_s"),
        cool_down=field("cool_down_s"),
        version=values.get("version", ""),
        error=next((text for name, text in wrong.items() if name not in known), ""),
    )


def values_of(account: ProviderAccountRow) -> dict[str, str]:
    """Return what the form shows of an account before somebody types; of credentials nothing."""
    second = timedelta(seconds=1)
    return {
        "name": account.name,
        "is_live": "yes" if account.is_live else "",
        "is_on": "yes" if account.is_on else "",
        "priority": str(account.priority),
        "base_url": account.base_url,
        "failures": str(account.patience.failures),
        "wait_s": str(account.patience.wait // second),
        "cool_down_s": str(account.patience.cool_down // second),
        "version": str(account.version),
    }


def delete_question(account: ProviderAccountRow, *, base: str, error: str = "") -> StateDialog:
    """Return the question before an account is deleted."""
    return StateDialog(
        title=_("Delete %(name)s?") % {"name": account.name},
        action=f"{base}/{account.slug}/delete",
        back_href=base,
        tell=_("No payment is kept there. Its credentials are deleted with it; orders that name it will be refused."),
        confirm=_("Delete %(name)s") % {"name": account.name},
        error=error,
        target="#providers",
    )


def _title(kind: str, account: ProviderAccountRow | None) -> str:
    if account is None:
        return _("Add %(kind)s") % {"kind": kind}
    return _("Edit %(name)s") % {"name": account.name}


def _locked(account: ProviderAccountRow | None) -> str:
    if account is None or not account.payments:
        return ""
    return _("Payments are kept there, so test or live and the address stay.")


def _credential(declared: Credential, stored: CredentialRow | None, *, error: str, now: datetime) -> CredentialField:
    is_stored = stored is not None and stored.is_stored
    hint = _("missing") if declared.is_needed else _("not needed for calls")
    if stored is not None and stored.stored_at is not None:
        on = day(stored.stored_at, now=now, zone_name="UTC")
        hint = _("stored %(day)s; left empty it stays") % {"day": on}
    elif is_stored:
        hint = _("stored; left empty it stays")
    return CredentialField(
        id=f"credential-{declared.name}",
        name=f"credential-{declared.name}",
        remove=declared.name if is_stored and not declared.is_needed else "",
        label=declared.label,
        hint=hint,
        error=error,
        is_secret=declared.is_secret,
    )
