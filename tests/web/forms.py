"""The forms of a page: where one leads, and what it brings along unseen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpResponse


@dataclass(frozen=True, slots=True)
class Form:
    """A form's opening tag, where it leads, and its hidden fields without the page's secret."""

    tag: str
    action: str
    hidden: dict[str, str]


def form_to(ending: str, answer: HttpResponse) -> Form:
    """Return the page's only form that leads to a path with this ending."""
    ((tag, action, inside),) = re.findall(
        rf'(<form[^>]*\baction="([^"]*{re.escape(ending)})"[^>]*>)(.*?)</form>', answer.content.decode(), re.DOTALL
    )
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', inside))
    fields.pop("csrfmiddlewaretoken", None)
    return Form(tag, action, fields)
