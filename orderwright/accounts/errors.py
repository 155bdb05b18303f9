"""What can be wrong with keys. One class per anticipated failure, each with a permanent code."""

from __future__ import annotations

from orderwright.core.errors import Conflict, NotFound, Refused, Stale


class ApiKeyNotFound(NotFound):
    """There is no API key of this id."""

    code = "api_key_not_found"


class ApiKeyNameTaken(Conflict):
    """Another key has this name."""

    code = "api_key_name_taken"


class ApiKeyRevoked(Conflict):
    """The key was revoked, and stays so."""

    code = "api_key_revoked"


class ApiKeyChanged(Stale):
    """Somebody changed this key since the caller looked."""

    code = "api_key_changed"


class BeyondOwnRights(Refused):
    """Nobody gives rights that they lack; `facts["permissions"]` names them."""

    code = "beyond_own_rights"
