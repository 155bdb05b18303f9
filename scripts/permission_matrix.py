"""Who may use which address: read off the portal's and the API's own tables of routes, and written as a page.

`python -m scripts.permission_matrix` writes docs/permissions.md; one test fails when it is stale, another holds the
matrix against what the desk answers. What a permission allows is decided elsewhere.
"""

from __future__ import annotations

import inspect
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Literal

import django

from orderwright.accounts.permissions import GLOBAL_PERMISSIONS, GROUPS, PERMISSIONS, SYSTEM_ROLES

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"

Surface = Literal["portal", "API"]

# What a route may declare beside a permission: who else is let in.
EVERYBODY: Final = "public"
WHO_IS_SIGNED_IN: Final = "signed in"
ANY_KEY: Final = "any key"
SIGNED_BY_PROVIDER: Final = "provider's signature"
_IN_WORDS: Final = {
    EVERYBODY: "Nothing: it is how one gets in or out",
    WHO_IS_SIGNED_IN: "To be signed in",
    ANY_KEY: "A valid key",
    SIGNED_BY_PROVIDER: "The provider's signature",
}

# Addresses below which something belongs to one site; whoever has no role there finds nothing.
_OF_A_SITE: Final = re.compile(
    r"/(orders|exceptions|operations|provider-drift|drift|emails|provider-accounts|payment-providers|sites)/{"
    r"|/email-templates/{kind}/{site}/"
)
# What is of all sites at once, although the permission is one that a role may give at one site.
_OF_ALL_SITES: Final = re.compile(
    r"/bulk-jobs/{|/{account}/reconciliations|/provider-drift/reconcile"
    r"|^POST /sites$|/sites/add$|^DELETE /sites/{slug}$|/sites/{slug}/delete$"
)
_TITLES: Final = {"": "Home", "keys": "Keyboard", "users": "Users and roles", "api-keys": "API keys"}


class Undeclared(LookupError):
    """A route says nowhere who may use it, or by which methods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way in: an address and one method. `path` has its names in braces; `words` say what it does."""

    surface: Surface
    area: str
    method: str
    path: str
    name: str
    needs: str
    words: str
    asks_again: bool = False

    @property
    def is_of_a_site(self) -> bool:
        """Whether the address names something that belongs to one site."""
        return self.needs in PERMISSIONS and not self.is_global and bool(_OF_A_SITE.search(f"{self.path}/"))

    @property
    def is_global(self) -> bool:
        """Whether a role that somebody has at some sites alone does not open it."""
        return self.needs in GLOBAL_PERMISSIONS or bool(_OF_ALL_SITES.search(f"{self.method} {self.path}"))

    def lets_in(self, permissions: Iterable[str]) -> bool:
        """Return whether somebody with these permissions everywhere, who has signed in or has a key, may use it."""
        return self.needs not in PERMISSIONS or self.needs in permissions


# Reading the routes ---------------------------------------------------------------------------------------------------


def routes() -> list[Route]:
    """Return every route of portal and API, by address. Raises: Undeclared."""
    return sorted(
        [*portal_routes(), *api_routes()], key=lambda route: (route.surface != "portal", route.path, route.method)
    )


def portal_routes() -> Iterator[Route]:
    """Return the portal's routes, one per method. An address that bears two names comes once."""
    from orderwright.web.urls import urlpatterns  # noqa: PLC0415 - only once Django is set up

    seen = set()
    for pattern in urlpatterns:
        path = "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern))
        if path in seen:
            continue
        seen.add(path)
        view = pattern.callback
        name = pattern.name or path
        for method, needs in _declared(view, name).items():
            yield Route(
                surface="portal",
                area=_area(path),
                method=method,
                path=path,
                name=name,
                needs=needs,
                words=_first_sentence(getattr(view, "view_class", view)),
                asks_again=getattr(view, "asks_again", False),
            )


def api_routes() -> Iterator[Route]:
    """Return the API's routes, one per method, below /api/v1."""
    from orderwright.api.urls import api  # noqa: PLC0415 - as above

    for _prefix, router in api._routers:  # noqa: SLF001 - ninja has no other list of them
        for view in router.path_operations.values():
            for operation in view.operations:
                yield from _of_operation(operation)


def _of_operation(operation: Any) -> Iterator[Route]:
    name = operation.view_func.__name__
    door = (operation.auth_callbacks or [None])[0]
    if door is None:
        raise Undeclared(f"the API's {name} has no door")
    needs = door.permission or (ANY_KEY if hasattr(door, "parameters") else SIGNED_BY_PROVIDER)
    for method in operation.methods:
        yield Route(
            surface="API",
            area=(operation.tags or ["API"])[0],
            method=method,
            path=operation.path,
            name=name,
            needs=needs,
            words=_first_sentence(operation.view_func),
        )


def _declared(view: Callable[..., Any], name: str) -> dict[str, str]:
    needs = getattr(view, "declared_permission", None)
    if needs not in {*PERMISSIONS, EVERYBODY, WHO_IS_SIGNED_IN}:
        raise Undeclared(f"the portal's {name} declares no permission")
    changing = getattr(view, "permission_to_change", None) or needs
    return {method: changing if method == "POST" else needs for method in _methods(view, name)}


def _methods(view: Callable[..., Any], name: str) -> tuple[str, ...]:
    if view_class := getattr(view, "view_class", None):
        return tuple(method for method in ("GET", "POST") if hasattr(view_class, method.lower()))
    step: Any = view
    while step is not None:
        kept = inspect.getclosurevars(step).nonlocals
        if "request_method_list" in kept:  # Django's require_http_methods
            return tuple(kept["request_method_list"])
        step = getattr(step, "__wrapped__", None)
    raise Undeclared(f"the portal's {name} says nowhere which methods it takes")


def _area(path: str) -> str:
    first = path.split("/")[1]
    return _TITLES.get(first, first.replace("-", " ").capitalize())


def _first_sentence(described: Any) -> str:
    text = " ".join((inspect.getdoc(described) or "").split())
    return re.split(r"(?<=\.)\s", text, maxsplit=1)[0].rstrip(".")


# Writing the page -----------------------------------------------------------------------------------------------------

_MARKS: Final = {True: "✓", False: "–"}
_HEAD: Final = """# Who may do what

Written by `make permissions` from the portal's and the API's own tables of routes; a test fails while this page and
the routes differ, and `tests/matrix/` asks the desk itself: every line, each role, own site and other site.

{counts}

- **✓** the role may, **–** it is refused (403, nothing is changed). Who is not signed in is led to the sign-in page; a
  program without a valid key gets 401.
- A role is held everywhere or at some sites. What belongs to another site is not there (404), and lists, counts, search
  and files leave it out. Lines marked **site** are about something that belongs to one site.
- What is marked **all** belongs to no site or to all of them. A role gives it only to whoever has the role everywhere.
- **again**: whoever did not say in the last ten minutes who they are, is asked for password, code or passkey first.
- A role of your own chooses from the same permissions; a key may have fewer than its role.

"""


def page(found: list[Route]) -> str:
    """Return docs/permissions.md for these routes."""
    told = [_HEAD.format(counts=_counts(found)), "## Permissions and roles\n", _permission_table()]
    for surface, title, prefix in (("portal", "The portal", ""), ("API", "The API", "below `/api/v1`")):
        own = [route for route in found if route.surface == surface]
        told.append(f"\n## {title}\n" + (f"\nAddresses are {prefix}.\n" if prefix else ""))
        for area in sorted({route.area for route in own}):
            told.append(f"\n### {title.removeprefix('The ')}: {area}\n")
            told.append(_area_table([route for route in own if route.area == area]))
    return "\n".join(told).rstrip() + "\n"


def _counts(found: list[Route]) -> str:
    portal = sum(route.surface == "portal" for route in found)
    cells = len(found) * len(SYSTEM_ROLES)
    return (
        f"{len(found)} routes ({portal} of the portal, {len(found) - portal} of the API) × "
        f"{len(SYSTEM_ROLES)} roles = {cells:,} cells."
    )


def _permission_table() -> str:
    rows = [_row("permission", "", *_role_names()), _row(*["---"] * (2 + len(SYSTEM_ROLES)))]
    for group, names in GROUPS:
        for name in names:
            place = ", all" if name in GLOBAL_PERMISSIONS else ""
            marks = [_MARKS[name in held] for _title, held in SYSTEM_ROLES.values()]
            rows.append(_row(f"{PERMISSIONS[name]} `{name}`", f"{group}{place}", *marks))
    return "\n".join(rows)


def _area_table(area: list[Route]) -> str:
    rows = [_row("does", "route", "needs", "", *_role_names()), _row(*["---"] * (4 + len(SYSTEM_ROLES)))]
    for (path, needs, _words), several in groupby(area, key=lambda route: (route.path, route.needs, route.words)):
        alike = list(several)
        marks = [_MARKS[alike[0].lets_in(held)] for _title, held in SYSTEM_ROLES.values()]
        methods = ", ".join(route.method for route in alike)
        needed = f"`{needs}`" if needs in PERMISSIONS else _IN_WORDS[needs]
        rows.append(_row(alike[0].words, f"{methods} `{path}`", needed, _notes(alike[0]), *marks))
    return "\n".join(rows)


def _notes(route: Route) -> str:
    marks = {"site": route.is_of_a_site, "all": route.is_global, "again": route.asks_again}
    return ", ".join(word for word, is_so in marks.items() if is_so)


def _role_names() -> list[str]:
    return [title for title, _held in SYSTEM_ROLES.values()]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Write the page and return an exit code."""
    # The tables of routes as they are with single sign-on, which has addresses of its own.
    os.environ.setdefault("OIDC_ISSUER", "http://127.0.0.1:9")
    os.environ.setdefault("OIDC_CLIENT_ID", "orderwright")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    PAGE.write_text(page(routes()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
