"""Order Configurations: which moves between system states may be made by hand."""

from __future__ import annotations

import msgspec
from django.db import connection

from orderwright.orders.rules import Moves, moves_from
from orderwright.orders.writes import MOVES_STREAM
from orderwright.reads.dialect import current
from orderwright.reads.row import Row
from orderwright.reads.rows import MoveRow

_decoder = msgspec.json.Decoder(list[MoveRow])


class MoveTable(Row, frozen=True, kw_only=True):
    """The table as it stands. `version` counts how often it was changed."""

    moves: Moves
    version: int


def read_moves() -> MoveTable:
    """Return the table of moves. Cost: one statement."""
    d = current()
    moves = d.array(d.obj(from_system="j.from_system", to_system="j.to_system"), "orders_ordermove j ORDER BY j.id")
    statement = (
        f"SELECT {d.text(moves)}, (SELECT coalesce(max(e.sequence), 0) FROM journal_entry e WHERE e.stream = %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [MOVES_STREAM])
        rows, version = cursor.fetchone()
    pairs = ((row.from_system, row.to_system) for row in _decoder.decode(rows))
    return MoveTable(moves=moves_from(pairs), version=version)
