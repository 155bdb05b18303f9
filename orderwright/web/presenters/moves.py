"""Moves between states: from the table and the shop's states to what the page shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from string import ascii_lowercase

from django.utils.translation import gettext as _

from orderwright.actions import edit_moves
from orderwright.core.actor import Actor
from orderwright.core.availability import Availability, refused
from orderwright.orders.rules import BY_CANCEL_ORDER, CANCELLATION_DECIDES, FINAL, Moves, cell_lock
from orderwright.orders.state_words import system_state_name
from orderwright.orders.states import DEFAULT_MOVES, SYSTEM_STATES
from orderwright.reads.order_moves import MoveTable
from orderwright.reads.rows import StateRow
from orderwright.web.presenters.moves_page import MoveCell, MoveRow, MovesPage, RestoreQuestion
from orderwright.web.presenters.press import press
from orderwright.web.presenters.state_graph import graph

# What a box stands for in the form: from, then to.
_BETWEEN = ":"
_WHOLE_ROWS = (CANCELLATION_DECIDES, FINAL)


def moves_page(
    table: MoveTable,
    states: Sequence[StateRow],
    actor: Actor,
    *,
    action: str,
    states_href: str,
    ticked: Collection[str] | None = None,
    error: str = "",
) -> MovesPage:
    """Return the table and its picture; `ticked` are the boxes as they were typed in a form that was refused."""
    reasons, letters = edit_moves.lock_reasons(), _letters()
    boxes = set(boxes_of(table.moves)) if ticked is None else set(ticked)
    tones = {state.system_state: state.color for state in states if state.is_default}
    return MovesPage(
        action=action,
        states_href=states_href,
        version=str(table.version),
        columns=tuple(map(system_state_name, SYSTEM_STATES)),
        rows=tuple(
            MoveRow(
                name=system_state_name(start),
                tone=tones[start],
                cells=tuple(_cell(start, end, boxes, letters, reasons) for end in SYSTEM_STATES),
                reason=_whole(start, reasons),
            )
            for start in SYSTEM_STATES
        ),
        notes=tuple((letter, reasons[lock]) for lock, letter in letters.items()),
        graph=graph(table.moves, states),
        save=press(edit_moves.availability(actor)),
        restore=press(_may_restore(table, actor)),
        restore_href=f"{action}/defaults",
        error=error,
    )


def restore_question(table: MoveTable, actor: Actor, *, base: str, error: str = "") -> RestoreQuestion:
    """Return the question before the defaults take the table's place. `base`: the address of the table."""
    return RestoreQuestion(
        title=_("Restore the default moves?"),
        action=f"{base}/defaults",
        back_href=base,
        version=str(table.version),
        tell=_("The whole table is written anew. Orders stay where they are; only the next move changes."),
        gone=_only_in(table.moves, DEFAULT_MOVES),
        back=_only_in(DEFAULT_MOVES, table.moves),
        press=press(_may_restore(table, actor)),
        error=error,
    )


def _may_restore(table: MoveTable, actor: Actor) -> Availability:
    may_edit = edit_moves.availability(actor)
    is_default = table.moves == DEFAULT_MOVES
    return refused("", _("These are the defaults.")) if may_edit.allowed and is_default else may_edit


def _only_in(moves: Moves, others: Moves) -> tuple[str, ...]:
    """Return the moves by name that the first table has and the second has not, in the order of the page."""
    return tuple(
        _name(start, end)
        for start in SYSTEM_STATES
        for end in SYSTEM_STATES
        if end in moves.get(start, ()) and end not in others.get(start, ())
    )


def _name(start: str, end: str) -> str:
    return _("%(from)s to %(to)s") % {"from": system_state_name(start), "to": system_state_name(end)}


def boxes_of(moves: Moves) -> list[str]:
    """Return the values of the boxes that are ticked for these moves."""
    return [f"{start}{_BETWEEN}{end}" for start, ends in moves.items() for end in sorted(ends)]


def moves_of(boxes: Collection[str]) -> dict[str, list[str]]:
    """Return the moves for which boxes were ticked; whether they make sense, the action says."""
    moves: dict[str, list[str]] = {start: [] for start in DEFAULT_MOVES}
    for box in boxes:
        start, _between, end = box.partition(_BETWEEN)
        moves.setdefault(start, []).append(end)
    return moves


def _cell(start: str, end: str, boxes: set[str], letters: dict[str, str], reasons: dict[str, str]) -> MoveCell:
    value, lock = f"{start}{_BETWEEN}{end}", cell_lock(from_system=start, to_system=end)
    return MoveCell(
        value=value,
        label=_name(start, end),
        to=system_state_name(end),
        is_allowed=lock == BY_CANCEL_ORDER if lock else value in boxes,
        is_itself=start == end,
        note=letters.get(lock, "") if lock else "",
        reason=reasons[lock] if lock else "",
    )


def _whole(start: str, reasons: dict[str, str]) -> str:
    locks = {cell_lock(from_system=start, to_system=end) for end in SYSTEM_STATES}
    return next((reasons[lock] for lock in _WHOLE_ROWS if locks == {lock}), "")


def _letters() -> dict[str, str]:
    """Return a letter for each reason that stands in single cells, in the order in which they are met."""
    locks = (cell_lock(from_system=start, to_system=end) for start in SYSTEM_STATES for end in SYSTEM_STATES)
    met = dict.fromkeys(lock for lock in locks if lock is not None and lock not in _WHOLE_ROWS)
    return dict(zip(met, ascii_lowercase, strict=False))
