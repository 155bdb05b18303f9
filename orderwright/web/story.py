"""One order's story as a PDF: what it is, and everything that was done with it, from the first entry to the last."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, Final
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from orderwright.web.presenters.order_page import Entry, OrderPage

_FONT: Final = "NotoSans"
# Where a reader has to bring the font itself, as every reader does for these: kana first, for only Japanese has them.
_READERS_FONTS: Final = (
    ("HIRAGANA", "HeiseiKakuGo-W5"),
    ("KATAKANA", "HeiseiKakuGo-W5"),
    ("HANGUL", "HYGothic-Medium"),
    ("CJK", "STSong-Light"),
)
_UNSHOWN: Final = "\u25af"  # an upright rectangle
_GREY: Final = colors.HexColor("#525a64")
_LINE: Final = colors.HexColor("#e5e3dd")
_WIDTHS: Final = (43 * mm, 92 * mm, 34 * mm)


def write_story(order: OrderPage, entries: Sequence[Entry], *, proof: Sequence[str], target: BinaryIO) -> None:
    """Write the PDF to `target`. `entries` stand in the order given; `proof` says how its chain stands at the end.

    Shape: A4. The same values give the same bytes. Characters that no font here has are shown as an empty rectangle.
    """
    title = _("The story of order #%(number)s") % {"number": order.number}
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=18 * mm,
        bottomMargin=20 * mm,
        title=title,
        author="Orderwright",
        invariant=1,
    )
    story = [*_head(order, title), *_facts(order), *_entries(entries), *_proof(proof)]
    document.build(story, onFirstPage=_numbered(order.number), onLaterPages=_numbered(order.number))


def _head(order: OrderPage, title: str) -> Iterator[Any]:
    badges = " · ".join((order.state.text, *(badge.text for badge in order.badges)))
    yield _text(title, _style(size=17, after=2))
    yield _text(order.placed, _style(color=_GREY))
    yield _text(badges, _style(after=8))


def _facts(order: OrderPage) -> Iterator[Any]:
    customer = order.customer
    ships_to = ", ".join(customer.ships_to)
    bills_to = ", ".join(customer.bills_to) or _("Same as shipping")
    rows = [
        (_("Customer"), " · ".join(filter(None, (customer.name, customer.email, customer.phone)))),
        (_("Ships to"), ships_to),
        (_("Bills to"), bills_to if ships_to else ""),
        (_("Invoice Number"), order.invoice.value),
    ]
    rows += [(line.name, f"{line.quantity} · {line.total}") for block in order.shipments for line in block.lines]
    rows += [(total.label, total.amount) for total in order.totals]
    rows += [(_("Payments"), ", ".join(f"{each.label} {each.value}" for each in order.payments.figures))]
    cells = [[_text(name, _style(color=_GREY)), _text(value, _style())] for name, value in rows if value]
    table = Table(cells, colWidths=(60 * mm, 109 * mm), hAlign="LEFT")
    table.setStyle(_grid())
    yield table
    yield Spacer(1, 8 * mm)


def _entries(entries: Sequence[Entry]) -> Iterator[Any]:
    head = [_text(words, _style(color=_GREY)) for words in (_("When"), _("What happened"), _("Who"))]
    rows = [[_text(each.when.full, _style()), _sentence(each), _text(each.by, _style())] for each in entries]
    table = Table([head, *rows], colWidths=_WIDTHS, hAlign="LEFT", repeatRows=1)
    table.setStyle(_grid())
    yield table


def _sentence(entry: Entry) -> Any:
    said = []
    for part in entry.parts:
        text = _marked(part.text)
        if part.kind == "was":
            text = f'<strike><font color="#525a64">{text}</font></strike>'
        # What was is struck through, so that the arrow, which the font lacks, is not missed.
        said += [] if part.text == "→" else [text]
    if entry.note:
        said.append(f'<br/><font color="#525a64">{_marked(entry.note)}</font>')
    return Paragraph(" ".join(said), _style())


def _proof(lines: Sequence[str]) -> Iterator[Any]:
    yield Spacer(1, 6 * mm)
    yield from (_text(line, _style(size=7, color=_GREY)) for line in lines)


def _numbered(number: str) -> Any:
    def draw(canvas: Any, _document: Any) -> None:
        _fonts()
        canvas.setFont(_FONT, 8)
        canvas.setFillColor(_GREY)
        canvas.drawString(18 * mm, 12 * mm, f"#{number}")
        canvas.drawRightString(A4[0] - 18 * mm, 12 * mm, str(canvas.getPageNumber()))

    return draw


def _grid() -> Any:
    return TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 1, _LINE),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ]
    )


def _style(*, size: int = 9, color: Any = colors.black, after: int = 0) -> Any:
    _fonts()
    return ParagraphStyle(
        "text",
        fontName=_FONT,
        fontSize=size,
        leading=size * 4 // 3,
        textColor=color,
        spaceAfter=after,
        splitLongWords=1,
    )


def _text(words: str, style: Any) -> Any:
    return Paragraph(_marked(words), style)


def _marked(words: str) -> str:
    """Return the text as markup of ours alone, each run of characters in a font that has them."""
    found = []
    for font, run in groupby(unicodedata.normalize("NFC", words), key=_font_of):
        text = escape("".join(run)).replace("\n", "<br/>")
        if font == _FONT:
            found.append(text)
        elif font:
            found.append(f'<font name="{font}">{text}</font>')
        else:
            found.append(_UNSHOWN * len(text))
    return "".join(found)


@lru_cache(maxsize=4096)
def _font_of(char: str) -> str:
    """Return the font that has this character, or an empty text where none of ours has it."""
    if char == "\n" or ord(char) in _fonts():
        return _FONT
    name = unicodedata.name(char, "")
    for script, font in _READERS_FONTS:
        if name.startswith(script):
            _register(font)
            return font
    return ""


@lru_cache(maxsize=1)
def _fonts() -> frozenset[int]:
    """Register the font and return which characters it has."""
    folder = files("fontpkg_noto_sans") / "files"
    path = next(Path(str(each)) for each in folder.iterdir() if each.name.startswith("NotoSans["))
    font = TTFont(_FONT, str(path))
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


@lru_cache(maxsize=8)
def _register(font: str) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(font))
