"""The OpenAPI 3.1 file: what ninja finds in the routes, completed by the shapes of our answers."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.operation import Operation
from typing_extensions import override

from orderwright.api.answers import JSON
from orderwright.api.document import OrderDocument
from orderwright.api.shapes import ANSWERS

_TEMPLATE: Final = "#/components/schemas/{name}"


class DeskAPI(NinjaAPI):
    """The API object. It names operations after their functions and documents answers by their shapes."""

    @override
    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    @override
    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """Return the whole file as plain JSON values."""
        schema: dict[str, Any] = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        _, answers = msgspec.json.schema_components(ANSWERS, ref_template=_TEMPLATE)
        document = OrderDocument.model_json_schema(ref_template=_TEMPLATE.replace("name", "model"))
        parts = document.pop("$defs")
        schema["components"]["schemas"] |= answers | {OrderDocument.__name__: document} | parts
        for methods in schema["paths"].values():
            for operation in methods.values():
                _complete(operation)
        return schema


@cache
def encoded(api: NinjaAPI) -> bytes:
    """Return the file as it is served; it is made once per process."""
    return msgspec.json.encode(api.get_openapi_schema())


def openapi_file(api: NinjaAPI, _request: HttpRequest) -> HttpResponse:
    """Answer with the file."""
    return HttpResponse(encoded(api), content_type=JSON)


def _complete(operation: dict[str, Any]) -> None:
    # A docstring's first sentence is the summary; the rest describes.
    summary, _, rest = " ".join(operation["description"].split()).partition(". ")
    operation["summary"], operation["description"] = summary.rstrip("."), rest
    for parameter in operation["parameters"]:
        # A parameter that is not given is left out: an address has no word for null.
        choices = [choice for choice in parameter["schema"].pop("anyOf", []) if choice != {"type": "null"}]
        parameter["schema"].update(*choices)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if "$ref" in content["schema"]:
            content["schema"] = {"$ref": content["schema"]["$ref"]}
