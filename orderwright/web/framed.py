"""Documents that stand in a frame of a page: a mail's HTML, shut off from everything round it."""

from __future__ import annotations

import base64
from typing import Final

from django.http import HttpResponse

from orderwright.outbox.compose import Composed
from orderwright.outbox.writing.html import LOGO
from orderwright.reads.sites import read_logo

# No script, no form, no plug-in, nothing fetched; an origin of its own, so that nothing of the desk is in its reach.
_POLICY: Final = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)


def with_logo(document: str, png: bytes | None) -> str:
    """Return a mail's HTML with the picture that goes with it in its place: a frame fetches nothing."""
    if png is None:
        return document
    return document.replace(LOGO, f"data:image/png;base64,{base64.b64encode(png).decode()}")


def framed(document: str, *, status: int = 200) -> HttpResponse:
    """Return a document that only a page of ours can frame, and that can reach nothing. Source: FH2."""
    answer = HttpResponse(document, status=status)
    answer["Content-Security-Policy"] = _POLICY
    answer["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def framed_mail(mail: Composed) -> HttpResponse:
    """Return the HTML of a mail that was not sent, as its reader would see it."""
    return framed(with_logo(mail.html, None if mail.logo_id is None else read_logo(id=mail.logo_id).png))
