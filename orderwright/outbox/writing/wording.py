"""A mail to a customer: a template or the built-in wording, filled with an order's facts. Pure; rows: elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.translation import gettext

from orderwright.core.errors import FieldError
from orderwright.core.text import text_problem
from orderwright.outbox.addresses import named
from orderwright.outbox.compose import Composed
from orderwright.outbox.errors import TemplateBroken
from orderwright.outbox.writing.html import LOGO, framed
from orderwright.outbox.writing.language import (
    LONGEST_HTML,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    Template,
    checked,
    with_breaks,
    written,
)
from orderwright.outbox.writing.markup import HtmlFault, html_fault, unquoted_fault
from orderwright.outbox.writing.values import Occasion, OrderFacts, SiteFacts, mail_values
from orderwright.outbox.writing.vocabulary import MailKind

# The language of what is built in.
_LANGUAGE: Final = "en"
LONGEST_FAULT: Final = 300
_DEFAULTS: Final = Path(__file__).parent / "defaults"
# Placeholders of several lines, which HTML would run together.
_OF_SEVERAL_LINES: Final = ("message",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A template as somebody wrote it, or as it is built in. Without `html` the mail is plain text alone."""

    subject: str
    text: str
    html: str
    language: str = _LANGUAGE

    def in_language(self, language: str) -> Wording:
        """Return the same words, with dates and the like as this language writes them."""
        return replace(self, language=language)


@cache
def built_in(kind: str) -> Wording:
    """Return the wording that a kind of mail has as long as nobody writes another."""

    def read(name: str) -> str:
        return (_DEFAULTS / f"{kind}.{name}").read_text(encoding="utf-8")

    return Wording(subject=read("subject.txt").strip(), text=read("text.txt"), html=read("html"))


def check_wording(wording: Wording, *, kind: MailKind) -> None:
    """Do nothing when a mail of this kind can be written with these words.

    Raises: TemplateBroken with a pointer at /subject, /text or /html and the line.
    """
    subject = checked(wording.subject, kind=kind, is_html=False, field="subject", longest=LONGEST_SUBJECT)
    if not subject.skeleton.strip() or "\n" in wording.subject.strip():
        raise _broken("subject", HtmlFault(1, gettext("A mail needs a subject of one line.")))
    text = checked(wording.text, kind=kind, is_html=False, field="text", longest=LONGEST_TEXT)
    if not text.skeleton.strip():
        raise _broken("text", HtmlFault(1, gettext("A mail needs its plain text: some can read nothing else.")))
    if wording.html.strip():
        skeleton = _checked_html(wording.html, kind=kind).skeleton
        _document(skeleton, language=wording.language, subject="", site_name="", has_logo=True)


def compose(*, kind: MailKind, order: OrderFacts, occasion: Occasion, wording: Wording | None = None) -> Composed:
    """Return the mail in the given words, or in those that are built in.

    A template that cannot be used any more does not keep the mail from going out: it goes in the built-in words, and
    says why in `fault`.
    """
    fault = ""
    if wording is not None:
        try:
            return compose_strictly(kind=kind, order=order, occasion=occasion, wording=wording)
        except TemplateBroken as broken:
            fault = broken.message[:LONGEST_FAULT]
    plain = built_in(kind.slug)
    try:
        composed = compose_strictly(kind=kind, order=order, occasion=occasion, wording=plain)
    except TemplateBroken:
        # Something in the order that no HTML may have; its plain text can still be read.
        composed = compose_strictly(kind=kind, order=order, occasion=occasion, wording=replace(plain, html=""))
    return replace(composed, fault=fault)


def compose_strictly(*, kind: MailKind, order: OrderFacts, occasion: Occasion, wording: Wording) -> Composed:
    """Return the mail in exactly these words. Raises: TemplateBroken."""
    values = mail_values(order, occasion, language=wording.language)
    site = order.site
    subject = _one_line(
        written(
            checked(wording.subject, kind=kind, is_html=False, field="subject", longest=LONGEST_SUBJECT),
            values,
            field="subject",
        )
    )
    problem = text_problem(subject, longest=_LONGEST_HEADER, is_reference=True)
    if problem is not None or not subject:
        words = problem[1] if problem else gettext("It is empty.")
        raise _broken("subject", HtmlFault(1, words))
    text = written(
        checked(wording.text, kind=kind, is_html=False, field="text", longest=LONGEST_TEXT), values, field="text"
    )
    html = _html(wording, kind=kind, values=values, subject=subject, site=site)
    return Composed(
        sender=named(name=site.sender_name or site.name, address=site.sender),
        subject=subject,
        text=_tidied(text),
        html=html,
        logo_id=site.logo_id if LOGO in html else None,
    )


def _html(wording: Wording, *, kind: MailKind, values: dict[str, object], subject: str, site: SiteFacts) -> str:
    if not wording.html.strip():
        return ""
    broken_up = {name: with_breaks(str(values[name])) for name in _OF_SEVERAL_LINES if name in values}
    content = written(_checked_html(wording.html, kind=kind), {**values, **broken_up}, field="html")
    fault = html_fault(content)
    if fault is not None:
        raise _broken("html", fault)
    return _document(
        content,
        language=wording.language,
        subject=subject,
        site_name=site.name,
        has_logo=site.logo_id is not None,
    )


def _document(content: str, *, language: str, subject: str, site_name: str, has_logo: bool) -> str:
    """Return the whole document as it goes out, judged as an HTML5 parser has read it. Raises: TemplateBroken."""
    document = framed(content, site_name=site_name, language=language, subject=subject, has_logo=has_logo)
    fault = html_fault(document)
    if fault is not None:
        # Its line is one of the document, which nobody has written.
        raise _broken("html", replace(fault, line=1))
    return document


def _checked_html(source: str, *, kind: MailKind) -> Template:
    template = checked(source, kind=kind, is_html=True, field="html", longest=LONGEST_HTML)
    fault = unquoted_fault(source) or html_fault(template.skeleton)
    if fault is not None:
        raise _broken("html", fault)
    return template


def _broken(field: str, fault: HtmlFault) -> TemplateBroken:
    message = gettext("Line %(line)s: %(words)s") % {"line": fault.line, "words": fault.words}
    fields = (FieldError(pointer=f"/{field}", code=TemplateBroken.code, message=message),)
    return TemplateBroken(message, fields=fields, facts={"field": field, "line": fault.line})


_LONGEST_HEADER: Final = 250  # the column's length


def _one_line(subject: str) -> str:
    line = " ".join(subject.split())
    return line if len(line) <= _LONGEST_HEADER else f"{line[: _LONGEST_HEADER - 1]}…"


def _tidied(text: str) -> str:
    """Return the text with no more than one empty line in a row: blocks that say nothing leave none behind."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        shown = line if line == "-- " else line.rstrip()
        if shown or (lines and lines[-1]):
            lines.append(shown)
    return "\n".join(lines) + "\n"
