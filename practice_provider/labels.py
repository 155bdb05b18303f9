"""The words under which the page shows calls, faults and states, in the order of its lists; no markup."""

from practice_provider.words import gettext as _

CALLS = {
    "capture": _("Capture"),
    "reversal": _("Reversal"),
    "refund": _("Refund"),
    "authorisation": _("Authorisation"),
    "lookup": _("Look-up (Sync Payments)"),
    "any": _("Any call"),
}

OUTCOMES_WITHOUT_EFFECT = {
    "decline": _("Decline the card"),
    "hang_before": _("Hang, and never do it"),
    "drop_before": _("Drop the connection, nothing done"),
    "server_error": _("Answer 500, nothing done"),
    "busy": _("Answer 429: busy, try again"),
    "conflict": _("Answer 409: still running"),
}
OUTCOMES_WITH_EFFECT = {
    "hang": _("Do it, then hang without an answer"),
    "late": _("Do it, answer late"),
    "drop_after": _("Do it, then drop the connection"),
    "server_error_after": _("Do it, then answer 500"),
    "malformed": _("Do it, answer in broken JSON"),
    "truncated": _("Do it, cut the answer short"),
    "wrong_amount": _("Do it, name a wrong amount"),
    "wrong_currency": _("Do it, name a wrong currency"),
}
OUTCOMES_LATER = {"late_effect": _("Drop the call, do it later")}
OUTCOMES = OUTCOMES_WITHOUT_EFFECT | OUTCOMES_WITH_EFFECT | OUTCOMES_LATER

KINDS = {
    "authorisation": _("Authorised"),
    "capture": _("Captured"),
    "reversal": _("Released"),
    "refund": _("Refunded"),
}

# Each state's word, and the colour of its badge.
STATES = {
    "held": (_("Held"), "blue"),
    "captured": (_("Captured"), "green"),
    "part_captured": (_("Partly captured"), "amber"),
    "reversed": (_("Reversed"), ""),
    "expired": (_("Expired"), "red"),
}

# What a person is told after a form was carried out.
DONE = {
    "fault": _("The fault waits for its call."),
    "cleared": _("All faults are cleared; calls go well again."),
    "clock": _("The provider’s clock is set."),
    "capture": _("Captured at the provider. The desk learns of it by Sync Payments."),
    "reversal": _("Released at the provider. The desk learns of it by Sync Payments."),
    "refund": _("Refunded at the provider. The desk learns of it by Sync Payments."),
}
