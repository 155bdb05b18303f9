"""Who may pass: every route has a door that knows its permission, finds the key's holder and refuses the others."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest
from ninja.security import HttpBearer
from typing_extensions import override

from orderwright.accounts.keys import find_actor
from orderwright.accounts.permissions import PERMISSIONS
from orderwright.api.errors import KeyRefused, ParameterInvalid
from orderwright.api.strict_json import require_length
from orderwright.core.actor import Actor
from orderwright.core.clock import now
from orderwright.core.errors import FieldError, Refused

# Looser than the keys that we make, tight enough that nothing else reaches the database.
_KEY: Final = re.compile(r"ow_[0-9A-Za-z]{1,40}_[0-9A-Za-z]{1,200}", flags=re.ASCII)


class Call(HttpRequest):
    """A request that passed its door: `auth` is the actor behind the key."""

    auth: Actor


class ApiKey(HttpBearer):
    """The door of one route. `permission` None lets every valid key pass: for what it may always ask of itself."""

    openapi_description: Final = "An API key of Orderwright: `Authorization: Bearer ow_…`"

    def __init__(self, permission: str | None, *, parameters: frozenset[str] = frozenset()) -> None:
        if permission is not None and permission not in PERMISSIONS:
            raise ValueError(f"{permission!r} is not in the list of permissions")
        self.permission = permission
        self.parameters = parameters
        super().__init__()

    @override
    def __call__(self, request: HttpRequest) -> Actor:
        """Return the actor behind the request's key, at the sites where it has the route's permission.

        Cost: one statement. Raises: KeyRefused; Refused when the permission is lacking; ParameterInvalid for parameters
        that the route does not have, for a filter with a slip in its name would list the wrong orders.
        """
        request.get_host()  # raises for a name that this desk does not go by
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        actor = self.authenticate(request, key.strip()) if scheme.lower() == "bearer" else None
        if actor is None:
            raise KeyRefused("Send a valid API key in the header Authorization: Bearer ow_….")
        if self.permission is not None and not actor.can(self.permission):
            raise Refused(
                f"The key “{actor.name}” has no permission to do this.", facts={"permission": self.permission}
            )
        self._refuse_unknown(request)
        require_length(request)
        return actor if self.permission is None else actor.through(self.permission)

    @override
    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the actor behind the key, or None."""
        return find_actor(token, now=now()) if _KEY.fullmatch(token) else None

    def _refuse_unknown(self, request: HttpRequest) -> None:
        faults = [
            FieldError(pointer=name[:80], code="unknown_parameter", message="There is no such parameter.")
            for name in request.GET
            if name not in self.parameters
        ]
        faults += [
            FieldError(pointer=name, code="repeated_parameter", message="It may be given once.")
            for name, values in request.GET.lists()
            if name in self.parameters and len(values) > 1
        ]
        if faults:
            raise ParameterInvalid("The address has a parameter that cannot be read.", fields=tuple(faults[:20]))


class Signature:
    """The door of the address for providers' notices: no key of ours passes it, the action asks for the signature."""

    permission = None

    def __call__(self, request: HttpRequest) -> bool:
        """Let the message through to the action that verifies it. Raises: LengthRequired."""
        require_length(request)
        return True
