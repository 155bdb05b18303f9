"""What the pages share: the frame, cards, fields, tables, amounts and times."""

import secrets

from practice_provider import engine, labels
from practice_provider.currencies import DECIMALS, format_amount
from practice_provider.engine import Hold, Movement
from practice_provider.instants import moment_of, text_of
from practice_provider.markup import Markup, document, join, tag
from practice_provider.words import gettext as _

Typed = dict[str, str]
# Brands that do not write themselves as plain words.
_BRANDS = {"amex": "American Express", "jcb": "JCB"}


def page(title: str, *content: Markup | None) -> bytes:
    """Return a whole page under a title."""
    head = join(
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title if title == _("Practice provider") else f"{title} · {_('Practice provider')}"),
        tag("link", rel="icon", href="/icon.svg", type="image/svg+xml"),
        tag("link", rel="stylesheet", href="/control.css"),
    )
    return document(head=head, body=tag("main", *content, class_="page"))


def brand_name(brand: str) -> str:
    """Return a card's brand as it writes itself."""
    return _BRANDS.get(brand.lower()) or brand.title()


def told(words: str) -> Markup | None:
    """Return what a person is told after a form was carried out."""
    return tag("p", words, class_="told", role="status") if words else None


def card(title: str, *content: Markup | None, aside: Markup | None = None) -> Markup:
    """Return a titled section; ``aside`` stands beside its title."""
    name = "card-" + "".join(letter if letter.isalnum() else "-" for letter in title.lower())
    return tag(
        "section",
        tag("header", tag("h2", title, id=name), aside),
        *content,
        class_="card",
        aria_labelledby=name,
    )


def field(label: str, control: Markup, *, hint: str = "") -> Markup:
    """Return a labelled control."""
    return tag("label", tag("span", label), control, tag("small", hint) if hint else None, class_="f")


def form_key() -> Markup:
    """Return the hidden key under which a form moves money once, however often it is sent."""
    return tag("input", type="hidden", name="key", value=secrets.token_hex(8))


def table(heads: Markup, rows: list[Markup]) -> Markup:
    """Return a table out of its heads and rows."""
    return tag("table", tag("thead", tag("tr", heads)), tag("tbody", *rows))


def th(label: str, *, class_: str | None = None) -> Markup:
    """Return a column's head."""
    return tag("th", label, scope="col", class_=class_)


def amount_cell(amount: int, currency: str, *, class_: str = "") -> Markup:
    """Return a cell with an amount, or a dash for none."""
    shown = format_amount(amount, currency=currency) if amount else "–"
    return tag("td", shown, class_=f"num {class_}".strip())


def state_badge(hold: Hold, now: int) -> Markup:
    """Return where a hold stands."""
    word, colour = labels.STATES[engine.state_of(hold, now=now)]
    return tag("span", word, class_=f"badge {colour}".strip())


def by_hand(movement: Movement) -> Markup | None:
    """Return the mark of what was done at the dashboard, or None."""
    return tag("span", _("by hand"), class_="badge violet") if movement.made_by == "dashboard" else None


def shown_time(instant: int) -> str:
    """Return an instant for people, to the minute."""
    return f"{moment_of(instant):%Y-%m-%d %H:%M} UTC"


def time_tag(instant: int) -> Markup:
    """Return an instant for people and machines."""
    return tag("time", shown_time(instant), datetime=text_of(instant))


def plain(amount: int, currency: str) -> str:
    """Return an amount as a person would type it."""
    return format_amount(amount, currency=currency).partition(" ")[2].replace(",", "")


def example_amount(currency: str) -> str:
    """Return how an amount is typed in a currency."""
    decimals = DECIMALS[currency]
    return f"12.{'50'.ljust(decimals, '0')}" if decimals else "1250"


def refusal(message: str) -> bytes:
    """Return a page that only says why there is no other."""
    return page(
        _("Not possible"),
        tag("h1", _("Not possible")),
        tag("p", message, role="alert"),
        tag("p", tag("a", _("To the overview"), href="/")),
    )
