"""Payment providers: the list, add, edit, switch, delete, and Try now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orderwright.actions import add_provider, delete_provider, edit_provider, try_provider
from orderwright.actions.provider_fields import AccountFields
from orderwright.core.clock import now as clock_now
from orderwright.core.errors import OrderwrightError
from orderwright.core.own_address import own_address
from orderwright.payments.gateways.registry import gateway_kinds
from orderwright.reads.provider_accounts import ProviderAccountRow, list_provider_accounts, read_provider_account
from orderwright.reads.sites import list_sites
from orderwright.web import posted
from orderwright.web.errors import words_of
from orderwright.web.page import dialog, fragment, is_htmx, page, say
from orderwright.web.permission import StaffRequest, confirmed, confirmed_for_secrets, permission
from orderwright.web.presenters.parts import Toast
from orderwright.web.presenters.provider_page import ProviderList
from orderwright.web.presenters.providers import (
    delete_question,
    kind_question,
    provider_form,
    provider_list,
    values_of,
)

PLACE = "payment-providers"
_FIELDS = ("name", "slug", "is_live", "is_on", "priority", "base_url", "failures", "wait_s", "cool_down_s", "version")
_FRESH = {"is_on": "yes", "priority": "100", "failures": "3", "wait_s": "10", "cool_down_s": "15"}


@require_GET
@permission("providers.view")
def providers(request: StaffRequest) -> HttpResponse:
    """Show Payment providers. Source: W8."""
    return page(request, "configuration/providers.html", {"providers": _list(request)}, current=PLACE)


@require_http_methods(["GET", "POST"])
@permission("providers.edit")
@confirmed_for_secrets
def add(request: StaffRequest) -> HttpResponse:
    """Ask for the kind, show its form, or add the account."""
    sent = request.GET if request.method == "GET" else request.POST
    kind = sent.get("kind", "")
    if kind not in gateway_kinds():
        error = _("Choose one of the kinds offered.") if kind else ""
        question = kind_question(base=reverse(PLACE), error=error)
        values = {"dialog": question}
        template = "configuration/_provider_kind.html"
        return dialog(request, template, values, title=question.title, status=422 if error else 200, current=PLACE)
    if request.method == "GET":
        return _form(request, {**_FRESH, "name": gateway_kinds()[kind].title}, kind=kind)
    typed = _typed(request)
    try:
        add_provider.run(
            kind=kind,
            slug=typed["slug"].strip(),
            fields=_fields(request, kind),
            actor=request.user.actor(),
            now=clock_now(),
        )
    except OrderwrightError as error:
        return _form(request, typed, kind=kind, sites=request.POST.getlist("sites"), error=error)
    return _done(request, Toast(_("%(name)s added") % {"name": typed["name"].strip()}))


@require_http_methods(["GET", "POST"])
@permission("providers.edit")
@confirmed_for_secrets
def edit(request: StaffRequest, slug: str) -> HttpResponse:
    """Show the form of an account, or save it. A field for a credential is empty, and empty it stays as stored."""
    account = read_provider_account(slug=slug, actor=request.user.actor())
    if request.method == "GET":
        return _form(request, values_of(account), kind=account.kind, sites=account.sites, account=account)
    typed = _typed(request)
    fields = _fields(request, account.kind)
    if account.payments:  # the form shows them and does not send them
        fields = replace(fields, is_live=account.is_live, base_url=account.base_url)
        typed |= {"is_live": "yes" if account.is_live else "", "base_url": account.base_url}
    try:
        edit_provider.run(
            slug=slug, fields=fields, version=posted.version(request), actor=request.user.actor(), now=clock_now()
        )
    except OrderwrightError as error:
        sites = request.POST.getlist("sites")
        return _form(request, typed, kind=account.kind, sites=sites, account=account, error=error)
    return _done(request, Toast(_("%(name)s saved") % {"name": typed["name"].strip()}))


@require_POST
@permission("providers.edit")
@confirmed
def switch(request: StaffRequest, slug: str) -> HttpResponse:
    """Switch an account on or off."""
    account = read_provider_account(slug=slug, actor=request.user.actor())
    is_on = posted.text(request, "is_on") == "yes"

    def do() -> Toast:
        edit_provider.run(
            slug=slug,
            fields=replace(_as_it_is(account), is_on=is_on),
            version=posted.version(request),
            actor=request.user.actor(),
            now=clock_now(),
        )
        words = _("%(name)s is on") if is_on else _("%(name)s is off; refunds, reversals and syncs still go")
        return Toast(words % {"name": account.name})

    return _act(request, do)


@require_POST
@permission("providers.edit")
def trial(request: StaffRequest, slug: str) -> HttpResponse:
    """Try now."""
    account = read_provider_account(slug=slug, actor=request.user.actor())

    def do() -> Toast:
        outcome = try_provider.run(slug=slug, actor=request.user.actor(), now=clock_now())
        is_bad = outcome.was_asked and not outcome.worked
        return Toast(f"{account.name}: {outcome.words}", is_bad=is_bad)

    return _act(request, do)


@require_http_methods(["GET", "POST"])
@permission("providers.edit")
@confirmed
def delete(request: StaffRequest, slug: str) -> HttpResponse:
    """Ask before deleting an account, or delete it."""
    account = read_provider_account(slug=slug, actor=request.user.actor())
    error: OrderwrightError | None = None
    if request.method == "POST":
        try:
            delete_provider.run(slug=slug, actor=request.user.actor(), now=clock_now())
            return _done(request, Toast(_("%(name)s deleted") % {"name": account.name}))
        except OrderwrightError as refusal:
            error = refusal
    shown = delete_question(account, base=reverse(PLACE), error=words_of(error) if error else "")
    template, status = "configuration/_delete.html", error.status if error else 200
    return dialog(request, template, {"dialog": shown}, title=shown.title, status=status, current=PLACE)


def _list(request: StaffRequest) -> ProviderList:
    path = reverse("api:take_in", kwargs={"account": "ACCOUNT"}).replace("ACCOUNT", "{account}")
    return provider_list(
        list_provider_accounts(actor=request.user.actor()),
        request.user.actor(),
        base=reverse(PLACE),
        notices=own_address(request, path),
        now=clock_now(),
    )


def _typed(request: StaffRequest) -> dict[str, str]:
    return {name: posted.text(request, name) for name in _FIELDS}


def _fields(request: StaffRequest, kind: str) -> AccountFields:
    # What is no number is out of every range, and refused as such at its field.
    numbers = {name: posted.whole(posted.text(request, name)) or 0 for name in ("priority", "failures", "wait_s")}
    credentials: dict[str, str | None] = {
        each.name: posted.text(request, f"credential-{each.name}") for each in gateway_kinds()[kind].credentials
    }
    removed = request.POST.getlist("remove")
    credentials |= {name: None for name in credentials if name in removed and not credentials[name]}
    return AccountFields(
        name=posted.text(request, "name"),
        sites=request.POST.getlist("sites"),
        is_live=posted.text(request, "is_live") == "yes",
        is_on=posted.text(request, "is_on") == "yes",
        base_url=posted.text(request, "base_url"),
        cool_down_s=posted.whole(posted.text(request, "cool_down_s")) or 0,
        credentials=credentials,
        **numbers,
    )


def _as_it_is(account: ProviderAccountRow) -> AccountFields:
    second = timedelta(seconds=1)
    return AccountFields(
        name=account.name,
        sites=account.sites,
        is_live=account.is_live,
        is_on=account.is_on,
        priority=account.priority,
        base_url=account.base_url,
        failures=account.patience.failures,
        wait_s=account.patience.wait // second,
        cool_down_s=account.patience.cool_down // second,
    )


def _form(
    request: StaffRequest,
    values: Mapping[str, str],
    *,
    kind: str,
    sites: Sequence[str] = (),
    account: ProviderAccountRow | None = None,
    error: OrderwrightError | None = None,
) -> HttpResponse:
    shown = provider_form(
        values,
        kind=kind,
        sites=list_sites(actor=request.user.actor()),
        chosen_sites=sites,
        base=reverse(PLACE),
        now=clock_now(),
        account=account,
        errors=_errors(error),
    )
    template, status = "configuration/_provider_form.html", error.status if error else 200
    return dialog(request, template, {"form": shown}, title=shown.title, status=status, current=PLACE)


def _errors(error: OrderwrightError | None) -> dict[str, str]:
    """Return the error's sentences by the names that the page has for the fields; an empty name where it has none."""
    if error is None:
        return {}
    fields = [(field.pointer, field.message) for field in getattr(error, "fields", ())]
    fields = fields or [(str(error.facts.get("pointer", "")), error.message)]
    return {_page_name(pointer): str(message) for pointer, message in fields}


def _page_name(pointer: str) -> str:
    parts = pointer.strip("/").split("/")
    if parts[0] == "credentials":
        return f"credential-{parts[-1]}"
    return parts[-1] if parts[0] == "breaker" else parts[0]


def _act(request: StaffRequest, do: Callable[[], Toast]) -> HttpResponse:
    try:
        return _done(request, do())
    except OrderwrightError as error:
        return _done(request, Toast(words_of(error), is_bad=True), status=error.status)


def _done(request: StaffRequest, toast: Toast, *, status: int = 200) -> HttpResponse:
    if not is_htmx(request):
        say(request, toast)
        return redirect(PLACE)
    values = {"providers": _list(request)}
    return fragment(
        request,
        "configuration/_providers_answer.html",
        values,
        toasts=[toast],
        status=status,
        target="#providers",
        is_closing_dialog=True,
    )
