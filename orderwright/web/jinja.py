"""The template environment: what every template may call. No page's own values belong here."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language_bidi, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined
from lucide.jinja import lucide
from markupsafe import Markup


@lru_cache(maxsize=256)
def icon(name: str, size: int = 16) -> Markup:
    """Return a decorative icon as inline SVG, hidden from screen readers.

    Raises: lucide.IconDoesNotExist when the set has no icon of that name.
    """
    drawn = lucide(name, size=size, stroke_width="1.75", aria_hidden="true", focusable="false")
    return Markup(drawn)  # noqa: S704 - drawn by the icon set from a name that stands in a template


@lru_cache(maxsize=256)
def _static(path: str) -> str:
    # A page names some thirty files, and where they lie does not change while the process runs.
    return static(path)


def environment(**options: Any) -> Environment:
    """Return the portal's Jinja environment, as Django's Jinja2 backend asks for it.

    Errors: a name that a template misspells raises UndefinedError instead of printing nothing.
    """
    options.setdefault("undefined", StrictUndefined)
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    env = Environment(extensions=["jinja2.ext.i18n"], **options)  # noqa: S701 - Django's backend switches escaping on
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        gettext=gettext, ngettext=ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals.update(static=_static, url=reverse, icon=icon, is_rtl=get_language_bidi)
    return env
