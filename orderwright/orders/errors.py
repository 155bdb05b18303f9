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
