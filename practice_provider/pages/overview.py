"""The first page: what the next calls do, the clock, the latest authorisations and effects."""

from practice_provider import labels
from practice_provider.engine import Movement
from practice_provider.faults import Fault, SeededFaults
from practice_provider.instants import SECOND_US
from practice_provider.markup import Markup, join, tag
from practice_provider.pages.parts import (
    Typed,
    amount_cell,
    brand_name,
    by_hand,
    card,
    field,
    page,
    state_badge,
    table,
    th,
    time_tag,
    told,
)
from practice_provider.provider import Overview
from practice_provider.store import DelayedCall
from practice_provider.words import gettext as _
from practice_provider.words import ngettext

CLOCK_STEPS = {"3600": _("1 hour"), "86400": _("1 day"), "604800": _("7 days")}


def overview(
    found: Overview,
    *,
    waiting: list[Fault],
    seeded: SeededFaults | None,
    find: str,
    typed: Typed,
    wrong: str,
    done: str,
) -> bytes:
    """Return the first page: what the next calls do, the clock, the latest authorisations and effects."""
    return page(
        _("Practice provider"),
        tag("h1", tag("img", src="/icon.svg", alt="", width=22, height=22), _("Practice provider"), class_="title"),
        tag("p", _("Stands in for a bank. No real money moves here."), class_="muted"),
        told(done),
        tag(
            "div",
            tag("div", _fault_card(waiting, seeded, typed=typed, wrong=wrong), _clock_card(found), class_="stack"),
            tag(
                "div",
                _coming_card(found.delayed) if found.delayed else None,
                _holds_card(found, find=find),
                _effects_card(found.effects),
                class_="stack",
            ),
            class_="cols",
        ),
    )


def _options(choices: dict[str, str], chosen: str) -> Markup:
    return join(*(tag("option", label, value=value, selected=value == chosen) for value, label in choices.items()))


def _fault_card(waiting: list[Fault], seeded: SeededFaults | None, *, typed: Typed, wrong: str) -> Markup:
    kind = typed.get("kind", "decline")
    groups = (
        (_("No money moves"), labels.OUTCOMES_WITHOUT_EFFECT),
        (_("The money moves"), labels.OUTCOMES_WITH_EFFECT),
        (_("The money moves later"), labels.OUTCOMES_LATER),
    )
    outcomes = [tag("optgroup", _options(choices, kind), label=label) for label, choices in groups]
    form = tag(
        "form",
        tag("p", wrong, class_="wrong", role="alert") if wrong else None,
        field(_("Call"), tag("select", _options(labels.CALLS, typed.get("on", "capture")), name="on")),
        field(_("What happens"), tag("select", *outcomes, name="kind")),
        tag(
            "div",
            field(
                _("How many calls"),
                tag("input", name="times", inputmode="numeric", value=typed.get("times", "1"), autocomplete="off"),
            ),
            field(
                _("Seconds"),
                tag(
                    "input",
                    name="seconds",
                    inputmode="numeric",
                    value=typed.get("seconds", ""),
                    placeholder=_("usual"),
                    autocomplete="off",
                ),
            ),
            class_="two",
        ),
        field(
            _("Only for authorisation"),
            tag(
                "input",
                name="authorisation",
                value=typed.get("authorisation", ""),
                placeholder=_("any"),
                autocomplete="off",
                spellcheck="false",
            ),
        ),
        tag("button", _("Set Next Call"), class_="btn primary"),
        method="post",
        action="/dashboard/faults",
        class_="body form",
    )
    return card(_("What the next call does"), form, _waiting(waiting, seeded))


def _waiting(waiting: list[Fault], seeded: SeededFaults | None) -> Markup:
    if not waiting and not seeded:
        return tag("p", _("Nothing waits: every call goes well."), class_="foot muted")
    rows = [tag("li", _fault_words(fault)) for fault in waiting]
    if seeded:
        words = _("Seed {seed}: {share} % of calls go wrong ({call}), {drawn} drawn").format(
            seed=seeded.seed, share=round(seeded.rate * 100), call=labels.CALLS[seeded.on], drawn=seeded.drawn
        )
        rows.append(tag("li", words))
    return tag(
        "div",
        tag("ol", *rows, class_="waiting", aria_label=_("Faults that wait")),
        tag(
            "form",
            tag("button", _("Clear All"), class_="btn small"),
            method="post",
            action="/dashboard/faults/clear",
        ),
        class_="foot",
    )


def _fault_words(fault: Fault) -> Markup:
    facts = [ngettext("{times} call", "{times} calls", fault.times).format(times=fault.times)]
    if fault.seconds:
        facts.append(_("{seconds} s").format(seconds=fault.seconds))
    if fault.authorisation:
        facts.append(fault.authorisation)
    return join(
        tag("b", labels.CALLS[fault.on]),
        ": ",
        labels.OUTCOMES[fault.kind],
        " ",
        tag("span", "· " + " · ".join(facts), class_="muted"),
    )


def _clock_card(found: Overview) -> Markup:
    ahead = found.ahead_us // SECOND_US
    days, rest = divmod(ahead, 86400)
    words = _("as this machine’s")
    if ahead:
        words = _("{days} d {hours} h ahead of this machine’s").format(days=days, hours=rest // 3600)
    buttons = [
        tag("button", _("+ {step}").format(step=step), class_="btn", name="advance", value=seconds)
        for seconds, step in CLOCK_STEPS.items()
    ]
    if ahead:
        buttons.append(tag("button", _("Reset"), class_="btn", name="reset", value="1"))
    return card(
        _("Clock"),
        tag(
            "form",
            tag("p", time_tag(found.now), " ", tag("span", words, class_="muted")),
            tag("div", *buttons, class_="row"),
            method="post",
            action="/dashboard/clock",
            class_="body form",
        ),
    )


def _coming_card(delayed: list[DelayedCall]) -> Markup:
    rows = [
        tag("li", labels.CALLS[str(one.call["kind"])], " · ", str(one.call["target"]), " · ", time_tag(one.due_at))
        for one in delayed
    ]
    return card(_("Still to come"), tag("ol", *rows, class_="body waiting"))


def _holds_card(found: Overview, *, find: str) -> Markup:
    search = tag(
        "form",
        tag(
            "input",
            type="search",
            name="find",
            value=find,
            aria_label=_("Find by id"),
            placeholder=_("Find by id"),
            spellcheck="false",
        ),
        tag("button", _("Find"), class_="btn small"),
        action="/",
        class_="row find",
        role="search",
    )
    if not found.holds:
        words = _("No authorisation has this in its id.") if find else _("No authorisations yet.")
        return card(_("Latest authorisations"), tag("p", words, class_="foot muted"), aside=search)
    rows = [
        tag(
            "tr",
            tag(
                "td",
                tag("a", hold.id, href=f"/dashboard/authorisations/{hold.id}", class_="mono"),
                tag("span", f"{brand_name(hold.card_brand)} ···· {hold.card_last4}", class_="sub"),
                tag("span", state_badge(hold, found.now), class_="narrow"),
            ),
            tag("td", state_badge(hold, found.now), class_="wide"),
            amount_cell(hold.amount, hold.currency),
            amount_cell(hold.captured, hold.currency, class_="wide"),
            amount_cell(hold.released, hold.currency, class_="wide"),
            amount_cell(hold.refunded, hold.currency, class_="wide"),
            tag("td", time_tag(hold.expires_at), class_="wide"),
        )
        for hold in found.holds
    ]
    heads = join(
        th(_("Authorisation")),
        th(_("State"), class_="wide"),
        th(_("Amount"), class_="num"),
        th(_("Captured"), class_="num wide"),
        th(_("Released"), class_="num wide"),
        th(_("Refunded"), class_="num wide"),
        th(_("Expires"), class_="wide"),
    )
    return card(_("Latest authorisations"), table(heads, rows), aside=search)


def _effects_card(effects: list[Movement]) -> Markup:
    if not effects:
        return card(_("Latest effects"), tag("p", _("No money has moved yet."), class_="foot muted"))
    rows = [
        tag(
            "tr",
            tag("td", str(effect.sequence), class_="num wide"),
            tag("td", labels.KINDS[effect.kind], " ", by_hand(effect), tag("span", _link(effect), class_="sub narrow")),
            amount_cell(effect.amount, effect.currency),
            tag("td", _link(effect), class_="wide"),
            tag("td", effect.idempotency_key, class_="mono wide key", title=effect.idempotency_key),
            tag("td", time_tag(effect.at), class_="wide"),
        )
        for effect in effects
    ]
    heads = join(
        th(_("No."), class_="num wide"),
        th(_("Effect")),
        th(_("Amount"), class_="num"),
        th(_("Authorisation"), class_="wide"),
        th(_("Idempotency key"), class_="wide"),
        th(_("At"), class_="wide"),
    )
    return card(_("Latest effects"), table(heads, rows), aside=tag("span", _("newest first"), class_="muted small"))


def _link(effect: Movement) -> Markup:
    return tag("a", effect.authorisation, href=f"/dashboard/authorisations/{effect.authorisation}", class_="mono")
