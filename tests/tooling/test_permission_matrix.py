"""docs/permissions.md says what the routes say, and a route that says nothing stops everything."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

import pytest
from django.urls import get_resolver

from orderwright.api import urls as api_urls
from orderwright.web import urls
from scripts.permission_matrix import PAGE, Undeclared, page, routes


def test_the_page_is_what_the_routes_say_now() -> None:
    is_fresh = PAGE.read_text(encoding="utf-8") == page(routes())

    assert is_fresh, "docs/permissions.md is stale: `make permissions` writes it anew"


def test_every_address_of_portal_and_api_is_on_the_page() -> None:
    found = {(route.surface, route.path) for route in routes()}

    assert len([one for one in found if one[0] == "portal"]) == len(
        {str(pattern.pattern) for pattern in get_resolver(urls).url_patterns}
    )
    routed = {str(pattern.pattern) for pattern in api_urls._v1()[0]}
    assert len([one for one in found if one[0] == "API"]) == len(routed) - 1  # the root, which is a 404
    assert {route.words for route in routes() if not route.words} == set()


@pytest.mark.parametrize("name", ["overview", "order-notes"])
def test_a_view_without_a_declaration_is_found_out(name: str, monkeypatch: Any) -> None:
    pattern = next(pattern for pattern in get_resolver(urls).url_patterns if pattern.name == name)
    monkeypatch.setattr(pattern, "callback", inspect.unwrap(pattern.callback))

    with pytest.raises(Undeclared, match=name):
        routes()


def test_a_route_of_the_api_without_a_door_is_found_out(monkeypatch: Any) -> None:
    operation = next(iter(api_urls.api._routers[1][1].path_operations.values())).operations[0]
    monkeypatch.setattr(operation, "auth_callbacks", [])

    with pytest.raises(Undeclared, match=operation.view_func.__name__):
        routes()


def test_another_permission_is_another_page() -> None:
    found = routes()
    looser = replace(next(route for route in found if route.needs == "payments.refund"), needs="orders.view")

    assert page([looser if route.path == looser.path else route for route in found]) != page(found)
