"""Every route × method × role × own or other site: docs/permissions.md, held against the desk (FH4, I15, W11)."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from django.urls import get_resolver
from django.views.decorators.http import require_GET

from orderwright.accounts.keys import create_key
from orderwright.accounts.models import Role
from orderwright.accounts.permissions import ADMINISTRATOR, SYSTEM_ROLES
from orderwright.orders.models import Site
from orderwright.web import urls
from orderwright.web.permission import permission, signed_in
from scripts.permission_matrix import ANY_KEY, EVERYBODY, SIGNED_BY_PROVIDER, WHO_IS_SIGNED_IN, Route, routes
from tests.api.program import mark_used
from tests.matrix import sendings
from tests.matrix.asking import Asks, Key, Person, Verdict, taken_back
from tests.matrix.floor import Floor, Place, Standing, address
from tests.matrix.sendings import sent_to
from tests.support.drivers import hire

pytestmark = pytest.mark.fault

PORTAL = [route for route in routes() if route.surface == "portal"]
API = [route for route in routes() if route.surface == "API"]
# Two tests, so that two processes may take them. A role that may much and one that may little in each.
HALVES = [sorted(SYSTEM_ROLES)[half::2] for half in (0, 1)]
UNFIT = ", for what was sent did not fit (422): put into tests/matrix/sendings.py what does"
# For whoever stops at the door: nothing stands behind the address.
ANYWHERE: Place = {"}": "1"}
# One's own password, sessions and second factors, and what a provider signs: no role has to do with them.
OF_NO_ROLE = frozenset({EVERYBODY, WHO_IS_SIGNED_IN, ANY_KEY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One question: a role that is held everywhere or here alone, at an address of something here or elsewhere."""

    role: str
    is_everywhere: bool
    route: Route
    standing: Standing

    @property
    def expected(self) -> frozenset[Verdict]:
        """What the role's list of permissions and the route's declaration come to."""
        route = self.route
        if route.needs in OF_NO_ROLE:
            return frozenset({"let in", "not there", "say again who you are"})
        if route.needs == SIGNED_BY_PROVIDER:
            return frozenset({"refused"})
        if route.needs not in SYSTEM_ROLES[self.role][1] or (route.is_global and not self.is_everywhere):
            return frozenset({"refused"})
        return frozenset({"let in"}) if self.standing == "here" else frozenset({"not there"})

    def __str__(self) -> str:
        place = "everywhere" if self.is_everywhere else "here alone"
        return f"{self.role} {place}, {self.route.method} {self.route.path} {self.standing}"


def cells(found: list[Route], role: str, *, is_everywhere: bool) -> Iterator[Cell]:
    """Return the questions of one role: held here alone about everything, held everywhere about what needs that."""
    for route in found:
        if route.is_global or not is_everywhere:
            yield Cell(role=role, is_everywhere=is_everywhere, route=route, standing="here")
        if route.is_of_a_site and not is_everywhere and not route.is_global:
            yield Cell(role=role, is_everywhere=False, route=route, standing="elsewhere")


def walked(
    found: list[Route], floor: Floor, admit: Callable[[str, list[Site]], Asks], *, roles: Iterable[str] = SYSTEM_ROLES
) -> tuple[Counter[str], list[str]]:
    """Return how often what was answered, and each answer that is another than expected, or left something behind."""
    answered: Counter[str] = Counter()
    wrong = []
    for role in roles:
        for sites in ([], [floor.here.site]):
            asks = admit(role, sites)
            for cell in cells(found, role, is_everywhere=not sites):
                verdict, written = asked(asks, cell.route, floor.places[cell.standing])
                answered[verdict] += 1
                if verdict not in cell.expected:
                    wrong.append(f"{cell}: {verdict}{UNFIT if asks.status == 422 else ''}")
                elif written and verdict != "let in":
                    wrong.append(f"{cell}: {verdict}, and yet {written[0][0]}")
    return answered, wrong


def asked(asks: Asks, route: Route, place: Place) -> tuple[Verdict, list[tuple[str, Any]]]:
    with taken_back() as written:
        return asks.ask(route.method, address(route, place), sent_to(route, place)), written


def person_of(now: datetime) -> Callable[[str, list[Site]], Person]:
    def admit(role: str, sites: list[Site]) -> Person:
        name = f"{role}-{len(sites)}"
        return Person(hire(name=name, email=f"{name}@cozy-home.example.com", now=now, role=role, sites=sites).user)

    return admit


def key_of(now: datetime) -> Callable[[str, list[Site]], Key]:
    def admit(role: str, sites: list[Site]) -> Key:
        held = Role.objects.get(slug=role)
        made = Key(create_key(name=f"{role}-{len(sites)}", role=held, site_ids=[site.pk for site in sites]))
        mark_used(now)
        return made

    return admit


@pytest.mark.timeout(300)  # a thousand questions each
@pytest.mark.parametrize("roles", HALVES, ids=["these", "those"])
def test_every_page_and_form_answers_each_role_as_the_matrix_says(
    floor: Floor, now: datetime, figure: Any, roles: list[str]
) -> None:
    answered, wrong = walked(PORTAL, floor, person_of(now), roles=roles)

    figure("FH4", "the portal's routes, each role, own and other site", **_figures(answered, wrong))
    assert wrong == []
    assert min(answered[verdict] for verdict in ("let in", "refused", "not there")) > 100


@pytest.mark.timeout(300)
def test_every_route_of_the_api_answers_each_role_as_the_matrix_says(floor: Floor, now: datetime, figure: Any) -> None:
    answered, wrong = walked(API, floor, key_of(now))

    figure("FH4", "the API's routes, each role, own and other site", **_figures(answered, wrong))
    assert wrong == []
    assert min(answered[verdict] for verdict in ("let in", "refused", "not there")) > 100


def test_whoever_does_not_say_who_they_are_is_asked_at_every_door(db: None, figure: Any) -> None:
    led = Counter[str]()
    for asks, found in ((Person(), PORTAL), (Key(), API)):
        for route in found:
            verdict, written = asked(asks, route, ANYWHERE)
            led[verdict] += 1
            is_for_all = route.needs in (EVERYBODY, SIGNED_BY_PROVIDER)
            assert (verdict == "sign in first") is not is_for_all, route
            assert is_for_all or not written, route  # who tries to sign in is counted

    figure("FH4", "every route, nobody signed in", cells=led.total(), led_to_sign_in=led["sign in first"], wrong=0)


def test_delicate_pages_ask_once_more_who_it_is(clerk: Any) -> None:
    asks = Person(clerk.user, is_confirmed=False)
    delicate = [route for route in PORTAL if route.asks_again]

    assert {"users.manage", "keys.manage", "providers.edit"} == {route.needs for route in delicate}
    for route in delicate:
        assert asked(asks, route, ANYWHERE) == ("say again who you are", []), route


def test_a_door_that_does_not_do_as_it_declares_is_found_out(floor: Floor, now: datetime, monkeypatch: Any) -> None:
    """The canary: one door opens to everybody who is signed in, one asks for more than it says."""
    changed = {"api-keys": signed_in, "open-orders": permission("audit.view")}
    for pattern in get_resolver(urls).url_patterns:
        if pattern.name in changed:
            inner = inspect.unwrap(pattern.callback)
            monkeypatch.setattr(pattern, "callback", require_GET(changed[pattern.name](inner)))

    _answered, wrong = walked([route for route in PORTAL if route.name in changed], floor, person_of(now))

    too_much = {f"{role} here alone, GET /api-keys here: let in" for role in SYSTEM_ROLES}
    too_much |= {f"{role} everywhere, GET /api-keys here: let in" for role in SYSTEM_ROLES if role != ADMINISTRATOR}
    too_little = {f"{role} here alone, GET /orders/open here: refused" for role in SYSTEM_ROLES}
    assert set(wrong) == too_much | too_little


def test_a_route_for_which_nothing_fit_is_sent_says_so(floor: Floor, now: datetime, monkeypatch: Any) -> None:
    path = "/orders/{number}/state"
    monkeypatch.delitem(sendings.DOCUMENTS, path)

    _answered, wrong = walked([route for route in API if route.path == path], floor, key_of(now), roles=["order-clerk"])

    assert wrong == [f"order-clerk here alone, POST {path} elsewhere: let in{UNFIT}"]


def test_what_is_sent_belongs_to_a_route(  # else it would be sent nowhere, and nobody would notice
) -> None:
    assert set(sendings.TYPED) <= {route.path for route in PORTAL}
    assert set(sendings.DOCUMENTS) <= {route.path for route in API}


def test_a_refusal_that_changed_something_is_found_out(clerk: Any, monkeypatch: Any) -> None:
    """The canary of what is looked at: a statement that writes is seen, and what it wrote is taken back."""
    with taken_back() as written:
        Role.objects.update(name=Concat("name", Value("!")))

    assert len(written) == 1
    assert not Role.objects.filter(name__endswith="!").exists()


def _figures(answered: Counter[str], wrong: list[str]) -> dict[str, int]:
    named = {verdict.replace(" ", "_"): answered[verdict] for verdict in ("let in", "refused", "not there")}
    return {"cells": answered.total(), **named, "wrong": len(wrong)}
