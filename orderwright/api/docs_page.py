"""The readable page of the API at /api/docs: the OpenAPI file as words. It needs no script and no sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI

from orderwright.api.openapi import encoded
from orderwright.api.problems import KINDS

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_WORDS: Final = {"string": "text", "integer": "whole number", "boolean": "true or false", "date-time": "time"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a shape or one parameter. `link` is the shape that it holds, empty where it holds none."""

    name: str
    kind: str
    link: str
    is_required: bool
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One status that a route answers with."""

    status: int
    words: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method of one address."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    permission: str
    parameters: tuple[Field, ...]
    body: str
    answers: tuple[Answer, ...]
    problems: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeWords:
    """One shape of bodies or answers."""

    name: str
    about: str
    fields: tuple[Field, ...]


def docs_page(api: NinjaAPI, request: HttpRequest) -> HttpResponse:
    """Answer with the page."""
    return render(request, "api/docs.html", _page(api))


@cache
def _page(api: NinjaAPI) -> dict[str, Any]:
    schema = msgspec.json.decode(encoded(api))
    groups: dict[str, list[Route]] = {}
    for path, methods in schema["paths"].items():
        for method in _METHODS:
            if method in methods:
                groups.setdefault(methods[method]["tags"][0], []).append(_route(path, method, methods[method]))
    return {
        "title": schema["info"]["title"],
        "groups": list(groups.items()),
        "kinds": [(status, kind, title) for status, (kind, title) in sorted(KINDS.items())],
        "shapes": [_shape(name, shape) for name, shape in sorted(schema["components"]["schemas"].items())],
    }


def _route(path: str, method: str, operation: dict[str, Any]) -> Route:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    answers = [
        Answer(status=int(status), words=HTTPStatus(int(status)).phrase, link=_link(_content(answer)))
        for status, answer in sorted(operation["responses"].items())
    ]
    return Route(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        about=operation["description"],
        permission=operation["x-permission"] or "",
        parameters=tuple(
            Field(
                name=parameter["name"],
                kind=f"{_kind(parameter['schema'])} · {parameter['in']}",
                link="",
                is_required=parameter["required"],
                about=parameter.get("description", ""),
            )
            for parameter in operation["parameters"]
        ),
        body=_link(body),
        answers=tuple(answer for answer in answers if answer.status not in KINDS),
        problems=tuple(answer for answer in answers if answer.status in KINDS),
    )


def _shape(name: str, shape: dict[str, Any]) -> ShapeWords:
    required = shape.get("required", ())
    return ShapeWords(
        name=name,
        about=" ".join(shape.get("description", "").split()),
        fields=tuple(
            Field(
                name=field,
                kind=_kind(schema),
                link=_link(schema),
                is_required=field in required,
                about=next(_descriptions(schema), ""),
            )
            for field, schema in shape.get("properties", {}).items()
        ),
    )


def _content(answer: dict[str, Any]) -> dict[str, Any]:
    return next((content["schema"] for content in answer.get("content", {}).values()), {})


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema or "const" in schema:
        return " | ".join(str(value) for value in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"])
    if "$ref" in schema:
        return _link(schema)
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    bounds = f", at most {schema['maxLength']} characters" if "maxLength" in schema else ""
    return _WORDS.get(schema.get("format", kind), str(kind)) + bounds


def _link(schema: dict[str, Any]) -> str:
    """Return the name of the shape that the schema refers to, itself or in its list; empty when there is none."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    inner = [*schema.get("anyOf", ()), schema.get("items", {})]
    return next((link for part in inner if part and (link := _link(part))), "")


def _descriptions(schema: dict[str, Any]) -> Iterator[str]:
    if "description" in schema:
        yield " ".join(schema["description"].split())
    for part in schema.get("anyOf", ()):
        yield from _descriptions(part)
