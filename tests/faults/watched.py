"""What a random walk is watched by: the model that follows it, the invariants, and the provider's own log.

The steps themselves stand in `machine`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from hypothesis.stateful import RuleBasedStateMachine, invariant

from orderwright.actions import settle_by_hand
from orderwright.core.errors import OrderwrightError
from orderwright.orders.models import Site
from orderwright.outbox.models import Mail
from orderwright.payments.models import Operation, ProviderAccount
from orderwright.reads.invariants import violations
from tests.factories.orders import SITE
from tests.faults.model import Call, Hold, OrderModel
from tests.support.books import differences
from tests.support.drivers import hire
from tests.support.rivals import word_for

# What a call comes to when the provider does this to it; without a fault it succeeds.
COMES_TO = {
    "decline": "failed",
    "hang": "unknown",
    "drop_before": "unknown",
    "drop_after": "unknown",
    "server_error": "unknown",
    "server_error_after": "unknown",
    "busy": "unknown",
    "conflict": "unknown",
    "malformed": "unknown",
    "truncated": "unknown",
    "late_effect": "unknown",
    "wrong_amount": "manual",
    "wrong_currency": "manual",
}
# How many of the youngest orders somebody is at work on.
AT_WORK = 3


@dataclass
class World:
    """What the walk needs of its test, and how far it came."""

    practice: Any
    restore: Callable[[], None]
    now: datetime
    steps: int = 0
    walks: int = 0
    acts: int = 0
    refusals: int = 0
    faults: int = 0
    found: int = 0
    ends: Counter[str] = field(default_factory=Counter)


class Watched(RuleBasedStateMachine):
    """A walk without steps. `world` is set by whoever runs it."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.world.restore()
        self.world.walks += 1
        self.practice = self.world.practice
        self.practice.reset()
        self.now = self.world.now
        Site.objects.create(
            slug=SITE, name="Cozy Home US", time_zone="America/New_York", currency="USD", locale="en-US",
            sender="orders@cozy-home.example.com",
        )  # fmt: skip
        # When an account is left alone is another matter, with tests of its own.
        ProviderAccount.objects.update(breaker_failures=30_000)
        self.mia = hire(name="Mia Chen", email="mia@cozy-home.example.com", now=self.now)
        self.orders: list[OrderModel] = []

    @property
    def clerk(self) -> Any:
        return self.mia.at(self.now)

    # What always holds

    @invariant()
    def books_are_right(self) -> None:
        self.world.steps += 1
        assert violations() == []
        assert differences(self.practice) == []

    @invariant()
    def the_desk_is_where_the_model_is(self) -> None:
        there: dict[str, Counter[str]] = {}
        for movement in self.practice.movements():
            there.setdefault(movement["authorisation"], Counter())[movement["kind"]] += movement["amount"]
        for order in self.orders:
            seen = self._seen(order)
            assert seen.state.slug == order.state
            for row, hold in zip(seen.payments, order.holds, strict=True):
                figures = (
                    row.authorised_minor, row.captured_minor, row.released_minor, row.refunded_minor,
                    row.pending_minor, row.refund_pending_minor,
                )  # fmt: skip
                assert figures == hold.figures, f"{hold.reference}: the desk {figures}, the model {hold.figures}"
                self._within_what_is_there(hold, there.get(hold.reference, Counter()))
            assert Mail.objects.filter(order_id=seen.id).count() == order.mails

    # How it is done

    def _pick(self, at: int, of: int) -> tuple[OrderModel, Hold]:
        canceled = [order for order in self.orders if order.state == "canceled"]
        others = [order for order in self.orders if order.state != "canceled"]
        at_work = [*canceled[-1:], *others][-AT_WORK:]
        order = at_work[at % len(at_work)]
        return order, order.holds[of % len(order.holds)]

    def _seen(self, order: OrderModel) -> Any:
        return self.clerk.sees(order.number)

    def _row(self, order: OrderModel, hold: Hold) -> Any:
        return next(row for row in self._seen(order).payments if row.reference == hold.reference)

    def _amount(self, most: int, share: str) -> int:
        return {"all": most, "third": most // 3, "one": 1, "over": most + 1, "zero": 0}[share]

    def _is_sure(self, on: str, holds: Iterable[Hold]) -> bool:
        """Return whether calls of this kind meet neither a fault nor somebody else's doings, nor a hold that ended."""
        if any(fault["on"] == on for fault in self.practice.waiting_faults()):
            return False
        return not any(self._is_touched(hold) for hold in holds)

    def _is_touched(self, hold: Hold) -> bool:
        return hold.is_drifted or any(call.is_open for call in hold.calls.values())

    def _foretold(self, on: str, holds: list[Hold], *, is_over: bool = False) -> set[str]:
        """Return how a call may end."""
        fault = next((fault["kind"] for fault in self.practice.waiting_faults() if fault["on"] == on), None)
        if fault is not None:
            return {COMES_TO[fault], *(["failed"] if is_over or any(map(self._is_touched, holds)) else [])}
        if is_over:
            return {"failed"}
        return {"succeeded", "failed"} if any(map(self._is_touched, holds)) else {"succeeded"}

    def _act(
        self,
        order: OrderModel,
        why_not: str,
        act: Callable[[], Any],
        *,
        calls: int | None = None,
        begins: Callable[[], None] | None = None,
        is_saga: bool = False,
    ) -> Any:
        """Let a clerk act, who has to be refused with this code, or to get through; return the result, if any."""
        self.world.acts += 1
        before = self._seen(order)
        result, code = None, ""
        try:
            result = act()
        except OrderwrightError as refusal:
            code = refusal.code
        assert code == why_not, f"the desk says {code or result}, the model {why_not or 'yes'}"
        self.world.ends[code] += 1
        if code:
            assert self._seen(order) == before, "a refusal changed something"
            self.world.refusals += 1
            return None
        if begins is not None:
            begins()
        self._learn(order, calls=calls, is_saga=is_saga)
        self.world.ends[word_for(result)] += 1
        return result

    def _try(self, order: OrderModel, act: Callable[[], Any]) -> None:
        """Let a clerk try what the model has no opinion on."""
        before = self._seen(order)
        try:
            act()
        except OrderwrightError:
            assert self._seen(order) == before, "a refusal changed something"
        self._learn(order, calls=0)

    def _learn(self, order: OrderModel, *, calls: int | None, is_saga: bool = False) -> None:
        """Let the model learn which calls were made and how those that were open ended, and draw its conclusions."""
        holds = {hold.reference: hold for hold in order.holds}
        rows = Operation.objects.filter(payment__order__number=order.number).exclude(kind="lookup").order_by("pk")
        known = order.calls
        made = 0
        has_leg_ended = False
        for row in rows.select_related("payment"):
            hold = holds[row.payment.reference]
            if row.key not in known:
                made += 1
                hold.calls[row.key] = Call(kind=row.kind, amount=row.amount_minor, state="prepared")
                if is_saga:
                    order.legs.add(row.key)
            call = hold.calls[row.key]
            assert (row.kind, row.amount_minor) == (call.kind, call.amount)
            if row.state == call.state:
                continue
            if row.state in ("succeeded", "failed"):
                hold.end(call, state=row.state, failure=row.failure_code)
                has_leg_ended = has_leg_ended or row.key in order.legs
            else:
                assert call.is_open, f"a call that had ended became {row.state}"
                call.state = row.state
        assert calls is None or made == calls, f"{made} calls were made, not {calls}"
        if has_leg_ended or (is_saga and not made):
            order.look_at_cancellation()

    def _settle_by_hand(self, order: OrderModel) -> None:
        """Let a person settle what the machine could not, truthfully: as the provider's own log says."""
        for hold in order.holds:
            log = {effect["idempotency_key"]: effect["id"] for effect in self.practice.movements(hold.reference)}
            for key, call in hold.calls.items():
                if call.state == "manual":
                    settle_by_hand.run(
                        key=key,
                        happened=key in log,
                        reason="Looked it up at the provider.",
                        provider_ref=log.get(key, ""),
                        actor=self.mia.actor,
                        now=self.now,
                    )
        self._learn(order, calls=0)

    def _within_what_is_there(self, hold: Hold, there: Counter[str]) -> None:
        """Whatever happened, at the provider no more was taken than held, and no more given back than taken.

        `there` are the amounts that moved on the hold in its own log, by kind.
        """
        assert there["capture"] + there["reversal"] <= hold.authorised
        assert there["refund"] <= there["capture"]
        if not hold.is_drifted:
            assert hold.captured <= there["capture"]
            assert hold.refunded <= there["refund"]

    def _left_there(self, movements: list[dict[str, Any]]) -> tuple[str, int] | None:
        """Return the first capture of which something can go back at the provider, and half of that."""
        back: dict[str, int] = {}
        for one in movements:
            if one["kind"] == "refund":
                back[one["capture"]] = back.get(one["capture"], 0) + one["amount"]
        for one in movements:
            left = one["amount"] - back.get(one["id"], 0)
            if one["kind"] == "capture" and left > 0:
                return one["id"], (left + 1) // 2
        return None
