"""What the HTML of a mail may contain, and how narrowly it has to be written. Pure.

Mail clients do not agree on HTML that is written loosely: one ends a style at `</style/`, another reads on; one drops a
tag that is left open, another closes it with the next `>`. So a mail's HTML is of a kind that all read alike: whatever
begins like markup is a whole tag, a whole comment or a doctype, and nothing of the kind stands in a style or a title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

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
# Whatever could fetch or run something from within a style; an escape or a comment could hide it.
_STYLE_REACHES_OUT: Final = re.compile(
    r"(?:url|src|image|image-set|expression)\s*\(|@import|-moz-binding|behavior\s*:|\\",
    re.IGNORECASE,
)
_STYLE_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
# A value outside of quotes could end the attribute and begin another one.
_UNQUOTED: Final = re.compile(r"=\s*\{\{")

# The grammar. Nothing in it is tried twice, so that reading takes as long as the text is.
_BLANK: Final = r"[ \t\n\r\f]"
_TAG: Final = re.compile(r"<(?P<slash>/?)(?P<name>[a-z][^\s/><\x00]*+)", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(
    rf"""{_BLANK}++(?P<name>[^\s"'<>/=`\x00]++)"""
    rf"""(?:{_BLANK}*+={_BLANK}*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^\s"'=<>`]++)))?+"""
)
_TAG_END: Final = re.compile(rf"{_BLANK}*+/?>")
_COMMENT: Final = re.compile(r"<!--(?!-?>)[^<>]*+(?<=--)>")
_DOCTYPE: Final = re.compile(r"<!doctype\s+html[^<>]*+>", re.IGNORECASE)
# Elements whose content is text up to their end, and that end.
_OF_TEXT: Final = {name: re.compile(rf"</{name}{_BLANK}*+>", re.IGNORECASE) for name in ("style", "title")}
# After these a < is the sign itself, to every reader.
_SIGN_BEFORE: Final = re.compile(r"<[ \t\n\r0-9]")


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
    fetches. What readers could understand differently is a fault too. Source: FH2.
    """
    reader = _Reader(markup)
    while (start := markup.find("<", reader.position)) >= 0:
        words = reader.read(start)
        if words is not None:
            return HtmlFault(markup.count("\n", 0, start) + 1, words)
    return None


class _Reader:
    """Goes from tag to tag; `position` is behind what it has read."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self.position = 0

    def read(self, start: int) -> str | None:
        """Read what begins with the < at `start`, and return what is wrong with it, or None."""
        if _SIGN_BEFORE.match(self._markup, start):
            self.position = start + 1
            return None
        tag = _TAG.match(self._markup, start)
        if tag is None:
            return self._other(start)
        name = tag["name"].lower()
        if name not in _TAGS:
            return _("A mail cannot have the element <%(tag)s>.") % {"tag": name[:40]}
        self.position = tag.end()
        if tag["slash"]:
            return self._end_of_tag()
        return self._attributes(name) or self._end_of_tag() or self._text_within(name)

    def _other(self, start: int) -> str | None:
        found = _COMMENT.match(self._markup, start) or _DOCTYPE.match(self._markup, start)
        if found is not None:
            self.position = found.end()
            is_condition = found.re is _COMMENT and "[if" in found[0].lower()
            return _("A mail cannot have markup in a comment.") if is_condition else None
        if self._markup.startswith("<!--", start):
            return _("A mail cannot have markup in a comment.")
        if self._markup.startswith("<!", start):
            return _("A mail cannot have sections such as CDATA.")
        if self._markup.startswith("<?", start):
            return _("A mail cannot have processing instructions.")
        return _("A < that begins no tag is written as &lt;.")

    def _attributes(self, tag: str) -> str | None:
        while (found := _ATTRIBUTE.match(self._markup, self.position)) is not None:
            self.position = found.end()
            value = found["double"] or found["single"] or found["bare"] or ""
            fault = _attribute_fault(tag, found["name"].lower(), unescape(value))
            if fault is not None:
                return fault
        return None

    def _end_of_tag(self) -> str | None:
        found = _TAG_END.match(self._markup, self.position)
        if found is None:
            return _("A tag is not complete, or not written as mail programs expect it.")
        self.position = found.end()
        return None

    def _text_within(self, tag: str) -> str | None:
        if tag not in _OF_TEXT:
            return None
        end = _OF_TEXT[tag].search(self._markup, self.position)
        if end is None:
            return _("The element <%(tag)s> is not closed.") % {"tag": tag}
        content = self._markup[self.position : end.start()]
        self.position = end.end()
        if "<" in content:
            return _("The element <%(tag)s> cannot have markup in it.") % {"tag": tag}
        return _style_fault(content) if tag == "style" else None


def _attribute_fault(tag: str, name: str, value: str) -> str | None:
    words = None
    if name not in _ATTRIBUTES:
        words = _("A mail cannot have the attribute %(name)s.") % {"name": name[:40]}
    elif name == "style":
        words = _style_fault(value)
    elif name == "href" and not _leads(value, _LINKS) and not value.startswith("#"):
        words = _("A link in a mail begins with https:, http:, mailto: or tel:.")
    elif name == "src" and not _leads(value, _IMAGES):
        words = _("An image in a mail begins with https: or is the site’s logo, cid:logo.")
    elif tag == "meta" and name == "content" and "url" in value.lower():
        words = _("A mail cannot lead elsewhere by itself.")
    elif name == "charset" and value.lower() != "utf-8":
        words = _("A mail is written in utf-8.")
    return words


def _style_fault(style: str) -> str | None:
    if _STYLE_REACHES_OUT.search(style) or _STYLE_REACHES_OUT.search(_STYLE_COMMENT.sub("", style)):
        return _("A style in a mail cannot fetch anything.")
    return None


def _leads(address: str, schemes: frozenset[str]) -> bool:
    # Browsers leave out white space and control characters within a scheme; an address that has some is no address.
    if not address.isprintable() or address != address.strip():
        return False
    try:
        return urlsplit(address).scheme.lower() in schemes
    except ValueError:
        return False
