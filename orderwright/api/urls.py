"""The API object and its addresses. Whatever else lies under /api/ is answered with a problem document."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from orderwright.api.docs_page import docs_page
from orderwright.api.errors import MethodNotAllowed, RouteNotFound
from orderwright.api.openapi import DeskAPI, openapi_file
from orderwright.api.problems import problem, register
from orderwright.api.routes import (
    api_keys,
    audit,
    bulk_jobs,
    cancellation_requests,
    configuration,
    customers,
    email_templates,
    emails,
    exceptions,
    ledger,
    order_moves,
    orders,
    payments,
    people,
    provider_accounts,
    provider_notices,
    refunds,
    shipping,
    sites,
    work,
)
from orderwright.api.strict_json import StrictParser

View = Callable[..., Any]

api = DeskAPI(
    title="Orderwright",
    version="1",
    description="The order desk for programs. Amounts are minor units; times are RFC 3339 in UTC.",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    parser=StrictParser(),
)
register(api)
for module in (
    *(orders, work, payments, cancellation_requests, refunds, exceptions, ledger, audit, customers),
    *(configuration, sites, order_moves, bulk_jobs, shipping, email_templates, emails),
    *(provider_accounts, provider_notices, api_keys),
    people,
):
    api.add_router("", module.routes)


def with_problems(view: View) -> View:
    """Return the view so that what ninja answers outside its own routes is a problem document too."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.method
        request.method = "GET" if asked == "HEAD" else asked  # the server leaves the body out
        try:
            response: HttpResponse = view(request, *args, **kwargs)
        except Http404:
            return no_route(request)
        finally:
            request.method = asked
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allow = sorted(method.strip() for method in response["Allow"].split(","))
            return problem(MethodNotAllowed(f"This address takes {', '.join(allow)}.", allow=allow))
        return response

    return wrapped


def no_route(_request: HttpRequest) -> HttpResponse:
    """Answer that the API has nothing at this address."""
    return problem(RouteNotFound("The API has nothing at this address."))


def _v1() -> tuple[list[URLPattern], str, str]:
    found, app_name, namespace = api.urls
    patterns = [pattern for pattern in found if isinstance(pattern, URLPattern)]
    for pattern in patterns:
        pattern.callback = with_problems(pattern.callback)
    return patterns, app_name, namespace


# Nothing under /api/ reads a session, so no form’s secret is asked for: a wrong method gets its problem document.
urlpatterns = [
    path("v1/openapi.json", csrf_exempt(with_problems(partial(openapi_file, api))), name="api-openapi"),
    path("v1/", _v1()),
    path("docs", csrf_exempt(partial(docs_page, api)), name="api-docs"),
    re_path("", csrf_exempt(no_route)),
]
