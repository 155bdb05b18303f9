"""A random walk through everything that can happen to orders and their money, held against the model at every step.

Clerks, the worker, somebody at the provider's own dashboard, a clock that jumps, and a provider that misbehaves.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from orderwright.actions import check_operation, settle_operation
from tests.factories.orders import RUG, document, payment
from tests.faults.model import Hold, OrderModel, RefundModel
from tests.faults.watched import AT_WORK, COMES_TO, Watched

# The sample order's total, paid at once or in parts.
PAID_BY = ([59894], [40000, 19894], [20001, 9893, 30000])
CALLS = ("capture", "reversal", "refund", "lookup")
ON_LOOK_UPS = ("drop_before", "server_error", "malformed")
JUMPS = (timedelta(minutes=2), timedelta(minutes=40), timedelta(hours=3), timedelta(hours=25), timedelta(days=4))
# Long enough for every wait between two tries, and short of the day for which the provider remembers a key.
QUIET_STEP = timedelta(minutes=20)
QUIET_STEPS = 12

orders = st.integers(0, AT_WORK - 1)
payments = st.integers(0, 2)
shares = st.sampled_from(["all", "third", "one"])
wrong_shares = st.sampled_from(["over", "zero"])


class Desk(Watched):
    """The steps of the walk."""

    # Orders come in

    @initialize(parts=st.tuples(st.sampled_from(PAID_BY), st.sampled_from(PAID_BY)))
    def open_the_shop(self, parts: tuple[list[int], list[int]]) -> None:
        for amounts in parts:
            self.take_in(amounts, 7)

    @rule(amounts=st.sampled_from(PAID_BY), days=st.sampled_from([1, 7]))
    def take_in(self, amounts: list[int], days: int) -> None:
        ends = timedelta(days=days)
        made = document()
        holds = []
        for amount in amounts:
            reference = self.practice.authorise(amount, at=self.now, expires_in=ends)
            made["payments"].append(payment(reference, amount, at=self.now, expires_in=ends))
            holds.append(Hold(reference=reference, authorised=amount, expires_at=self.now + ends))
        self.orders.append(OrderModel(number=self.clerk.asks.take_in(made).number, holds=holds))

    # Clerks act

    @rule(at=orders, of=payments, share=wrong_shares)
    def capture_too_much_or_nothing(self, at: int, of: int, share: str) -> None:
        self.capture(at, of, share)

    @rule(at=orders, of=payments, share=shares)
    def capture(self, at: int, of: int, share: str) -> None:
        order, hold = self._pick(at, of)
        amount = self._amount(hold.free, share)
        row = self._row(order, hold)
        why_not = order.why_not_capture(hold, amount, self.now)
        foretold = self._foretold("capture", [hold])
        result = self._act(
            order, why_not, lambda: self.clerk.asks.capture(self._seen(order), amount, payment=row), calls=1
        )
        assert result is None or result.state in foretold, (result, foretold)

    @rule(at=orders, of=payments, share=shares)
    def capture_once_more(self, at: int, of: int, share: str) -> None:
        self.capture(at, of, share)

    @rule(at=orders, of=payments)
    def reverse(self, at: int, of: int) -> None:
        order, hold = self._pick(at, of)
        row = self._row(order, hold)
        foretold = self._foretold("reversal", [hold], is_over=hold.expires_at <= self.now)
        result = self._act(
            order,
            order.why_not_reverse(hold, self.now),
            lambda: self.clerk.asks.reverse_hold(self._seen(order), payment=row),
            calls=1,
        )
        assert result is None or result.state in foretold, (result, foretold)

    @precondition(lambda self: self._has_captured())
    @rule(at=orders, share=wrong_shares)
    def refund_too_much_or_nothing(self, at: int, share: str) -> None:
        self.refund_an_amount(at, share)

    @precondition(lambda self: self._has_captured())
    @rule(at=orders, share=shares)
    def refund_an_amount(self, at: int, share: str) -> None:
        order, _hold = self._pick(at, 0)
        amount = self._amount(sum(hold.refundable for hold in order.holds), share)
        is_sure = self._is_sure("refund", order.holds)
        result = self._act(
            order, order.why_not_refund(amount), lambda: self.clerk.asks.refund(self._seen(order), other=amount)
        )
        if result is not None:
            assert result.amount_minor == amount
            assert result.state in ({"done"} if is_sure else {"running", "done", "partly", "failed"})

    @precondition(lambda self: self._has_captured())
    @rule(at=orders, line=st.integers(0, 2))
    def refund_a_piece(self, at: int, line: int) -> None:
        order, _hold = self._pick(at, 0)
        seen = self._seen(order)
        row = seen.lines[line]
        total = row.total_minor - row.discount_minor + row.tax_minor
        worth = order.worth(line, total=total, of=row.quantity)
        why_not = order.why_not_refund(max(worth, 1))
        if not why_not and order.pieces_back(line) == row.quantity:
            why_not = "refund_invalid"
        before = set(order.calls)
        result = self._act(order, why_not, lambda: self.clerk.asks.refund(seen, items={row.sku: 1}))
        if result is not None:
            assert result.amount_minor == worth
            order.refunds.append(RefundModel(line=line, pieces=1, legs=set(order.calls) - before))

    @rule(at=orders, email=st.booleans())
    def cancel(self, at: int, email: bool) -> None:
        order, _hold = self._pick(at, 0)
        why_not = order.why_not_cancel()
        is_sure = self._is_sure("reversal", order.holds) and self._is_sure("refund", order.holds)
        came_from = order.state

        def begin() -> None:
            order.came_from, order.state, order.cancellation = came_from, "cancel-requested", "running"
            order.wants_mail, order.legs = email, set()

        result = self._act(
            order, why_not, lambda: self.clerk.asks.cancel(order.number, email=email), begins=begin, is_saga=True
        )
        assert result is None or result.state in ({"done"} if is_sure else {"running", "done", "failed"})

    @precondition(lambda self: self._stopped())
    @rule()
    def resume(self) -> None:
        self._resume(self._stopped()[0])

    def _resume(self, order: OrderModel) -> None:
        def begin() -> None:
            order.cancellation = "running"

        self._act(
            order,
            order.why_not_resume(),
            lambda: self.clerk.asks.resume_cancellation(order.number),
            begins=begin,
            is_saga=True,
        )

    @precondition(lambda self: self._stopped())
    @rule()
    def withdraw(self) -> None:
        order = self._stopped()[-1]

        def begin() -> None:
            order.state, order.cancellation, order.legs = order.came_from, "", set()

        self._act(
            order,
            order.why_not_withdraw(),
            lambda: self.clerk.asks.withdraw_cancellation(order.number),
            begins=begin,
            calls=0,
        )

    @rule(at=orders, state=st.sampled_from(["new", "processing", "fraud", "suspended", "completed", "canceled"]))
    def change_state(self, at: int, state: str) -> None:
        order, _hold = self._pick(at, 0)

        def begin() -> None:
            order.state = state

        self._act(
            order,
            order.why_not_state(state),
            lambda: self.clerk.asks.change_state(order.number, state, is_confirmed=True),
            begins=begin,
            calls=0,
        )

    @rule(at=orders, method=st.sampled_from(["dhl-express", "pick-up", "ups-ground"]), number=st.integers(1, 3))
    def ship(self, at: int, method: str, number: int) -> None:
        """Split the shipment and type a tracking number; what of it goes, the rules of shipments decide."""
        order, _hold = self._pick(at, 0)
        seen = self._seen(order)
        self._try(order, lambda: self.clerk.asks.update_shipment(seen, items={RUG["sku"]: 1}, method=method))
        self._try(order, lambda: self.clerk.asks.set_tracking(order.number, number, f"1Z{method}{number}"))

    @rule(at=orders)
    def sync(self, at: int) -> None:
        order, _hold = self._pick(at, 0)
        self._sync(order)

    def _sync(self, order: OrderModel) -> None:
        result = self.clerk.asks.sync_payments(order.number)
        self._learn(order, calls=0)
        rows = {row.id: row.reference for row in self._seen(order).payments}
        for found in result.found:
            hold = next(one for one in order.holds if one.reference == rows[found.payment_id])
            has_run_out = found.kind == "expire" and hold.expires_at <= self.now
            assert hold.is_drifted or has_run_out, f"found something on a hold that nobody touched: {found}"
            if found.is_applied:
                self.world.found += 1
                hold.move(found.kind, found.amount_minor)

    @rule(at=orders)
    def check_again(self, at: int) -> None:
        order, _hold = self._pick(at, 0)
        for key, call in order.calls.items():
            if call.is_open:
                self._try(order, lambda key=key: check_operation.run(key=key, actor=self.mia.actor, now=self.now))

    @rule(at=orders)
    def settle_by_hand(self, at: int) -> None:
        order, _hold = self._pick(at, 0)
        self._settle_by_hand(order)

    # Time, the worker, the provider

    @rule()
    def worker(self) -> None:
        for key in settle_operation.due(now=self.now):
            settle_operation.run(key=key, now=self.now)
        for order in self.orders:
            self._learn(order, calls=0)

    @rule(by=st.sampled_from(JUMPS))
    def wait(self, by: timedelta) -> None:
        self.now += by
        self.practice.advance(by)

    @rule(kind=st.sampled_from(sorted(COMES_TO)), on=st.sampled_from(CALLS[:3]))
    def fault(self, kind: str, on: str) -> None:
        more = {"hang": {"seconds": 3}, "late_effect": {"seconds": 60}}.get(kind, {})
        self.practice.fault(kind, on, **more)
        self.world.faults += 1

    @rule(kind=st.sampled_from(ON_LOOK_UPS))
    def fault_on_a_look_up(self, kind: str) -> None:
        self.practice.fault(kind, "lookup")
        self.world.faults += 1

    @rule()
    def faults_end(self) -> None:
        self.practice.clear_faults()

    @precondition(lambda self: not self.practice.waiting_faults())
    @rule(at=orders, of=payments, kind=st.sampled_from(["capture", "reversal", "refund"]))
    def at_the_providers_dashboard(self, at: int, of: int, kind: str) -> None:
        order, hold = self._pick(at, of)
        there = self.practice.effects(hold.reference)
        rest = hold.authorised - sum(amount for what, amount in there if what != "refund")
        is_open = rest > 0 and hold.expires_at > self.now and not any(what == "reversal" for what, _amount in there)
        if kind == "refund":
            left = self._left_there(self.practice.look_up(hold.reference)["movements"])
            if left is None:
                return
            self.practice.refund_by_hand(*left)
        elif not is_open:
            return
        elif kind == "capture":
            self.practice.capture_by_hand(hold.reference, (rest + 1) // 2)
        else:
            self.practice.reverse_by_hand(hold.reference)
        hold.is_drifted = True
        assert order in self.orders

    def teardown(self) -> None:
        """Let everything come to rest: nothing stays open, and no cancellation stops where it could go on."""
        self.practice.clear_faults()
        for _round in range(QUIET_STEPS):
            if not any(order.cancellation or any(c.is_open for c in order.calls.values()) for order in self.orders):
                break
            self.wait(QUIET_STEP)
            self.worker()
            for order in self.orders:
                self._settle_by_hand(order)
                self._sync(order)
                if order.cancellation == "failed":
                    self._resume(order)
        for order in self.orders:
            assert not [call for call in order.calls.values() if call.is_open]
            assert not order.cancellation
        self.books_are_right()
        self.the_desk_is_where_the_model_is()

    def _stopped(self) -> list[OrderModel]:
        """Return the orders whose cancellation is under way or has stopped."""
        return [order for order in self.orders if order.cancellation]

    def _has_captured(self) -> bool:
        return any(hold.captured for order in self.orders for hold in order.holds)
