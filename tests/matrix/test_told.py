"""Who may see less is told less, field by field, and of nothing more (FH5): every GET of the API, pages with people.

What the administrator is told is the measure. Every system role, and each role that lacks one permission alone, is told
the same but for what those permissions withhold.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import Any, Final

import pytest
from django.utils.text import slugify

from orderwright.accounts.permissions import ADMINISTRATOR, PERMISSIONS, SYSTEM_ROLES
from orderwright.reads import personal
from orderwright.reads.personal import HIDDEN
from scripts.permission_matrix import Route, routes
from tests.api.program import Answer, mark_used, program_with
from tests.matrix.asking import taken_back
from tests.matrix.floor import Floor, Place, address
from tests.matrix.sendings import sent_to
from tests.support.drivers import hire
from tests.web.conftest import Browser

# A thousand requests each.
pytestmark = [pytest.mark.fault, pytest.mark.once, pytest.mark.timeout(300)]

API = [route for route in routes() if route.surface == "API" and route.method == "GET"]
PORTAL = [route for route in routes() if route.surface == "portal" and route.method == "GET"]
EVERYTHING = frozenset(PERMISSIONS)
# What each system role may do, and each role that lacks one permission alone.
ROLES = {f"a {role}": held for role, (_name, held) in SYSTEM_ROLES.items() if role != ADMINISTRATOR} | {
    f"all but {one}": EVERYTHING - {one} for one in PERMISSIONS
}

# Those that let somebody see what others do not.
SEEING = {one for one in PERMISSIONS if one.endswith((".view", ".export"))}

# What a permission's lack withholds, by address and pointer. `•••`, or nothing, stands there; everything else is equal.
WITHHELD: Final[dict[str, dict[str, set[str]]]] = {
    "customers.view": {
        "/orders": {"/items/…/customer_name"},
        "/orders/{number}": {
            *("/customer/name", "/customer/email", "/customer/phone", "/customer/masked"),
            *("/shipping_address/name", "/shipping_address/line1", "/shipping_address/line2"),
            *("/shipping_address/city", "/shipping_address/region", "/shipping_address/postcode"),
            "/payments/…/operations/…/failure_message",
        },
        "/emails": {"/items/…/recipient", "/items/…/subject"},
        "/emails/{email}": {"/recipient", "/subject", "/text", "/html"},
        # The provider's words: they may name the cardholder.
        "/exceptions": {"/items/…/failure_message"},
        "/orders/{number}/timeline": {"/items/…/why"},
        "/audit": {"/items/…/why"},
    },
}
# What tells of what the asker may do. It is less for whoever may do less: held against what is told, not listed.
DOING: Final[dict[str, set[str]]] = {
    "/me": {"/permissions"},
    "/orders/{number}": {"/actions"},
    "/orders/{number}/actions": {"/items"},
    "/orders/{number}/cancellation": {"/code", "/reason"},
    "/exceptions": {"/items/…/actions"},
}
# What stands in the place of what is withheld, where it is neither of the two.
IN_ITS_PLACE: Final = {"/customer/masked": True}
# What is the asker's own.
ITS_OWN: Final[dict[str, set[str]]] = {"/me": {"/name"}}
# All that a refusal tells.
REFUSAL: Final = {"type", "title", "status", "detail", "code", "permission"}
# A mail of a template is shown with an order in it.
PAGE_NEEDS_TOO: Final = {"/email-templates/{kind}/{site}/{language}/preview": ("orders.view",)}
NOTHING: Final = object()

Difference = tuple[str, Any, Any]


def differences(told: Any, full: Any, path: str = "") -> Iterator[Difference]:
    """Return where two answers differ, each place with both values; lists of other lengths are one place."""
    if isinstance(full, dict) and isinstance(told, dict):
        for name in {**full, **told}:
            yield from differences(told.get(name, NOTHING), full.get(name, NOTHING), f"{path}/{name}")
    elif isinstance(full, list) and isinstance(told, list) and len(full) == len(told):
        for one, other in zip(told, full, strict=True):
            yield from differences(one, other, f"{path}/…")
    elif full != told:
        yield path, told, full


def taken_out(document: Any, pointer: str) -> list[Any]:
    """Take what lies at this place out of the document and return it: one value, or one of each entry of a list."""
    *way, last = pointer.split("/")[1:]
    holders = [document]
    for step in way:
        holders = [inner for each in holders for inner in (each if step == "…" else [each[step]])]
    return [each.pop(last) for each in holders]


def is_part(told: Any, full: Any, *, lacking: frozenset[str]) -> bool:
    """Return whether what is told of what may be done is part of what the administrator is told.

    Where something is refused, a reason and the permission that is lacking stand in place of its limits.
    """
    if isinstance(told, dict):
        return all(
            value in lacking if name == "permission" else is_part(value, full.get(name), lacking=lacking)
            for name, value in told.items()
        )
    if isinstance(told, list) and all(isinstance(each, str) for each in told):
        return set(told) <= set(full)
    if isinstance(told, list):
        pairs = zip(told, full, strict=False)
        return len(told) == len(full) and all(is_part(mine, whole, lacking=lacking) for mine, whole in pairs)
    return told in (full, False, "not_permitted") or str(told).startswith("Your role does not allow this")


def wrong_in(route: Route, told: Answer, full: Answer, *, lacking: frozenset[str]) -> Iterator[str]:
    """Return what a role that lacks these permissions is told otherwise than the administrator, and than the table."""
    if route.needs in lacking:
        if (told.status, set(told.json)) != (403, REFUSAL):
            yield f"{told} for a refusal"
    elif told.status != full.status:
        yield f"{told.status} for {full.status}"
    elif "json" not in full.headers["Content-Type"]:
        if told.content != full.content:
            yield "another file"
    else:
        mine, whole = told.json, full.json
        for place in ITS_OWN.get(route.path, ()):
            taken_out(mine, place), taken_out(whole, place)
        for place in DOING.get(route.path, ()):
            pairs = zip(taken_out(mine, place), taken_out(whole, place), strict=True)
            if not all(is_part(here, there, lacking=lacking) for here, there in pairs):
                yield f"{place} has more"
        yield from _beside(mine, whole, withheld={*_withheld(route, lacking)})


def _withheld(route: Route, lacking: frozenset[str]) -> Iterator[str]:
    for permission in lacking:
        yield from WITHHELD.get(permission, {}).get(route.path, ())


def _beside(told: Any, full: Any, *, withheld: set[str]) -> Iterator[str]:
    met = set()
    for pointer, value, whole in differences(told, full):
        met.add(pointer)
        if pointer not in withheld or (value is not IN_ITS_PLACE.get(pointer) and value not in (HIDDEN, None)):
            yield f"{pointer}: {value!r} for {whole!r}"
    yield from (f"{pointer} is told" for pointer in sorted(withheld - met))


def held_against_the_whole(found: list[Route], place: Place, now: datetime) -> tuple[int, list[str]]:
    """Return how many answers were held against the administrator's, and what was wrong with them."""
    # All of them first, for some of the answers list roles and keys.
    asking = {name: program_with(name, *held) for name, held in ROLES.items()}
    whole = program_with("all", *EVERYTHING)
    mark_used(now)
    wrong: list[str] = []
    for route in found:
        full = whole.get(address(route, place))
        for name, program in asking.items():
            lacking = EVERYTHING - ROLES[name]
            told = program.get(address(route, place))
            wrong += [f"{name}, {route.path}: {what}" for what in wrong_in(route, told, full, lacking=lacking)]
    return len(found) * len(asking), wrong


@pytest.fixture
def told_much(floor: Floor, clerk: Any, practice: Any, settings: Any) -> Floor:
    """Give the floor, on which a provider said something about a cardholder."""
    away, settings.PRACTICE_URL = settings.PRACTICE_URL, practice.url
    practice.fault("decline", "capture")
    clerk.capture(floor.here.order, 100)
    settings.PRACTICE_URL = away
    assert clerk.result.failure_message
    return floor


def test_the_api_tells_each_role_what_it_tells_the_administrator_but_for_what_is_withheld(
    told_much: Floor, now: datetime, figure: Any
) -> None:
    compared, wrong = held_against_the_whole(API, told_much.places["here"], now)

    figure("FH5", "answers of the API, each role's beside the administrator's", answers=compared, wrong=len(wrong))
    assert wrong == [], "\n".join(wrong)
    assert compared > 1_000


def test_a_name_that_is_told_too_many_is_found_out(told_much: Floor, now: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr(personal, "_hidden", lambda text: text)
    orders = [route for route in API if route.path == "/orders"]

    _compared, wrong = held_against_the_whole(orders, told_much.places["here"], now)

    assert wrong == [
        f"{name}, /orders: /items/…/customer_name is told" for name in ("a viewer", "all but customers.view")
    ]


def test_a_permission_that_is_told_too_many_is_found_out() -> None:
    whole = {"allowed": False, "code": "nothing_captured", "limits": {}}

    assert not is_part({**whole, "allowed": True}, whole, lacking=frozenset())
    assert not is_part({**whole, "limits": {"most": 500}}, whole, lacking=frozenset())
    assert not is_part(["capture", "refund"], ["capture"], lacking=frozenset())


# Pages ----------------------------------------------------------------------------------------------------------------


def test_pages_show_people_to_whoever_may_see_customers_and_to_nobody_else(
    told_much: Floor, clerk: Any, now: datetime, figure: Any
) -> None:
    marks = people_on(told_much, words_of_provider=clerk.result.failure_message)
    place = told_much.places["here"]
    telling = {route: met for route in PORTAL if (met := shown(Browser(clerk.user), route, place, marks))}
    pages, wrong = 0, []

    for name, held in ROLES.items():
        if name.startswith("all but") and not EVERYTHING - held <= SEEING:
            continue
        browser = Browser(
            hire(name=name, email=f"{slugify(name)}@x.example.com", now=now, role=slugify(name), permissions=held).user
        )
        for route, whole in telling.items():
            pages += 1
            met = shown(browser, route, place, marks)
            may = {route.needs, "customers.view", *PAGE_NEEDS_TOO.get(route.path, ())} <= held
            if met != (whole if may else set()):
                wrong.append(f"{name}, {route.path}: {met}")

    figure("FH5", "pages that show people, each role's beside the administrator's", pages=pages, wrong=len(wrong))
    assert wrong == [], "\n".join(wrong)
    assert {mark for met in telling.values() for mark in met} == set(marks)


def people_on(floor: Floor, *, words_of_provider: str) -> tuple[str, ...]:
    """Return what tells of the customers of both shops, and what a provider said of one."""
    shops = (floor.here, floor.elsewhere)
    own = [word for shop in shops for word in (shop.order.customer_name, shop.order.customer_email)]
    address = floor.here.order.shipping_address
    return (*own, address.line1, address.postcode, words_of_provider)


def shown(browser: Browser, route: Route, place: Place, marks: tuple[str, ...]) -> set[str]:
    """Return which of these words the page tells."""
    with taken_back():
        page = browser.open(address(route, place), **sent_to(route, place))
        content = unescape(page.getvalue().decode(errors="replace"))
    return {mark for mark in marks if mark in content}
