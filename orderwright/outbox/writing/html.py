"""The HTML of a mail: the frame round it, and its styles on its elements. Pure; what it may contain: markup.py."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

# How a mail's HTML names the picture that goes with it.
LOGO: Final = "cid:logo"
_INLINER: Final = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


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
