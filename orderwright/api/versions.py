"""An order's version as its entity tag: what answers carry, what If-Match and If-None-Match say."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest

from orderwright.api.errors import HeaderMalformed
from orderwright.core.errors import FieldError

# Proxies that compress mark a tag as weak; the version in it is the same.
_TAG: Final = re.compile(r'(?:W/)?"(\d{1,9})"', flags=re.ASCII)


def etag(version: int) -> str:
    """Return the entity tag of a version."""
    return f'"{version}"'


def expected_version(request: HttpRequest) -> int | None:
    """Return the version that If-Match names, or None when there is no such header or it is `*`.

    Raises: HeaderMalformed.
    """
    text = request.headers.get("If-Match", "*").strip()
    if text == "*":
        return None
    found = _TAG.fullmatch(text)
    if found is None:
        sentence = 'It is the ETag of an answer, such as "7".'
        fault = FieldError(pointer="If-Match", code="header_malformed", message=sentence)
        raise HeaderMalformed("The header If-Match cannot be read.", fields=(fault,))
    return int(found[1])


def is_known(request: HttpRequest, *, version: int) -> bool:
    """Return whether If-None-Match says that the sender has this version already."""
    tags = request.headers.get("If-None-Match", "")
    return any(found[1] == str(version) for found in _TAG.finditer(tags))
