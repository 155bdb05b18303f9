"""What can go wrong with orders, their states and their numbers: one class per anticipated failure."""

from __future__ import annotations

from orderwright.core.errors import Conflict, Invalid, NotFound, Stale


class OrderNotFound(NotFound):
    """No order has this number."""

    code = "order_not_found"


class OrderChanged(Stale):
    """Somebody changed the same fields since the caller looked."""

    code = "order_changed"


class StateUnknown(Invalid):
    """No order state has this slug."""

    code = "order_state_unknown"


class SiteUnknown(Invalid):
    """No site has this slug."""

    code = "site_unknown"


class SiteNotFound(NotFound):
    """No site has this slug, or none that the actor sees."""

    code = "site_not_found"


class SiteChanged(Stale):
    """Somebody changed the same fields of the site since the caller looked (W10)."""

    code = "site_changed"


class SiteClosed(Conflict):
    """The site takes in no orders any more, or not for now (W10)."""

    code = "site_closed"


class SiteInUse(Conflict):
    """Something belongs to the site, so it cannot be deleted, or its short name not changed (W10)."""

    code = "site_in_use"


class SiteNameTaken(Conflict):
    """Another site has this name."""

    code = "site_name_taken"


class SiteSlugTaken(Conflict):
    """Another site has this short name."""

    code = "site_slug_taken"


class NumberSeriesTaken(Conflict):
    """Another site has this prefix, or orders have these numbers already (W10, I13)."""

    code = "number_series_taken"


class ExternalIdTaken(Conflict):
    """Another document was taken in under the same external id of the site."""

    code = "external_id_taken"


class StateNameTaken(Conflict):
    """Another order state has this name."""

    code = "state_name_taken"


class StateInUse(Conflict):
    """Orders are in this state, so it cannot be deleted or mapped elsewhere (W2)."""

    code = "state_in_use"


class StateNotOffered(Conflict):
    """The state is being retired, or is retired: no order comes into it any more (W2)."""

    code = "state_not_offered"


class StateIsDefault(Conflict):
    """One of the default states, which stay (W2)."""

    code = "state_is_default"


class MovesChanged(Stale):
    """Somebody changed the table of moves since the caller looked (W3)."""

    code = "order_moves_changed"


class MoveUnknown(Invalid):
    """The table of moves has no such cell."""

    code = "order_move_unknown"


class MoveLocked(Conflict):
    """No table may say this of the move (W3)."""

    code = "order_move_locked"


class MovesTrapOrders(Conflict):
    """From a state no way would lead to Completed; its orders could only be canceled (W3)."""

    code = "order_moves_trap_orders"
