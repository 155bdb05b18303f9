"""The HTML of a mail: the frame round it, its styles on its elements, and what it may contain. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from css_inline import CSSInliner
from django.utils.translation import gettext as _
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

_TAGS: Final = frozenset(
    {
        *("html", "head", "title", "body", "style", "meta", "div", "span", "p", "br", "hr", "h1", "h2", "h3"),
        *("h4", "a", "b", "strong", "i", "em", "u", "s", "small", "sub", "sup", "ul", "ol", "li", "dl", "dt"),
        *("dd", "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td", "img"),
        *("blockquote", "pre", "code", "center", "font", "bdi", "bdo", "time", "address", "section", "header"),
        *("footer", "main"),
    }
)
_ATTRIBUTES: Final = frozenset(
    {
        *("align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "charset", "class", "color"),
        *("colspan", "content", "dir", "height", "href", "id", "lang", "name", "role", "rowspan", "scope"),
        *("src", "style", "title", "valign", "width", "datetime", "face", "size", "aria-hidden", "aria-label"),
    }
)
_LINKS: Final = frozenset({"http", "https", "mailto", "tel"})
_IMAGES: Final = frozenset({"https", "cid"})
# How a mail's HTML names the picture that goes with it.
LOGO: Final = "cid:logo"
# Whatever could fetch or run something from within a style; an escape could hide it.
_STYLE_REACHES_OUT: Final = re.compile(r"url\s*\(|@import|expression\s*\(|-moz-binding|behavior\s*:|\\", re.IGNORECASE)
# A value outside of quotes could end the attribute and begin another one.
_UNQUOTED: Final = re.compile(r"=\s*\{\{")
_INLINER: Final = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class HtmlFault:
    """What a mail may not have, and in which line."""

    line: int
    words: str


def unquoted_fault(source: str) -> HtmlFault | None:
    """Return where a placeholder stands as an attribute's value without quotes, or None."""
    found = _UNQUOTED.search(source)
    if found is None:
        return None
    words = _('Put quotes round the placeholder: ={{ … }} becomes ="{{ … }}".')
    return HtmlFault(source.count("\n", 0, found.start()) + 1, words)


def html_fault(markup: str) -> HtmlFault | None:
    """Return the first thing that a mail's HTML may not have, or None.

    Elements, attributes and kinds of links are those of a fixed list: no script, form, frame or event, no link to
    anything but http, https, mailto and tel, no image but over https or from the mail itself, nothing that a style
    fetches. Source: FH2.
    """
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.fault


def framed(content: str, *, site_name: str, language: str, subject: str, has_logo: bool) -> str:
    """Return the whole document of a mail, styles on its elements; content that is a document already gets no frame."""
    document = content
    if not _is_document(content):
        document = _frame().render(
            content=Markup(content),  # noqa: S704 - rendered with escaping from a checked template, checked once more
            site_name=site_name,
            language=language,
            direction=_direction(language),
            subject=subject,
            has_logo=has_logo,
            styles=Markup(_styles()),  # noqa: S704 - a file of ours
        )
    return _INLINER.inline(document)


def _is_document(content: str) -> bool:
    return content.lstrip()[:15].lower().startswith(("<!doctype", "<html"))


def _direction(language: str) -> str:
    try:
        return Locale.parse(language.replace("-", "_")).text_direction
    except (UnknownLocaleError, ValueError):
        return "ltr"


class _Reader(HTMLParser):
    """Reads HTML as loosely as a mail client and keeps the first fault."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.fault: HtmlFault | None = None
        self._is_in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element and its attributes."""
        if tag not in _TAGS:
            self._refuse(_("A mail cannot have the element <%(tag)s>.") % {"tag": tag[:40]})
        self._is_in_style = tag == "style"
        for name, value in attrs:
            self._look_at(tag, name, value or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave a style."""
        self._is_in_style = self._is_in_style and tag != "style"

    def handle_data(self, data: str) -> None:
        """Look into a style."""
        if self._is_in_style and _STYLE_REACHES_OUT.search(data):
            self._refuse(_("A style in a mail cannot fetch anything."))

    def handle_pi(self, data: str) -> None:  # noqa: ARG002 - the parser hands over what stands in it
        """Refuse an instruction to a processor, which some read as an element."""
        self._refuse(_("A mail cannot have processing instructions."))

    def unknown_decl(self, data: str) -> None:  # noqa: ARG002 - as above
        """Refuse CDATA and the like, which browsers and parsers read differently."""
        self._refuse(_("A mail cannot have sections such as CDATA."))

    def handle_comment(self, data: str) -> None:
        """Refuse comments that some clients take for conditions."""
        if "[if" in data.lower() or "<" in data:
            self._refuse(_("A mail cannot have markup in a comment."))

    def _look_at(self, tag: str, name: str, value: str) -> None:
        if name not in _ATTRIBUTES:
            self._refuse(_("A mail cannot have the attribute %(name)s.") % {"name": name[:40]})
        elif name == "style" and _STYLE_REACHES_OUT.search(value):
            self._refuse(_("A style in a mail cannot fetch anything."))
        elif name == "href" and not _leads(value, _LINKS) and not value.startswith("#"):
            self._refuse(_("A link in a mail begins with https:, http:, mailto: or tel:."))
        elif name == "src" and not _leads(value, _IMAGES):
            self._refuse(_("An image in a mail begins with https: or is the site’s logo, cid:logo."))
        elif tag == "meta" and name == "content" and "url" in value.lower():
            self._refuse(_("A mail cannot lead elsewhere by itself."))

    def _refuse(self, words: str) -> None:
        if self.fault is None:
            self.fault = HtmlFault(self.getpos()[0], words)


def _leads(address: str, schemes: frozenset[str]) -> bool:
    # Browsers leave out white space and control characters within a scheme; an address that has some is no address.
    if not address.isprintable() or address != address.strip():
        return False
    try:
        return urlsplit(address).scheme.lower() in schemes
    except ValueError:
        return False


@cache
def _frame() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "defaults"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("frame.html")


@cache
def _styles() -> str:
    return (Path(__file__).parent / "defaults" / "frame.css").read_text(encoding="utf-8")
