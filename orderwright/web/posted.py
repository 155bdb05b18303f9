"""Reading what a form sent: small, total functions. Whether it may be done is the actions' to say."""

from __future__ import annotations

from django.http import HttpRequest

# No version of an order, count of pieces or id has more digits; a longer one is nonsense, not a number.
_MOST_DIGITS = 9
_LONGEST_TOKEN = 100


def text(request: HttpRequest, name: str) -> str:
    """Return the field as typed, or nothing when it was not sent."""
    return request.POST.get(name, "")


def token(request: HttpRequest, name: str) -> str | None:
    """Return a mark that the page itself put into the form, or None when something else came back."""
    sent = text(request, name)
    return sent if sent.isascii() and sent.isprintable() and 0 < len(sent) <= _LONGEST_TOKEN else None


def whole(value: str) -> int | None:
    """Return the whole number that was typed, or None when it is none."""
    trimmed = value.strip()
    is_number = trimmed.isascii() and trimmed.isdigit() and len(trimmed) <= _MOST_DIGITS
    return int(trimmed) if is_number else None


def version(request: HttpRequest) -> int | None:
    """Return the version that the person was looking at, or None when the form does not say."""
    return whole(text(request, "version"))
