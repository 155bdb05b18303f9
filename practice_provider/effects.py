"""What one call does to the rows: the rules of ``engine`` applied to what is stored, in the caller's transaction."""

import json
import secrets
from dataclasses import replace

from practice_provider import engine
from practice_provider.calls import (
    AUTHORISATION,
    CAPTURE,
    CAPTURE_FAILED,
    DISPUTE,
    DISPUTE_WON,
    REFUND,
    REFUND_FAILED,
    REVERSAL,
    Call,
)
from practice_provider.documents import Json, merged
from practice_provider.engine import Capture, Hold, Movement
from practice_provider.instants import SECOND_US
from practice_provider.refusals import AmountExceedsCapture, HoldReversed, NotFound, NothingToRelease, ReferenceTaken
from practice_provider.store import Rows
from practice_provider.voices import Scene

UNDOES = {CAPTURE_FAILED: CAPTURE, REFUND_FAILED: REFUND, DISPUTE_WON: DISPUTE}
UNDOING = tuple(UNDOES)
TAKEN_BACK_AS = {CAPTURE: CAPTURE_FAILED, REFUND: REFUND_FAILED}
_ABOUT_CAPTURES = (REFUND, DISPUTE)
_ID_PREFIX = {
    AUTHORISATION: "auth",
    CAPTURE: "cap",
    REVERSAL: "rev",
    REFUND: "ref",
    CAPTURE_FAILED: "capf",
    REFUND_FAILED: "reff",
    DISPUTE: "dp",
    DISPUTE_WON: "dpw",
}


def reference_for(call: Call) -> str:
    """Return the id of what the call makes: the one it asks for, or a fresh one."""
    return call.reference or f"{_ID_PREFIX[call.kind]}_{secrets.token_hex(6)}"


def authorisation_of(rows: Rows, call: Call) -> str:
    """Return the id of the hold that a call is about; faults may be ordered for it.

    Raises: NotFound, also for a capture that is not on the hold which the caller names.
    """
    if call.kind == AUTHORISATION:
        return call.reference or ""
    if call.kind in _ABOUT_CAPTURES:
        hold = rows.hold(call.target) if call.face else None
        found = hold.id if hold else _capture_of(rows, call.target).authorisation
        if call.hold and call.hold != found:
            raise NotFound
        return found
    if call.kind in UNDOING:
        return movement_of(rows, call.target).authorisation
    return hold_of(rows, call.target).id


def effect(rows: Rows, call: Call, *, key: str, now: int) -> Scene:
    """Carry the call out and return how the hold stands then. Raises: the refusals of ``engine``; NotFound."""
    at = now if call.at is None else call.at
    reference = reference_for(call)
    if call.kind == AUTHORISATION:
        hold = _new_hold(rows, call, reference=reference, at=at)
        rows.add_hold(hold)
        made = Movement(hold.id, AUTHORISATION, hold.id, hold.amount, hold.currency, None, key, call.made_by, at)
    else:
        before, hold, capture, undoes = _holds_before_and_after(rows, call, at=at)
        moved = abs(hold.moved - before.moved)
        made = Movement(
            *(reference, call.kind, before.id, moved, before.currency, capture, key, call.made_by, at),
            undoes=undoes,
        )
        rows.change_sums(hold)
    rows.add_movement(made)
    _keep_extras(rows, call, made, hold)
    if call.kind == CAPTURE and call.releases_rest and hold.rest:
        hold = _release_rest(rows, hold, made)
    return scene_of(rows, hold, now=now, call=call, made=made)


def keep_refusal(rows: Rows, call: Call, hold: Hold, *, now: int) -> None:
    """Remember an accepted call that came to nothing, for faces that show it. Its id is the reference it was given."""
    facts: Json = {"kind": call.kind, "amount": call.amount or 0, "at": now, "extras": json.loads(call.extras)}
    kept = rows.particulars([hold.id]).get(hold.id, {})
    rows.keep_particulars(hold.id, merged(kept, {"refused": {call.reference or "": facts}}))


def _keep_extras(rows: Rows, call: Call, made: Movement, hold: Hold) -> None:
    """Keep what the caller said beyond the rules of money; what it says of a hold is added to what is kept."""
    extras: Json = json.loads(call.extras)
    of_hold: Json = extras.pop("hold", {})  # type: ignore[assignment]
    if call.kind == AUTHORISATION and call.face:
        of_hold = {**of_hold, "face": call.face}
    if extras:
        rows.keep_particulars(made.id, extras)
    if of_hold:
        kept = rows.particulars([hold.id]).get(hold.id, {})
        rows.keep_particulars(hold.id, merged(kept, of_hold))


def _release_rest(rows: Rows, hold: Hold, capture: Movement) -> Hold:
    """Let go of what a last capture leaves, as a movement of its own."""
    released = replace(hold, released=hold.released + hold.rest)
    rows.change_sums(released)
    rows.add_movement(
        Movement(
            *(f"{capture.id}-rest", REVERSAL, hold.id, hold.rest, hold.currency, None),
            *(f"{capture.idempotency_key}:rest", capture.made_by, capture.at),
        )
    )
    return released


def scene_of(rows: Rows, hold: Hold, *, now: int, call: Call | None = None, made: Movement | None = None) -> Scene:
    """Return the hold with all that belongs to it."""
    movements = rows.movements(hold.id)
    particulars = rows.particulars([hold.id, *(movement.id for movement in movements)])
    waiting = [Call(**delayed.call) for delayed in rows.delayed_calls()]  # type: ignore[arg-type]
    awaited = tuple(each for each in waiting if each.is_accepted and each.target == hold.id)
    return Scene(hold, movements, now, particulars, call, made, awaited)


def _new_hold(rows: Rows, call: Call, *, reference: str, at: int) -> Hold:
    hold = engine.authorise(
        Hold(
            id=reference,
            amount=call.amount or 0,
            currency=call.currency,
            card_brand=call.card_brand,
            card_last4=call.card_last4,
            authorised_at=at,
            expires_at=at + call.expires_in * SECOND_US,
        )
    )
    if rows.hold(reference):
        raise ReferenceTaken
    return hold


def _holds_before_and_after(rows: Rows, call: Call, *, at: int) -> tuple[Hold, Hold, str | None, str | None]:
    """Return the hold before and after the call, the capture that it is about, and what it takes back."""
    if call.kind in _ABOUT_CAPTURES:
        whole = rows.hold(call.target) if call.face else None  # our own callers always name the capture
        if whole is not None:
            latest = [movement.id for movement in rows.movements(whole.id) if movement.kind == CAPTURE][-1:]
            left = whole.captured - whole.refunded
            if call.amount is None and not left:
                raise AmountExceedsCapture(available=0, currency=whole.currency)
            after = engine.refund(whole, None, amount=left if call.amount is None else call.amount, at=at)
            return whole, after, latest[0], None
        of = _capture_of(rows, call.target)
        hold = hold_of(rows, of.authorisation)
        return hold, engine.refund(hold, of, amount=call.amount or 0, at=at), of.id, None
    if call.kind in UNDOING:
        undone = movement_of(rows, call.target)
        is_undone = any(each.undoes == undone.id for each in rows.movements(undone.authorisation))
        if undone.kind != UNDOES[call.kind] or is_undone:
            raise NotFound
        hold = hold_of(rows, undone.authorisation)
        take_back = engine.take_back_capture if call.kind == CAPTURE_FAILED else engine.take_back_refund
        return hold, take_back(hold, amount=undone.amount), undone.capture, undone.id
    hold = hold_of(rows, call.target)
    if call.kind == REVERSAL:
        return hold, engine.reverse(hold, amount=call.amount, at=at), None, None
    if call.amount is None and not hold.rest:
        raise HoldReversed if hold.released else NothingToRelease
    amount = hold.rest if call.amount is None else call.amount
    return hold, engine.capture(hold, amount=amount, at=at), None, None


def face_of(scene: Scene) -> str:
    """Return the face through which the hold was made, whose listener is told of all that happens to it."""
    return str(scene.particulars.get(scene.hold.id, {}).get("face", ""))


def movement_of(rows: Rows, reference: str) -> Movement:
    """Return one movement. Raises: NotFound."""
    movement = rows.movement(reference)
    if movement is None:
        raise NotFound
    return movement


def hold_of(rows: Rows, reference: str) -> Hold:
    """Return one hold. Raises: NotFound."""
    hold = rows.hold(reference)
    if hold is None:
        raise NotFound
    return hold


def _capture_of(rows: Rows, reference: str) -> Capture:
    capture = rows.capture(reference)
    if capture is None:
        raise NotFound
    return capture
