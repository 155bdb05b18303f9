"""Every amount against every standing of a hold: refused before the call, or done exactly (FG6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orderwright.core.errors import OrderwrightError

pytestmark = pytest.mark.fault

WHOLE = 59894
# Where a hold can stand, and what is held and what is captured of it then.
STANDINGS = {
    "held": (WHOLE, 0),
    "captured in part": (39894, 20000),
    "captured": (0, WHOLE),
    "captured and refunded in part": (0, WHOLE - 5000),
    "refunded": (0, 0),
    "reversed": (0, 0),
    "captured in part, rest reversed": (0, 20000),
    "ended": (WHOLE, 0),
    "captured in part, rest ended": (39894, 20000),
}
# How much is asked for, of what there is: (held, captured).
AMOUNTS = {
    "nothing": lambda most: 0,
    "less than nothing": lambda most: -1,
    "one": lambda most: 1,
    "all": lambda most: most,
    "one too many": lambda most: most + 1,
}


@pytest.fixture
def standing(take_in, clerk, practice):
    """Bring an order's hold to where it stands, and return the order and the clerk who acts next."""

    def bring(to):
        order = take_in(expires_in=timedelta(hours=1))
        if to.startswith("captured in part"):
            order = clerk.capture(order, 20000)
        elif to in ("captured", "captured and refunded in part", "refunded"):
            order = clerk.capture(order)
        if to == "captured and refunded in part":
            order = clerk.refund(order, other=5000)
        if to == "refunded":
            order = clerk.refund(order, other=WHOLE)
        if to.endswith("reversed"):
            order = clerk.reverse_hold(order)
        if not to.endswith("ended"):
            return order, clerk
        practice.advance(timedelta(hours=2))
        return order, clerk.at(timedelta(hours=2))

    return bring


def why_not(act, amount, *, held, captured, is_over, is_refunded):
    """Return why this cannot be, as the guide and the providers' rules have it; empty when it can."""
    if act == "refund":
        if not captured:
            return "all_refunded" if is_refunded else "nothing_captured"
        return "" if 1 <= amount <= captured else "refund_invalid"
    if not held:
        return "nothing_held"
    if is_over:
        return "hold_expired"
    if act == "reverse":
        return ""
    return "" if 1 <= amount <= held else "amount_out_of_range"


@pytest.mark.parametrize("asked", AMOUNTS)
@pytest.mark.parametrize("act", ["capture", "refund", "reverse"])
@pytest.mark.parametrize("to", STANDINGS)
def test_each_amount_at_each_standing_is_done_or_refused_before_the_call(
    standing, practice, figure, to, act, asked
):  # FG6, W6
    held, captured = STANDINGS[to]
    order, clerk = standing(to)
    amount = held if act == "reverse" else AMOUNTS[asked](held if act == "capture" else captured)
    before = practice.effects(order)
    code = ""

    try:
        if act == "capture":
            clerk.capture(order, amount)
        elif act == "refund":
            clerk.refund(order, other=amount)
        else:
            clerk.reverse_hold(order)
    except OrderwrightError as refusal:
        code = refusal.code

    is_over = to.endswith("ended")
    expected = why_not(act, amount, held=held, captured=captured, is_over=is_over, is_refunded=to == "refunded")
    moved = practice.effects(order)[len(before) :]
    words = {"capture": "capture", "refund": "refund", "reverse": "reversal"}
    wanted = [] if expected else [(words[act], amount)]
    figure("FG6", "every amount at every standing of a hold", pairs=1, wrong=int((code, moved) != (expected, wanted)))
    assert (code, moved) == (expected, wanted)
    if expected:
        assert clerk.sees(order) == order
