"""The page of one authorisation: its sums, its movements, and what can be done at the provider's dashboard."""

from practice_provider import labels
from practice_provider.currencies import format_amount
from practice_provider.engine import Hold, Movement
from practice_provider.markup import Markup, join, tag
from practice_provider.pages.parts import (
    Typed,
    amount_cell,
    brand_name,
    by_hand,
    card,
    field,
    form_key,
    page,
    plain,
    shown_time,
    state_badge,
    table,
    th,
    time_tag,
    told,
)
from practice_provider.words import gettext as _

_WRONG = "what-is-wrong"  # under this id the message stands that belongs to the marked field


def detail(hold: Hold, movements: list[Movement], *, now: int, done: str, typed: Typed, wrong: str) -> bytes:
    """Return the page; ``wrong`` says why the form that was ``typed`` was not carried out."""
    return page(
        hold.id,
        tag("p", tag("a", _("Practice provider"), href="/"), " / ", _("Authorisation"), class_="crumb"),
        tag("div", tag("h1", hold.id, class_="mono"), state_badge(hold, now), class_="title"),
        tag(
            "p",
            _("{brand} ending in {last4}, authorised {time}").format(
                brand=brand_name(hold.card_brand), last4=hold.card_last4, time=shown_time(hold.authorised_at)
            ),
            class_="muted",
        ),
        told(done),
        tag("p", wrong, id=_WRONG, class_="told wrong", role="alert") if wrong else None,
        tag(
            "div",
            tag("div", _sums_card(hold), _movements_card(movements), class_="stack"),
            tag("div", _dashboard_card(hold, movements, typed, now=now), class_="stack"),
            class_="cols sides",
        ),
    )


def _sums_card(hold: Hold) -> Markup:
    parts = (("captured", hold.captured), ("released", hold.released), ("rest", hold.rest))
    left, bars = 0, []
    for name, amount in parts:
        width = amount * 1000 // hold.amount
        bars.append(tag("rect", x=left, y=0, width=width, height=12, class_=f"bar {name}"))
        left += width
    figures = (
        ("", _("Authorised"), format_amount(hold.amount, currency=hold.currency)),
        ("captured", _("Captured"), format_amount(hold.captured, currency=hold.currency)),
        ("rest", _("Still held"), format_amount(hold.rest, currency=hold.currency)),
        ("released", _("Released"), format_amount(hold.released, currency=hold.currency)),
        ("", _("Refunded"), format_amount(hold.refunded, currency=hold.currency)),
        ("expires", _("Expires"), shown_time(hold.expires_at)),
    )
    return card(
        _("Sums"),
        tag(
            "div",
            tag("svg", *bars, viewBox="0 0 1000 12", preserveAspectRatio="none", class_="strip", aria_hidden="true"),
            tag(
                "dl",
                *(tag("div", tag("dt", label), tag("dd", figure), class_=name) for name, label, figure in figures),
                class_="legend",
            ),
            class_="body",
        ),
    )


def _movements_card(movements: list[Movement]) -> Markup:
    if not movements:
        return card(_("Movements"), tag("p", _("Nothing was captured, released or refunded."), class_="foot muted"))
    rows = [
        tag(
            "tr",
            tag("td", labels.KINDS[movement.kind], " ", by_hand(movement), tag("span", movement.id, class_="sub mono")),
            tag("td", movement.capture or "–", class_="mono wide"),
            amount_cell(movement.amount, movement.currency),
            tag("td", time_tag(movement.at), class_="wide"),
        )
        for movement in movements
    ]
    heads = join(
        th(_("Movement")),
        th(_("Of capture"), class_="wide"),
        th(_("Amount"), class_="num"),
        th(_("At"), class_="wide"),
    )
    return card(_("Movements"), table(heads, rows), aside=tag("span", _("oldest first"), class_="muted small"))


def _dashboard_card(hold: Hold, movements: list[Movement], typed: Typed, *, now: int) -> Markup:
    forms = [*_hold_forms(hold, typed, now=now), *_refund_forms(hold, movements, typed)]
    return card(
        _("At the provider’s dashboard"),
        tag("p", _("What is done here, the desk finds out by Sync Payments."), class_="muted small body"),
        tag("div", *forms, class_="body form"),
    )


def _hold_forms(hold: Hold, typed: Typed, *, now: int) -> list[Markup]:
    if not hold.rest:
        return [tag("p", _("Nothing is held any more."))]
    if now >= hold.expires_at:
        return [tag("p", _("The hold has expired; nothing more can be captured."))]
    forms = []
    if not hold.released:
        words = {"label": _("Capture Value"), "button": _("Capture")}
        forms.append(_amount_form(hold, kind="capture", **words, left=hold.rest, typed=typed))
    release = _("Release {amount}").format(amount=format_amount(hold.rest, currency=hold.currency))
    forms.append(
        tag(
            "form",
            form_key(),
            tag("button", release, class_="btn danger"),
            method="post",
            action=f"/dashboard/authorisations/{hold.id}/reversal",
        )
    )
    return forms


def _refund_forms(hold: Hold, movements: list[Movement], typed: Typed) -> list[Markup]:
    left = {movement.id: movement.amount for movement in movements if movement.kind == "capture"}
    for movement in movements:
        if movement.capture:
            left[movement.capture] -= movement.amount
    return [
        _amount_form(
            hold,
            kind="refund",
            label=_("Refund Value of {capture}").format(capture=capture),
            button=_("Refund"),
            left=amount,
            typed=typed,
            capture=capture,
        )
        for capture, amount in left.items()
        if amount
    ]


def _amount_form(
    hold: Hold, *, kind: str, label: str, button: str, left: int, typed: Typed, capture: str = ""
) -> Markup:
    is_wrong = typed.get("kind") == kind and typed.get("capture", "") == capture
    value = typed.get("amount", "") if is_wrong else plain(left, hold.currency)
    control = tag(
        "input",
        name="amount",
        value=value,
        inputmode="decimal",
        autocomplete="off",
        class_="num",
        aria_invalid="true" if is_wrong else None,
        aria_describedby=_WRONG if is_wrong else None,
    )
    return tag(
        "form",
        form_key(),
        tag("input", type="hidden", name="capture", value=capture) if capture else None,
        field(f"{label}, {hold.currency}", control),
        tag("button", button, class_="btn" if capture else "btn primary"),
        method="post",
        action=f"/dashboard/authorisations/{hold.id}/{kind}",
        class_="row amount",
    )
