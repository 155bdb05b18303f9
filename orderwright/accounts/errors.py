"""What can be wrong with people, roles and keys. One class per anticipated failure, each with a permanent code."""

from __future__ import annotations

from orderwright.core.errors import Conflict, Invalid, NotFound, Refused, Stale


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


class UserNotFound(NotFound):
    """There is no person of this id."""

    code = "user_not_found"


class EmailTaken(Conflict):
    """Another person has this e-mail, letter case aside (W14)."""

    code = "email_taken"


class InvitationInvalid(NotFound):
    """The link was used, has expired, was followed by a newer one, or was never given out."""

    code = "invitation_invalid"


class NobodyToInviteFrom(Conflict):
    """No site has an address from which a mail could go out."""

    code = "no_sender_address"


class LastAdministrator(Conflict):
    """Nobody else who can sign in has every right; nobody could give them all any more."""

    code = "last_administrator"


class RoleNotFound(NotFound):
    """There is no role of this slug."""

    code = "role_not_found"


class RoleUnknown(Invalid):
    """What was handed in names a role that there is not."""

    code = "role_unknown"


class RoleNameTaken(Conflict):
    """Another role has this name."""

    code = "role_name_taken"


class RoleIsSystem(Conflict):
    """System roles stay as they are (W11)."""

    code = "role_is_system"


class RoleInUse(Conflict):
    """People or keys have this role; `facts` says how many of each."""

    code = "role_in_use"


class RoleChanged(Stale):
    """Somebody changed this role since the caller looked."""

    code = "role_changed"


class RoleHeldAlready(Conflict):
    """The person has this role there already."""

    code = "role_held_already"


class GrantNotFound(NotFound):
    """The person does not have this role there (any more)."""

    code = "grant_not_found"
