"""The states of operations and cancellations, and what they mean. Pure data, no Django."""

from __future__ import annotations

from typing import Final

# What moves money: our own calls, what banks and schemes take back later, and the hold itself.
LEDGER_KINDS: Final = (
    *("authorise", "capture", "reverse", "expire", "refund"),
    *("capture_failed", "refund_failed", "dispute", "dispute_won"),
)
# The provider reported it done, and took it back later.
TAKEN_BACK: Final = "taken_back"
# The provider says done, and names another amount than was asked for.
WRONG_ECHO: Final = "wrong_echo"
OPERATION_KINDS: Final = ("capture", "reverse", "refund", "lookup")

# prepared: written, not sent. sent: the call is out. unknown: no usable answer came. pending: accepted, settles later.
# manual: the machine has done what it can; a person decides. succeeded and failed are final.
OPERATION_STATES: Final = ("prepared", "sent", "unknown", "pending", "manual", "succeeded", "failed")
FINAL_STATES: Final = frozenset({"succeeded", "failed"})
# Why it failed, a provider says in its own words, which may name the cardholder; any other message is ours.
TOLD_BY_PROVIDER: Final = frozenset({"failed"})
UNDER_WAY: Final = frozenset({"prepared", "sent", "unknown", "pending", "manual"})
# What the portal calls "outcome unknown, checking".
UNSETTLED: Final = frozenset({"unknown", "manual"})

# running: legs are open. failed: a leg was refused and waits for somebody to resume. done: all settled.
REFUND_STATES: Final = ("running", "done", "partly", "failed")
CANCELLATION_STATES: Final = ("running", "failed", "done", "withdrawn")

# open: nobody has looked. investigating: somebody asks. accepted: booked, or closed with a reason. gone: it fits again.
DRIFT_STATES: Final = ("open", "investigating", "accepted", "gone")
DRIFT_UNDECIDED: Final = frozenset({"open", "investigating"})
