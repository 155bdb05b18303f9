"""The provider itself: carries each call out once per idempotency key, in one transaction with its answer.

It decides what is answered and which fault the caller meets; sockets and pages are elsewhere.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from practice_provider import engine
from practice_provider.answers import (
    Answer,
    Reply,
    answer_of,
    answers_itself,
    effect_document,
    hold_document,
    movement_document,
    refused,
    refused_by,
)
from practice_provider.calls import AUTHORISATION, CAPTURE, REFUND, REVERSAL, Call
from practice_provider.documents import Json
from practice_provider.engine import Capture, Hold, Movement
from practice_provider.faults import EFFECTLESS, LATE_EFFECT, LOOKUP, FaultTable
from practice_provider.instants import SECOND_US, instant_of, moment_of, text_of
from practice_provider.refusals import (
    InvalidRequest,
    KeyInUse,
    KeyReused,
    NotFound,
    ReferenceTaken,
    Refusal,
)
from practice_provider.store import DelayedCall, Rows, Store, StoredAnswer
from practice_provider.words import gettext as _

LONGEST_ADVANCE_S = 10 * 365 * 24 * 3600  # with the longest expiry, times stay inside the calendar
LATEST_NOW_US = 200 * 365 * 24 * 3600 * SECOND_US  # the year 2169: repeated advances end here
_ID_PREFIX = {AUTHORISATION: "auth", CAPTURE: "cap", REVERSAL: "rev", REFUND: "ref"}


@dataclass(frozen=True, slots=True)
class Overview:
    """The latest that happened, newest first, the calls whose effect is still to come, and the provider's time."""

    holds: list[Hold]
    effects: list[Movement]
    delayed: list[DelayedCall]
    now: int
    ahead_us: int


class Provider:
    """The provider behind every face: calls, look-ups, effects, faults and the virtual clock."""

    def __init__(self, data_path: Path | str, *, machine_clock: Callable[[], datetime] | None = None) -> None:
        """Open the provider's file; ``machine_clock`` is what the virtual clock runs on."""
        self.faults = FaultTable()
        self._store = Store(data_path)
        self._machine_clock = machine_clock or (lambda: datetime.now(UTC))
        self._running: dict[str, str] = {}
        self._running_lock = threading.Lock()

    def close(self) -> None:
        """Close the file once nothing is being written."""
        self._store.close()

    # Calls that move money

    def submit(self, call: Call, *, key: str, meets_faults: bool = True) -> Reply:
        """Carry a call out once, or give the answer that its key has already.

        Raises: KeyInUse while the first call with this key runs or waits for its late effect; KeyReused for another
        request; NotFound. None of these is kept under the key.
        """
        fingerprint = call.fingerprint()
        self._begin(key, fingerprint)
        reply = None
        try:
            reply = self._decide(call, key, fingerprint, meets_faults=meets_faults)
        finally:
            holds_on = reply is not None and reply.fault is not None and reply.fault.kind == "hang_before"
            if not holds_on:
                self._end(key)
        return replace(reply, ended=lambda: self._end(key)) if holds_on else reply

    def _begin(self, key: str, fingerprint: str) -> None:
        with self._running_lock:
            running = self._running.get(key)
            if running is not None:
                raise KeyInUse if running == fingerprint else KeyReused
            self._running[key] = fingerprint

    def _end(self, key: str) -> None:
        with self._running_lock:
            self._running.pop(key, None)

    def _decide(self, call: Call, key: str, fingerprint: str, *, meets_faults: bool) -> Reply:
        with self._store.transaction() as rows:
            now = self._settle(rows)
            stored = rows.answer(key)
            self._check_key(rows, key, fingerprint, stored)
            fault = None
            authorisation = self._authorisation_of(rows, call)
            if meets_faults:
                fault = self.faults.take(on=call.kind, authorisation=authorisation, is_replay=stored is not None)
            if fault and fault.kind == LATE_EFFECT:
                due_at = now + int(fault.seconds * SECOND_US)
                rows.add_delayed_call(DelayedCall(key, fingerprint, due_at, call.facts()))
                return Reply(refused_by(fault), fault)
            if fault and fault.kind in EFFECTLESS and not stored:
                answer = refused_by(fault)
                if fault.store:
                    rows.add_answer(key, StoredAnswer(fingerprint, answer.status, answer.body), now=now)
                return Reply(answer, fault)
            if stored:
                answer = Answer(stored.status, stored.body, (("Idempotent-Replayed", "true"),))
            else:
                answer = self._carry_out(rows, call, key=key, now=now)
                kept = refused_by(fault) if fault and fault.store and fault.kind == "server_error_after" else answer
                rows.add_answer(key, StoredAnswer(fingerprint, kept.status, kept.body), now=now)
            return Reply(refused_by(fault) if fault and answers_itself(fault) else answer, fault)

    def _check_key(self, rows: Rows, key: str, fingerprint: str, stored: StoredAnswer | None) -> None:
        known = stored.fingerprint if stored else rows.delayed_fingerprint(key)
        if known is not None and known != fingerprint:
            raise KeyReused
        if known is not None and not stored:
            raise KeyInUse

    def _authorisation_of(self, rows: Rows, call: Call) -> str:
        if call.kind == AUTHORISATION:
            return call.reference or ""
        if call.kind == REFUND:
            return self._capture(rows, call.target).authorisation
        return self._hold(rows, call.target).id

    def _carry_out(self, rows: Rows, call: Call, *, key: str, now: int) -> Answer:
        try:
            return answer_of(201, self._effect(rows, call, key=key, now=now))
        except InvalidRequest:
            raise
        except Refusal as refusal:
            return refused(refusal)

    def _effect(self, rows: Rows, call: Call, *, key: str, now: int) -> Json:
        at = now if call.at is None else call.at
        reference = call.reference or f"{_ID_PREFIX[call.kind]}_{secrets.token_hex(6)}"
        if call.kind == AUTHORISATION:
            hold = self._new_hold(rows, call, reference=reference, at=at)
            rows.add_hold(hold)
            rows.add_movement(
                Movement(hold.id, AUTHORISATION, hold.id, hold.amount, hold.currency, None, key, call.made_by, at)
            )
            return hold_document(hold, [], now=now)
        before, after = self._holds_before_and_after(rows, call, at=at)
        moved = (after.captured + after.released + after.refunded) - (
            before.captured + before.released + before.refunded
        )
        captured = call.target if call.kind == REFUND else None
        movement = Movement(reference, call.kind, before.id, moved, before.currency, captured, key, call.made_by, at)
        rows.change_sums(after)
        rows.add_movement(movement)
        return movement_document(movement)

    def _new_hold(self, rows: Rows, call: Call, *, reference: str, at: int) -> Hold:
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

    def _holds_before_and_after(self, rows: Rows, call: Call, *, at: int) -> tuple[Hold, Hold]:
        if call.kind == REFUND:
            of = self._capture(rows, call.target)
            hold = self._hold(rows, of.authorisation)
            return hold, engine.refund(hold, of, amount=call.amount or 0, at=at)
        hold = self._hold(rows, call.target)
        if call.kind == REVERSAL:
            return hold, engine.reverse(hold, amount=call.amount, at=at)
        return hold, engine.capture(hold, amount=call.amount or 0, at=at)

    def _hold(self, rows: Rows, reference: str) -> Hold:
        hold = rows.hold(reference)
        if hold is None:
            raise NotFound
        return hold

    def _capture(self, rows: Rows, reference: str) -> Capture:
        capture = rows.capture(reference)
        if capture is None:
            raise NotFound
        return capture

    # What may be read

    def look_up(self, reference: str) -> Reply:
        """Return one authorisation with its movements, under the fault that waits for look-ups.

        Raises: NotFound.
        """
        hold, movements, now = self.read_hold(reference)
        fault = self.faults.take(on=LOOKUP, authorisation=hold.id)
        if fault and (fault.kind in EFFECTLESS or answers_itself(fault)):
            return Reply(refused_by(fault), fault)
        return Reply(answer_of(200, hold_document(hold, movements, now=now)), fault)

    def read_hold(self, reference: str) -> tuple[Hold, list[Movement], int]:
        """Return one authorisation, its movements in order, and the provider's time, free of faults.

        Raises: NotFound.
        """
        with self._store.transaction() as rows:
            now = self._settle(rows)
            hold = self._hold(rows, reference)
            return hold, rows.movements(hold.id), now

    def effects(self, *, after: int, authorisation: str | None, limit: int) -> Json:
        """Return the effect log behind a sequence; ``next`` is where to read on, or None at the end."""
        with self._store.transaction() as rows:
            self._settle(rows)
            found = rows.effects(after=after, authorisation=authorisation, limit=limit + 1)
        page = found[:limit]
        return {
            "items": [effect_document(movement) for movement in page],
            "next": page[-1].sequence if len(found) > limit else None,
        }

    def overview(self, *, find: str, limit: int) -> Overview:
        """Return what the control page shows; ``find`` keeps to authorisations whose id contains it."""
        with self._store.transaction() as rows:
            now = self._settle(rows)
            return Overview(
                holds=rows.latest_holds(find=find, limit=limit),
                effects=rows.latest_effects(limit=limit),
                delayed=rows.delayed_calls(),
                now=now,
                ahead_us=rows.clock_offset(),
            )

    # The virtual clock

    def clock(self) -> Json:
        """Return the provider's time."""
        with self._store.transaction() as rows:
            return {"now": text_of(self._now(rows)), "ahead_seconds": rows.clock_offset() // SECOND_US}

    def advance_clock(self, *, seconds: float) -> Json:
        """Put the provider's clock forward; effects that come due by then happen at their own time.

        Raises: InvalidRequest when the clock would leave the calendar it keeps.
        """
        with self._store.transaction() as rows:
            offset = rows.clock_offset() + int(seconds * SECOND_US)
            if self._machine_now() + offset > LATEST_NOW_US:
                latest = moment_of(LATEST_NOW_US).year
                raise InvalidRequest(_("The clock stays before the end of {year}.").format(year=latest))
            rows.set_clock_offset(offset)
            self._settle(rows)
        return self.clock()

    def reset_clock(self) -> Json:
        """Put the provider's clock back to the machine's; calls that wait for their late effect are forgotten."""
        with self._store.transaction() as rows:
            rows.set_clock_offset(0)
            rows.forget_delayed_calls()
        return self.clock()

    def _machine_now(self) -> int:
        return instant_of(self._machine_clock())

    def _now(self, rows: Rows) -> int:
        return self._machine_now() + rows.clock_offset()

    def _settle(self, rows: Rows) -> int:
        """Carry out the delayed calls that are due, each at its own time, and return the provider's time."""
        now = self._now(rows)
        for delayed in rows.delayed_calls(due_by=now):
            call = Call(**delayed.call)  # type: ignore[arg-type]
            try:
                answer = self._carry_out(rows, call, key=delayed.idempotency_key, now=delayed.due_at)
            except InvalidRequest as refusal:
                answer = refused(refusal)
            rows.add_answer(
                delayed.idempotency_key,
                StoredAnswer(delayed.fingerprint, answer.status, answer.body),
                now=delayed.due_at,
            )
            rows.remove_delayed_call(delayed.idempotency_key)
        return now
