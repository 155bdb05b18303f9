"""Order Configurations: say which moves between system states may be made by hand (W3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions.permission import lacks, require
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, allowed
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import FieldError
from orderwright.journal.reads import changes_since
from orderwright.journal.writes import append
from orderwright.orders.errors import MoveLocked, MovesChanged, MovesTrapOrders, MoveUnknown
from orderwright.orders.rules import (
    BY_A_CANCELLATION,
    BY_CANCEL_ORDER,
    CANCELLATION_DECIDES,
    FINAL,
    OPEN_IT_FIRST,
    SAME_MEANING,
    Moves,
    cell_lock,
    dead_ends,
    moves_from,
)
from orderwright.orders.state_words import system_state_name
from orderwright.orders.states import SYSTEM_STATES
from orderwright.orders.writes import MOVES_STREAM, lock_moves, store_moves
from orderwright.reads.order_moves import read_moves


def availability(actor: Actor) -> Availability:
    """Return whether this actor may change the table."""
    return lacks(actor, "configuration.edit") or allowed()


def lock_reasons() -> dict[str, str]:
    """Return why cells of the table are locked, by the rule's word."""
    return {
        SAME_MEANING: _("States that map to the same system state always lead to each other."),
        BY_CANCEL_ORDER: _("Only Cancel Order leads to Canceled; it gives the money back first."),
        OPEN_IT_FIRST: _("A completed order is opened again before it is canceled."),
        BY_A_CANCELLATION: _("Only a cancellation leads to Cancel Requested."),
        CANCELLATION_DECIDES: _("Its cancellation decides what becomes of an order in Cancel Requested."),
        FINAL: _("Canceled is final: the money has gone back."),
    }


def run(*, moves: Mapping[str, Iterable[str]], actor: Actor, now: datetime, version: int | None = None) -> None:
    """Let exactly these moves be made by hand from now on; a state that is not named leads nowhere.

    Shape: system state to the system states that it leads to.
    Raises: MoveUnknown with a pointer; MoveLocked for a cell that no table decides; MovesTrapOrders when from a state
    no way leads to Completed; MovesChanged when somebody changed the table since `version`; Refused.
    Effects: the table's rows, one journal entry with the states whose moves changed; none when nothing changes. Orders
    that are being moved at this moment are waited for. Source: W3, I6.
    """
    require(actor, "configuration.edit")
    wanted = _checked(moves)

    def change() -> None:
        lock_moves()
        seen = read_moves()
        if version is not None and version != seen.version:
            raise _changed(version, now_is=seen.version)
        changed = [state for state, ends in wanted.items() if ends != seen.moves[state]]
        if not changed:
            return
        store_moves(before=seen.moves, after=wanted)
        append(
            stream=MOVES_STREAM,
            kind="order_moves.edited",
            actor=actor,
            now=now,
            before={state: sorted(seen.moves[state]) for state in changed},
            after={state: sorted(wanted[state]) for state in changed},
            version=seen.version + 1,
        )

    in_write_transaction(change)


def _checked(moves: Mapping[str, Iterable[str]]) -> Moves:
    pairs = [(start, end, f"/moves/{start}/{place}") for start, ends in moves.items() for place, end in enumerate(ends)]
    for start in moves:
        if start not in SYSTEM_STATES:
            raise _unknown(f"/moves/{start}")
    for start, end, pointer in pairs:
        if end not in SYSTEM_STATES:
            raise _unknown(pointer)
        lock = cell_lock(from_system=start, to_system=end)
        if lock is not None:
            raise MoveLocked(lock_reasons()[lock], facts={"from": start, "to": end, "lock": lock, "pointer": pointer})
    wanted = moves_from((start, end) for start, end, _pointer in pairs)
    trapped = dead_ends(wanted)
    if trapped:
        names = ", ".join(system_state_name(state) for state in trapped)
        reason = _("No way would lead from %(states)s to Completed; orders there could only be canceled.")
        raise MovesTrapOrders(reason % {"states": names}, facts={"states": trapped})
    return wanted


def _unknown(pointer: str) -> MoveUnknown:
    message = _("There is no such system state.")
    return MoveUnknown(message, fields=(FieldError(pointer=pointer, code=MoveUnknown.code, message=message),))


def _changed(version: int, *, now_is: int) -> MovesChanged:
    by = sorted({change["by"] for change in changes_since(MOVES_STREAM, version=version)})
    reason = _("%(by)s changed the moves since you opened them.") % {"by": ", ".join(by) or _("Somebody")}
    return MovesChanged(reason, facts={"version": now_is})
