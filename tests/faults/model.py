"""What an order and its money should look like, in plain Python: what the random walk holds the desk against.

It shares no code with the desk. How a call without an answer ends, it learns from the desk; what that does to the
order and to the figures, and what may be asked for next, it knows by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

# Words of the state table, from the guide's reading of the rules (G7, W3), written down once more.
MOVES = {
    "new": {"processing", "fraud", "completed"},
    "processing": {"new", "fraud", "suspended", "completed"},
    "fraud": {"new", "processing", "suspended"},
    "suspended": {"new", "processing", "fraud"},
    "completed": {"processing"},
    "cancel-requested": set(),
    "canceled": set(),
}
# Neither money nor a parcel moves on the word of a clerk in these.
NO_CAPTURE = {
    "cancel-requested": "cancellation_under_way",
    "canceled": "order_canceled",
    "fraud": "order_is_fraud",
}
NO_CANCEL = {
    "cancel-requested": "cancellation_under_way",
    "canceled": "order_canceled",
    "completed": "order_completed",
}
FINAL = ("succeeded", "failed")


@dataclass
class Call:
    """One call that the desk wrote down. Unit: minor units."""

    kind: str
    amount: int
    state: str
    failure: str = ""

    @property
    def is_open(self) -> bool:
        return self.state not in FINAL


@dataclass
class Hold:
    """One payment. Unit: minor units."""

    reference: str
    authorised: int
    expires_at: datetime
    captured: int = 0
    released: int = 0
    refunded: int = 0
    calls: dict[str, Call] = field(default_factory=dict)
    # Somebody moved it past the desk, so what the provider answers is not the model's to foretell.
    is_drifted: bool = False

    @property
    def held(self) -> int:
        return self.authorised - self.captured - self.released

    @property
    def pending(self) -> int:
        return sum(call.amount for call in self.calls.values() if call.is_open and call.kind in ("capture", "reverse"))

    @property
    def refund_pending(self) -> int:
        return sum(call.amount for call in self.calls.values() if call.is_open and call.kind == "refund")

    @property
    def free(self) -> int:
        return self.held - self.pending

    @property
    def refundable(self) -> int:
        return self.captured - self.refunded - self.refund_pending

    @property
    def figures(self) -> tuple[int, ...]:
        return self.authorised, self.captured, self.released, self.refunded, self.pending, self.refund_pending

    def end(self, call: Call, *, state: str, failure: str) -> None:
        """Book how a call ended."""
        assert call.is_open, f"a call that was {call.state} became {state}"
        call.state, call.failure = state, failure
        if state == "succeeded":
            self.move(call.kind, call.amount)
        elif (call.kind, failure) == ("reverse", "hold_expired"):
            self.move("reverse", call.amount)

    def move(self, kind: str, amount: int) -> None:
        """Book a movement."""
        name = {"capture": "captured", "reverse": "released", "expire": "released", "refund": "refunded"}[kind]
        setattr(self, name, getattr(self, name) + amount)


@dataclass
class RefundModel:
    """One refund of pieces of a line; `legs` are the keys of its calls."""

    line: int
    pieces: int
    legs: set[str]


@dataclass
class OrderModel:
    """One order. `cancellation` is running, failed, or empty; `came_from` is where a withdrawn one goes back to."""

    number: str
    holds: list[Hold]
    refunds: list[RefundModel] = field(default_factory=list)
    state: str = "new"
    cancellation: str = ""
    came_from: str = ""
    legs: set[str] = field(default_factory=set)
    wants_mail: bool = False

    @property
    def calls(self) -> dict[str, Call]:
        return {key: call for hold in self.holds for key, call in hold.calls.items()}

    @property
    def is_settled(self) -> bool:
        return all(hold.held == 0 and hold.captured == hold.refunded for hold in self.holds)

    @property
    def mails(self) -> int:
        return int(self.wants_mail and self.state == "canceled")

    # Why not: the code with which the desk has to refuse, or nothing when it has to go on.

    def why_not_capture(self, hold: Hold, amount: int, now: datetime) -> str:
        if self.state in NO_CAPTURE:
            return NO_CAPTURE[self.state]
        if hold.held == 0:
            return "nothing_held"
        if hold.expires_at <= now:
            return "hold_expired"
        if hold.free == 0:
            return "payment_under_way"
        return "" if 1 <= amount <= hold.free else "amount_out_of_range"

    def why_not_reverse(self, hold: Hold, now: datetime) -> str:
        if self.state in ("cancel-requested", "canceled"):
            return "cancellation_under_way"
        if hold.held == 0:
            return "nothing_held"
        if hold.expires_at <= now:
            return "hold_expired"
        return "payment_under_way" if hold.free < hold.held else ""

    def why_not_refund(self, amount: int) -> str:
        if self.state == "cancel-requested":
            return "cancellation_under_way"
        most = sum(hold.refundable for hold in self.holds)
        if most == 0:
            if any(hold.captured > hold.refunded for hold in self.holds):
                return "payment_under_way"
            return "all_refunded" if any(hold.captured for hold in self.holds) else "nothing_captured"
        return "" if 1 <= amount <= most else "refund_invalid"

    def why_not_cancel(self) -> str:
        return NO_CANCEL.get(self.state) or self._money_under_way()

    def why_not_resume(self) -> str:
        return self.why_not_withdraw() or self._money_under_way()

    def why_not_withdraw(self) -> str:
        if not self.cancellation:
            return "no_cancellation_open"
        return "" if self.cancellation == "failed" else "cancellation_under_way"

    def why_not_state(self, state: str) -> str:
        if state == self.state:
            return "state_unchanged"
        if state == "canceled" and self.state not in ("cancel-requested", "canceled", "completed"):
            return "use_cancel_order"
        return "" if state in MOVES[self.state] else "move_not_allowed"

    def _money_under_way(self) -> str:
        return "payment_under_way" if any(call.is_open for call in self.calls.values()) else ""

    # Pieces of items

    def pieces_back(self, line: int) -> int:
        """Return how many pieces of the line were given back, or are on their way; a refund that failed gave none."""
        calls = self.calls
        return sum(
            refund.pieces
            for refund in self.refunds
            if refund.line == line and any(calls[key].state != "failed" for key in refund.legs)
        )

    def worth(self, line: int, *, total: int, of: int) -> int:
        """Return what the next piece of the line is worth: after the last one exactly the line has gone back."""
        before = self.pieces_back(line)
        return total * (before + 1) // of - total * before // of

    # What happens by itself

    def look_at_cancellation(self) -> None:
        """Let a cancellation go on when its last leg has ended."""
        if not self.cancellation or any(self.calls[key].is_open for key in self.legs):
            return
        if self.is_settled:
            self.state, self.cancellation = "canceled", ""
        else:
            self.cancellation = "failed"
