"""The provider itself: carries each call out once per idempotency key, in one transaction with its answer.

It decides what is answered and which fault the caller meets; sockets and pages are elsewhere.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from practice_provider.answers import Answer, Reply, answers_itself, effect_document
from practice_provider.calls import AUTHORISATION, Call
from practice_provider.documents import Json
from practice_provider.effects import (
    TAKEN_BACK_AS,
    UNDOING,
    authorisation_of,
    effect,
    face_of,
    hold_of,
    keep_refusal,
    reference_for,
    scene_of,
)
from practice_provider.engine import Hold, Movement
from practice_provider.faults import (
    ACCEPTED,
    ACCEPTED_THEN_REFUSED,
    BEFORE_ANSWER,
    EFFECTLESS,
    LATE_EFFECT,
    LOOKUP,
    NOTICE,
    SETTLING,
    TAKEN_BACK,
    Fault,
    FaultTable,
)
from practice_provider.instants import SECOND_US, instant_of, moment_of, text_of
from practice_provider.notices import Notices
from practice_provider.refusals import CardDeclined, InvalidRequest, KeyInUse, KeyReused, NotFound, Refusal
from practice_provider.store import DelayedCall, Rows, Store, StoredAnswer
from practice_provider.voices import OwnVoice, Scene, Voice
from practice_provider.words import gettext as _

LONGEST_ADVANCE_S = 10 * 365 * 24 * 3600  # with the longest expiry, times stay inside the calendar
LATEST_NOW_US = 200 * 365 * 24 * 3600 * SECOND_US  # the year 2169: repeated advances end here


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

    def __init__(
        self,
        data_path: Path | str,
        *,
        machine_clock: Callable[[], datetime] | None = None,
        faces: Mapping[str, Voice] | None = None,
    ) -> None:
        """Open the provider's file; ``machine_clock`` is what the virtual clock runs on, ``faces`` by their names."""
        self.faults = FaultTable()
        self._voices: dict[str, Voice] = {"": OwnVoice(), **(faces or {})}
        self._store = Store(data_path)
        self.notices = Notices(self._store, self.faults, voice=self.voice)
        self._machine_clock = machine_clock or (lambda: datetime.now(UTC))
        self._running: dict[str, str] = {}
        self._running_lock = threading.Lock()

    def close(self) -> None:
        """Close the file once nothing is being written."""
        self._store.close()

    @property
    def faces(self) -> tuple[str, ...]:
        """Return the names of the faces; the provider's own is empty."""
        return tuple(self._voices)

    def voice(self, face: str) -> Voice:
        """Return in whose words callers of this face are answered."""
        return self._voices[face]

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
        if self.notices.is_urgent or self.faults.has(on=NOTICE, kind=BEFORE_ANSWER):
            self.send_notices()
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
        voice = self.voice(call.face)
        with self._store.transaction() as rows:
            now = self._settle(rows)
            stored = rows.answer(key)
            self._check_key(rows, key, fingerprint, stored)
            fault = None
            authorisation = authorisation_of(rows, call)
            if meets_faults:
                fault = self.faults.take(
                    on=call.kind, authorisation=authorisation, is_replay=stored is not None, of_face=bool(call.face)
                )
            if fault and fault.kind == LATE_EFFECT:
                due_at = now + int(fault.seconds * SECOND_US)
                rows.add_delayed_call(DelayedCall(key, fingerprint, due_at, call.facts()))
                return Reply(voice.failed_by(fault), fault)
            if fault and fault.kind in EFFECTLESS and not stored:
                answer = voice.failed_by(fault)
                if fault.store:
                    rows.add_answer(key, StoredAnswer(fingerprint, answer.status, answer.body), now=now)
                return Reply(answer, fault)
            if stored:
                answer = Answer(stored.status, stored.body, (("Idempotent-Replayed", "true"),))
            else:
                answer = self._first_answer(rows, call, key, fault, now=now)
                is_spoilt = fault and fault.store and fault.kind == "server_error_after"
                kept = voice.failed_by(fault) if fault and is_spoilt else answer
                rows.add_answer(key, StoredAnswer(fingerprint, kept.status, kept.body), now=now)
            wrong = None
            if fault and fault.kind in ("wrong_amount", "wrong_currency"):
                wrong = voice.wrongly_echoed(answer, fault.kind)
            return Reply(voice.failed_by(fault) if fault and answers_itself(fault) else answer, fault, wrong=wrong)

    def _check_key(self, rows: Rows, key: str, fingerprint: str, stored: StoredAnswer | None) -> None:
        known = stored.fingerprint if stored else rows.delayed_fingerprint(key)
        if known is not None and known != fingerprint:
            raise KeyReused
        if known is not None and not stored:
            raise KeyInUse

    def _first_answer(self, rows: Rows, call: Call, key: str, fault: Fault | None, *, now: int) -> Answer:
        """Carry the call out now or, where it is only accepted, later; a fault may take it back after that."""
        voice = self.voice(call.face)
        is_only_accepted = call.kind != AUTHORISATION and (
            voice.settles_later or (fault is not None and fault.kind in (ACCEPTED, ACCEPTED_THEN_REFUSED))
        )
        settling = fault if fault is not None and fault.kind in SETTLING else None
        if not is_only_accepted:
            answer, made = self._carry_out(rows, call, key=key, now=now)
            if settling is not None and settling.kind == TAKEN_BACK and made is not None:
                self._take_back_later(rows, made, call, due_at=now + int(settling.seconds * SECOND_US))
            return answer
        accepted = replace(
            call,
            is_accepted=True,
            is_doomed=settling is not None and settling.kind == ACCEPTED_THEN_REFUSED,
            reference=reference_for(call),
        )
        is_put_off = settling is not None and settling.kind != TAKEN_BACK
        due_at = now + (int(settling.seconds * SECOND_US) if settling is not None and is_put_off else 0)
        rows.add_delayed_call(DelayedCall(key, "", due_at, accepted.facts()))
        if settling is not None and settling.kind == TAKEN_BACK:
            undone = Call(
                kind=TAKEN_BACK_AS[call.kind], target=accepted.reference or "", face=call.face, is_accepted=True
            )
            rows.add_delayed_call(
                DelayedCall(f"{key}:taken-back", "", due_at + int(settling.seconds * SECOND_US) + 1, undone.facts())
            )
        hold = hold_of(rows, authorisation_of(rows, call))
        return voice.accepted(scene_of(rows, hold, now=now, call=accepted))

    def _take_back_later(self, rows: Rows, made: Movement, call: Call, *, due_at: int) -> None:
        undone = Call(kind=TAKEN_BACK_AS[made.kind], target=made.id, face=call.face, is_accepted=True)
        rows.add_delayed_call(DelayedCall(f"{made.idempotency_key}:taken-back", "", due_at, undone.facts()))

    def _carry_out(self, rows: Rows, call: Call, *, key: str, now: int) -> tuple[Answer, Movement | None]:
        voice = self.voice(call.face)
        try:
            if call.is_doomed:
                raise CardDeclined
            scene = effect(rows, call, key=key, now=now)
        except InvalidRequest:
            raise
        except Refusal as refusal:
            if call.is_accepted and call.kind not in UNDOING:
                hold = hold_of(rows, authorisation_of(rows, call))
                keep_refusal(rows, call, hold, now=now)
                told = voice.notices_of_refusal(scene_of(rows, hold, now=now, call=call), refusal)
                self.notices.add(rows, told, face=call.face, hold=hold.id, now=now)
            return voice.refused(refusal), None
        face = face_of(scene)
        self.notices.add(rows, self.voice(face).notices(scene), face=face, hold=scene.hold.id, now=now)
        return voice.done(scene), scene.made

    # What may be read

    def look_up(self, reference: str, *, face: str = "", show: Callable[[Scene], Answer] | None = None) -> Reply:
        """Return one authorisation with its movements, under the fault that waits for look-ups.

        ``show`` words the answer where a face has several ways to look at a hold. Raises: NotFound.
        """
        voice = self.voice(face)
        scene = self.read_scene(reference)
        fault = self.faults.take(on=LOOKUP, authorisation=scene.hold.id)
        if fault and (fault.kind in EFFECTLESS or answers_itself(fault)):
            return Reply(voice.failed_by(fault), fault)
        answer = (show or voice.shown)(scene)
        is_wrong = fault is not None and fault.kind in ("wrong_amount", "wrong_currency")
        return Reply(answer, fault, wrong=voice.wrongly_echoed(answer, fault.kind) if fault and is_wrong else None)

    def read_scene(self, reference: str) -> Scene:
        """Return one authorisation with all that belongs to it, free of faults; a movement's id finds its hold too.

        Raises: NotFound.
        """
        with self._store.transaction() as rows:
            now = self._settle(rows)
            movement = rows.movement(reference)
            return scene_of(rows, hold_of(rows, movement.authorisation if movement else reference), now=now)

    def read_hold(self, reference: str) -> tuple[Hold, list[Movement], int]:
        """Return one authorisation, its movements in order, and the provider's time, free of faults.

        Raises: NotFound.
        """
        with self._store.transaction() as rows:
            now = self._settle(rows)
            hold = hold_of(rows, reference)
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

    def listed(
        self,
        show: Callable[[list[Movement], bool, Callable[[Movement], Scene]], Answer],
        *,
        face: str,
        kinds: tuple[str, ...],
        start: int,
        end: int,
        limit: int,
        after: int = 0,
        newest_behind: str | None = None,
    ) -> Reply:
        """Return a page of what moved within a time on holds of one face, under the fault that waits for look-ups.

        ``show`` words it from the movements, whether more follow, and how to come to the hold of one.
        """
        fault = self.faults.take(on=LOOKUP, authorisation="")
        if fault and (fault.kind in EFFECTLESS or answers_itself(fault)):
            return Reply(self.voice(face).failed_by(fault), fault)
        with self._store.transaction() as rows:
            now = self._settle(rows)
            found = rows.listed(
                face=face,
                kinds=kinds,
                start=start,
                end=end,
                limit=limit + 1,
                after=after,
                newest_behind=newest_behind,
            )

            def scene(movement: Movement) -> Scene:
                return scene_of(rows, hold_of(rows, movement.authorisation), now=now)

            return Reply(show(found[:limit], len(found) > limit, scene), fault)

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

    def send_notices(self) -> int:
        """Send the notices that are due and return how many."""
        return self.notices.send(settle=self._settle, machine_now=self._machine_clock)

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
            rows.remove_delayed_call(delayed.idempotency_key)
            try:
                # Hidden from its caller, it comes through now: carried out, or accepted as it would have been.
                answer = (
                    self._carry_out(rows, call, key=delayed.idempotency_key, now=delayed.due_at)[0]
                    if call.is_accepted
                    else self._first_answer(rows, call, delayed.idempotency_key, None, now=delayed.due_at)
                )
            except (InvalidRequest, NotFound) as refusal:
                answer = self.voice(call.face).refused(refusal)
            if not call.is_accepted:
                stored = StoredAnswer(delayed.fingerprint, answer.status, answer.body)
                rows.add_answer(delayed.idempotency_key, stored, now=delayed.due_at)
        return now
