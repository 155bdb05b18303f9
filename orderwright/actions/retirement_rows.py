"""What a bulk job does with one order of a state that is retired, and, when that is undone, with one that was moved."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from orderwright.actions import change_state, retire_state
from orderwright.actions.order_state_rules import StateDeleted, lock_state_of, stream_of_state
from orderwright.actions.starters_rights import StarterLacksRights, starter_now
from orderwright.core import crash
from orderwright.core.actor import SYSTEM
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import Conflict
from orderwright.journal.reads import touched_by
from orderwright.journal.streams import Plain
from orderwright.journal.writes import append
from orderwright.orders.states import OFFERED, is_open
from orderwright.orders.writes import change_order, hold_state, lock_order, stream_of
from orderwright.outbox import bulk
from orderwright.outbox.bulk import TakenJob, TakenRow
from orderwright.reads.order_detail import read_order


class TouchedSince(Conflict):
    """Somebody has changed the order since it was moved, so it stays where it is."""

    code = "touched_since"


def move_order(job: TakenJob, row: TakenRow, *, now: datetime) -> None:
    """Move one order to the state that takes the retired one's place; one that has left it already is passed over.

    Raises: StarterLacksRights; MoveNotAllowed, CompletionNeedsConfirmation and the like, as by hand.
    Effects: those of `change_state` and the row's outcome, in one transaction.
    """

    def change() -> None:
        order = lock_order(number=row.reference, actor=SYSTEM)
        actor = starter_now(job, asks=retire_state.PERMISSIONS, now=now)
        if stream_of_state(order.state.pk) != job.subject:
            bulk.mark_passed(row, now=now, code="left_already", message=_("It had left the state before."))
            return
        try:
            change_state.move(
                order, state=job.facts["to"], actor=actor, now=now, why=Plain(f"{job.facts['name']} retired")
            )
        except change_state.CompletionNeedsConfirmation as question:
            reason = _("Money is still held or items are not sent; complete it by hand.")
            raise Conflict(reason, code=question.code, facts=question.facts) from question
        bulk.mark_done(row, now=now, facts={"version": order.version})
        crash.point("bulk.finishing")

    in_write_transaction(change)


def end_retirement(job: TakenJob, *, now: datetime) -> None:
    """Retire the state once its orders have been gone through. Effects: those of `retire_state.end`.

    By then all is done that somebody was needed for. Where whoever asked may not do it any more, the desk itself ends
    what they began, and the journal says why. See docs/adr/0027.
    """

    def change() -> None:
        try:
            state = lock_state_of(job.subject)
        except StateDeleted:
            bulk.finish(job.id, state="done", now=now)
            return
        try:
            actor, why = starter_now(job, asks=retire_state.PERMISSIONS, now=now), ""
        except StarterLacksRights:
            actor, why = SYSTEM, f"No order is left; {job.actor.name}, who asked for it, may not do this any more"
        retire_state.end(job.id, state, actor=actor, now=now, why=Plain(why))

    in_write_transaction(change)


def put_order_back(job: TakenJob, row: TakenRow, *, now: datetime) -> None:
    """Put one order back into the state that it was moved out of, unless somebody has touched it since.

    Raises: StarterLacksRights; TouchedSince with who did, or where the state is gone.
    Effects: the order's state and version, one journal entry, and the row's outcome, in one transaction. Source: W2.
    """

    def change() -> None:
        order = lock_order(number=row.reference, actor=SYSTEM)
        actor = starter_now(job, asks=retire_state.PERMISSIONS, now=now)
        state = hold_state(slug=job.facts["state"])
        stream = stream_of(order.pk)
        who = touched_by(stream, version=row.facts["version"])
        if who or order.state.slug != job.facts["to"]:
            reason = _("%(who)s changed it since; it is %(state)s.")
            raise TouchedSince(reason % {"who": ", ".join(who) or _("Somebody"), "state": order.state.name})
        if state is None or state.stage != OFFERED or stream_of_state(state.pk) != job.subject:
            raise TouchedSince(_("The state is not offered any more."))
        before = change_state.journal_fields(read_order(number=row.reference, actor=SYSTEM).state)
        change_order(order, state_id=state.pk, is_open=is_open(state.system_state))
        after = {"state": state.slug, "state_name": state.name, "system_state": state.system_state}
        append(
            stream=stream,
            kind="order.state_restored",
            actor=actor,
            now=now,
            before=before,
            after=after,
            version=order.version,
        )
        bulk.mark_done(row, now=now, facts={"version": order.version})
        crash.point("bulk.finishing")

    in_write_transaction(change)


def end_undoing(job: TakenJob, *, now: datetime) -> None:
    """End the job that put orders back; the state has been offered again since it began."""
    in_write_transaction(lambda: bulk.finish(job.id, state="done", now=now))
