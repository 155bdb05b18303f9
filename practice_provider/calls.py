"""The four calls that move money, as callers may send them; what a call does to a hold is decided in ``engine``."""

import hashlib
import json
from dataclasses import asdict, dataclass

from practice_provider.documents import Fields, Json
from practice_provider.engine import DEFAULT_EXPIRY_S
from practice_provider.refusals import InvalidRequest
from practice_provider.words import gettext as _

AUTHORISATION, CAPTURE, REVERSAL, REFUND = "authorisation", "capture", "reversal", "refund"
# What banks and cardholders do days later, by no call of the shop: a capture or refund that was done comes to nothing,
# a payment is disputed, and the dispute is won.
CAPTURE_FAILED, REFUND_FAILED, DISPUTE, DISPUTE_WON = "capture_failed", "refund_failed", "dispute", "dispute_won"

REFERENCE = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
LONGEST_EXPIRY_S = 10 * 365 * 24 * 3600  # far beyond any card network's, so that times stay inside the calendar
_LATEST_INSTANT = 249_900_000_000 * 1_000_000  # in the year 9889: an expiry counted from it still has a date


@dataclass(frozen=True, slots=True)
class Call:
    """One call that moves money: ``target`` is the authorisation (for a refund: the capture) that it is about.

    ``target`` may be the authorisation for a refund too, where the caller's face knows no single captures. ``amount``
    is None for all that there is, ``at`` is None for now. ``currency`` to ``expires_in`` are an
    authorisation's; ``reference`` is the id to give to what is made. ``releases_rest``: a capture lets go of what it
    leaves. ``face`` and ``extras``, a JSON object, are the words and the particulars of a face. ``is_accepted``: it was
    answered already, and what comes of it is told by a notice; ``is_doomed``: it comes to nothing then. ``hold``: on
    which authorisation a refund's caller believes the capture to be, where they say so.
    """

    kind: str
    target: str
    amount: int | None = None
    at: int | None = None
    made_by: str = "api"
    currency: str = ""
    card_brand: str = ""
    card_last4: str = ""
    reference: str | None = None
    expires_in: int = DEFAULT_EXPIRY_S
    releases_rest: bool = False
    face: str = ""
    extras: str = "{}"
    is_accepted: bool = False
    is_doomed: bool = False
    hold: str = ""

    def facts(self) -> dict[str, str | int | None]:
        """Return the call as plain values, from which ``Call(**facts)`` makes it again."""
        return asdict(self)

    def fingerprint(self) -> str:
        """Return a digest that two calls share when they ask for the same."""
        return hashlib.sha256(json.dumps(self.facts(), sort_keys=True).encode()).hexdigest()


def authorisation_from(document: Json) -> Call:
    """Read the body of a new authorisation.

    Raises: InvalidRequest.
    """
    fields = Fields(
        document, allowed=("amount", "currency", "card", "expires_in", "reference", "authorised_at", "made_by")
    )
    card = fields.inner("card", allowed=("brand", "last4"))
    expires_in = fields.integer("expires_in", default=DEFAULT_EXPIRY_S)
    if not 1 <= expires_in <= LONGEST_EXPIRY_S:
        words = _("“expires_in” has to be from 1 to {most} seconds.").format(most=LONGEST_EXPIRY_S)
        raise InvalidRequest(words, field="expires_in")
    reference = None
    if fields.has("reference"):
        reference = fields.text("reference", pattern=REFERENCE, meaning=_("1 to 64 letters, digits, “_”, “-” or “.”"))
    return Call(
        kind=AUTHORISATION,
        target="",
        amount=fields.integer("amount"),
        at=_instant(fields, "authorised_at"),
        made_by=_made_by(fields),
        currency=fields.text("currency", pattern=".*", meaning=_("a currency code of ISO 4217")),
        card_brand=card.text("brand", pattern=r"[A-Za-z][A-Za-z _-]{0,31}", meaning=_("1 to 32 letters")),
        card_last4=card.text("last4", pattern=r"[0-9]{4}", meaning=_("four digits")),
        reference=reference,
        expires_in=expires_in,
    )


def movement_from(kind: str, document: Json, *, target: str) -> Call:
    """Read the body of a capture, reversal or refund; only a reversal may leave out its amount.

    A refund may name the authorisation too.
    Raises: InvalidRequest.
    """
    names_hold = kind == REFUND
    fields = Fields(document, allowed=("amount", "at", "made_by", *(("authorisation",) if names_hold else ())))
    amount = fields.integer("amount") if kind != REVERSAL or fields.has("amount") else None
    hold = ""
    if names_hold and fields.has("authorisation"):
        hold = fields.text("authorisation", pattern=".*", meaning=_("the id of an authorisation"))
    return Call(kind=kind, target=target, amount=amount, at=_instant(fields, "at"), made_by=_made_by(fields), hold=hold)


def _made_by(fields: Fields) -> str:
    return fields.word("made_by", words=("api", "dashboard"), default="api")


def _instant(fields: Fields, name: str) -> int | None:
    instant = fields.instant(name)
    if instant is not None and not 0 <= instant <= _LATEST_INSTANT:
        raise InvalidRequest(_("“{field}” has to lie between 1970 and 9890.").format(field=name), field=name)
    return instant
