"""Moves between states: which way an order may go by hand."""

# ruff: noqa: ARG001 - ninja hands every route its request

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from orderwright.actions import edit_moves
from orderwright.api import shapes
from orderwright.api.answers import answer
from orderwright.api.declaring import IF_MATCH, declared
from orderwright.api.door import Call
from orderwright.api.state_bodies import OrderMovesBody
from orderwright.api.versions import etag, expected_version
from orderwright.core.clock import now
from orderwright.orders.rules import BY_CANCEL_ORDER, Moves, cell_lock
from orderwright.orders.states import DEFAULT_MOVES, SYSTEM_STATES
from orderwright.reads.order_moves import read_moves

routes = Router(tags=["Configuration"])


@routes.get("/order-moves", **declared(needs="configuration.view", answers={200: shapes.OrderMoves}))
def show_order_moves(request: Call) -> HttpResponse:
    """Look at the moves between states.

    From each system state where an order may be moved by hand, the defaults, and what no table decides. Its ETag is its
    version.
    """
    return _moves_answer()


@routes.put(
    "/order-moves",
    **declared(
        needs="configuration.edit",
        answers={200: shapes.OrderMoves},
        problems={409},
        headers=(IF_MATCH,),
        has_body=True,
    ),
)
def set_order_moves(request: Call, body: OrderMovesBody) -> HttpResponse:
    """Set the moves between states.

    The whole table; send the `defaults` of the answer to restore them. Orders stay where they are. A table that leads
    from some state nowhere near Completed is refused.
    """
    edit_moves.run(moves=body.moves.model_dump(), actor=request.auth, now=now(), version=expected_version(request))
    return _moves_answer()


def _moves_answer() -> HttpResponse:
    table = read_moves()
    reasons = edit_moves.lock_reasons()
    shape = shapes.OrderMoves(
        moves=_shape(table.moves),
        defaults=_shape(DEFAULT_MOVES),
        locked=[
            shapes.LockedMove(
                from_state=start, to_state=end, is_allowed=lock == BY_CANCEL_ORDER, code=lock, reason=reasons[lock]
            )
            for start in SYSTEM_STATES
            for end in SYSTEM_STATES
            if (lock := cell_lock(from_system=start, to_system=end)) is not None
        ],
        version=table.version,
    )
    return answer(shape, headers={"ETag": etag(table.version)})


def _shape(moves: Moves) -> dict[str, list[str]]:
    return {start: sorted(moves[start], key=list(SYSTEM_STATES).index) for start in SYSTEM_STATES if start in moves}
