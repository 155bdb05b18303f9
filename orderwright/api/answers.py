"""Answers as JSON, encoded by msgspec, and the entity tag that an order's answer carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.http import HttpResponse

JSON: Final = "application/json"

_encoder = msgspec.json.Encoder()


def answer(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return the value as a JSON answer that no shared cache keeps, for it is meant for one key."""
    content = _encoder.encode(value)
    response = HttpResponse(content, status=status, content_type=JSON)
    response["Content-Length"] = str(len(content))
    response["Cache-Control"] = "private, no-cache"
    for name, text in (headers or {}).items():
        response[name] = text
    return response


def empty(*, status: int, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return an answer without a body: 204 or 304."""
    response = HttpResponse(status=status, headers=dict(headers or {}))
    del response["Content-Type"]
    return response
