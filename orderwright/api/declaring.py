"""How a route is declared: its permission, answers and headers, once, for the door and for the OpenAPI file."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from pydantic import BaseModel

from orderwright.api.answers import JSON
from orderwright.api.door import ApiKey
from orderwright.api.problems import KINDS, MEDIA_TYPE

IF_MATCH: Final = "If-Match"
IF_NONE_MATCH: Final = "If-None-Match"
IDEMPOTENCY_KEY: Final = "Idempotency-Key"

_HEADERS: Final = {
    IF_MATCH: (
        (
            'The ETag of the answer that you looked at, such as `"7"`. When somebody changed the same fields since, '
            "the request is refused with 412 and nothing is changed; changes to other fields do not clash."
        ),
        {"type": "string", "pattern": r'^(\*|(W/)?"[0-9]{1,9}")$', "examples": ['"7"']},
    ),
    IF_NONE_MATCH: (
        "The ETag of the answer that you have; 304 when it is still right.",
        {"type": "string", "examples": ['"7"']},
    ),
    IDEMPOTENCY_KEY: (
        (
            "A fresh name for this request, at most 255 visible ASCII characters. Sent again with the same body within "
            "24 hours, the request is not carried out a second time: the first answer comes again, with the header "
            "`Idempotent-Replayed: true`."
        ),
        {"type": "string", "maxLength": 255, "pattern": "^[!-~]+$"},
    ),
}
# What each header may lead to, beside what every route answers.
_OF_HEADER: Final[dict[str, frozenset[int]]] = {
    IF_MATCH: frozenset({400, 412}),
    IF_NONE_MATCH: frozenset(),
    IDEMPOTENCY_KEY: frozenset({400, 409, 422}),
}
_ALWAYS: Final = frozenset({401, 403, 422, 500, 503})
_OF_BODY: Final = frozenset({400, 411, 413, 415, 422})

Answer = type[msgspec.Struct] | None


def declared(
    *,
    needs: str | None,
    answers: dict[int, Answer],
    problems: frozenset[int] | set[int] = frozenset(),
    headers: tuple[str, ...] = (),
    query: type[BaseModel] | None = None,
    has_body: bool = False,
    body: type[BaseModel] | None = None,
    files: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return the arguments with which a router takes this route.

    `needs`: the permission, or None for any valid key. `answers`: status to the shape of the body, None for no body.
    `problems`: statuses beside those that its parts imply. `query`: the model of its parameters, by which unknown ones
    are refused. `body`: the documented model where the action itself reads the document. `files`: media types that a
    success may have besides JSON.
    """
    statuses = set(_ALWAYS) | set(problems) | {404}
    statuses |= _OF_BODY if has_body or body is not None else set()
    for header in headers:
        statuses |= _OF_HEADER[header]
    extra: dict[str, Any] = {
        "responses": {**{code: _answer(shape, files) for code, shape in answers.items()}, **_problems(statuses)},
        "x-permission": needs,
    }
    if headers:
        extra["parameters"] = [_header(name) for name in headers]
    if body is not None:
        schema = {"$ref": f"#/components/schemas/{body.__name__}"}
        extra["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
    return {
        "auth": ApiKey(needs, parameters=_parameters(query)),
        # Answers are encoded by hand (see `answers`); ninja only has to know that it shall not.
        "response": dict.fromkeys(answers, None),
        "openapi_extra": extra,
    }


def _parameters(query: type[BaseModel] | None) -> frozenset[str]:
    fields = query.model_fields if query else {}
    return frozenset(field.alias or name for name, field in fields.items())


def _answer(shape: Answer, files: tuple[str, ...]) -> dict[str, Any]:
    if shape is None:
        return {}
    content = {JSON: {"schema": {"$ref": f"#/components/schemas/{shape.__name__}"}}}
    return {"content": content | {media: {"schema": {"type": "string", "format": "binary"}} for media in files}}


def _problems(statuses: set[int]) -> dict[int, dict[str, Any]]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": KINDS[status][1], "content": content} for status in sorted(statuses)}


def _header(name: str) -> dict[str, Any]:
    description, schema = _HEADERS[name]
    return {"in": "header", "name": name, "required": False, "description": description, "schema": schema}
