"""Which of Adyen's addresses does what; what is answered in which words is ``voice``'s."""

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Callable
from urllib.parse import unquote

from practice_provider.answers import Reply, answer_of
from practice_provider.calls import AUTHORISATION, CAPTURE, REFUND, REVERSAL, Call
from practice_provider.documents import Json, parse_document
from practice_provider.faces.adyen.amounts import from_wire
from practice_provider.faces.adyen.refusals import Unacceptable, unauthenticated, wrong_account
from practice_provider.faces.adyen.voice import NAME, AdyenVoice
from practice_provider.provider import Provider
from practice_provider.refusals import AmountInvalid, CurrencyUnknown, MethodNotAllowed, NotFound, Refusal
from practice_provider.routes import Request
from practice_provider.voices import Scene
from practice_provider.words import gettext as _

PREFIX = "/adyen/v72"
VOICE = AdyenVoice()

# Merchant accounts of this provider, and whether a hold of theirs can be captured several times.
MERCHANTS = {"PracticeStore": False, "PracticeStoreParts": True}
LONGEST_KEY = 64
# Test cards that a payment can be made with: brand and last four digits.
_CARDS = {
    "test_4111111111111111": ("visa", "1111"),
    "test_5555444433331111": ("mc", "1111"),
    "test_370000000000002": ("amex", "0002"),
}
_OPTIONAL = ("applicationInfo", "lineItems", "merchantRefundReason", "platformChargebackLogic", "splits", "store")

Route = Callable[[Provider, Request, Json, str], Reply]


def answer(provider: Provider, request: Request) -> Reply:
    """Return what comes of a request; refusals are worded as Adyen's."""
    try:
        if not re.fullmatch(r"AQE[A-Za-z0-9+/=_.-]{4,300}", request.header("x-api-key") or ""):
            raise unauthenticated()
        return _route(provider, request)
    except Refusal as refusal:
        return Reply(VOICE.refused(refusal))


def _route(provider: Provider, request: Request) -> Reply:
    path = request.path.removeprefix(PREFIX)
    for pattern, route in _ROUTES:
        found = pattern.fullmatch(path)
        if found:
            if request.method != "POST":
                raise MethodNotAllowed(allowed="POST")
            reference = unquote(found.group(1)) if found.groups() else ""
            said = parse_document(request.body)
            if said.get("merchantAccount") not in MERCHANTS:
                raise wrong_account()
            return route(provider, request, said, reference)
    raise Unacceptable(_("Not found"), error_code="000", status=404)


def _pay(provider: Provider, request: Request, said: Json, _reference: str) -> Reply:
    method = said.get("paymentMethod")
    number = method.get("encryptedCardNumber") if isinstance(method, dict) else None
    card = _CARDS.get(str(number))
    if card is None:
        return Reply(answer_of(200, {"resultCode": "Refused", "refusalReason": "Refused", "refusalReasonCode": "2"}))
    amount, currency = _amount(said)
    key = _key(request)
    kept: Json = {
        "merchantAccount": said["merchantAccount"],
        "reference": _text(said, "reference"),
        "paymentMethod": card[0],
    }
    call = Call(
        kind=AUTHORISATION,
        target="",
        amount=amount,
        currency=currency,
        card_brand=card[0],
        card_last4=card[1],
        reference=_psp_reference(key),
        face=NAME,
        extras=json.dumps({"hold": kept}),
    )
    return provider.submit(call, key=key)


def _capture(provider: Provider, request: Request, said: Json, reference: str) -> Reply:
    return _modify(provider, request, said, reference, kind=CAPTURE)


def _refund(provider: Provider, request: Request, said: Json, reference: str) -> Reply:
    return _modify(provider, request, said, reference, kind=REFUND)


def _cancel(provider: Provider, request: Request, said: Json, reference: str) -> Reply:
    return _modify(provider, request, said, reference, kind=REVERSAL)


def _modify(provider: Provider, request: Request, said: Json, reference: str, *, kind: str) -> Reply:
    allowed = {"merchantAccount", "reference", *_OPTIONAL, *(() if kind == REVERSAL else ("amount",))}
    unknown = [name for name in said if name not in allowed]
    if unknown:
        words = _("Unexpected input: {names}").format(names=", ".join(unknown))
        raise Unacceptable(words, error_code="702")
    scene = _scene(provider, reference)
    if scene.particulars.get(scene.hold.id, {}).get("merchantAccount") != said["merchantAccount"]:
        raise wrong_account()
    amount = None
    if kind != REVERSAL:
        amount, currency = _amount(said)
        if currency != scene.hold.currency:
            raise CurrencyUnknown
    key = _key(request)
    call = Call(
        kind=kind,
        target=scene.hold.id,
        amount=amount,
        releases_rest=kind == CAPTURE and not MERCHANTS[str(said["merchantAccount"])],
        reference=_psp_reference(key),
        face=NAME,
        extras=json.dumps({"reference": _text(said, "reference"), "merchantAccount": said["merchantAccount"]}),
    )
    return provider.submit(call, key=key)


def _amount(said: Json) -> tuple[int, str]:
    """Return the amount in minor units and its currency. Raises: AmountInvalid."""
    found = said.get("amount")
    value, currency = (found.get("value"), found.get("currency")) if isinstance(found, dict) else (None, None)
    is_figure = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 10**15
    amount = from_wire(value, str(currency)) if is_figure else None  # type: ignore[arg-type]
    if amount is None:
        raise AmountInvalid(most=10**12)
    return amount, str(currency)


def _text(said: Json, name: str) -> str:
    found = said.get(name, "")
    if not isinstance(found, str) or len(found) > 80:  # noqa: PLR2004 - Adyen's longest reference
        raise Unacceptable(_("Field {name} is not valid").format(name=name), error_code="702")
    return found


def _scene(provider: Provider, reference: str) -> Scene:
    """Return the payment with all that belongs to it; holds of other faces are not there. Raises: NotFound."""
    if not re.fullmatch(r"[A-Z0-9]{16}", reference):
        raise NotFound
    return provider.read_scene(reference)


def _key(request: Request) -> str:
    """Return the caller's key or, as no call needs one here, a fresh one."""
    given = request.header("idempotency-key")
    if given is None:
        return f"without-key-{secrets.token_hex(12)}"
    if not re.fullmatch(rf"[ -~]{{1,{LONGEST_KEY}}}", given):
        raise Unacceptable(_("Idempotency keys have at most 64 characters"), error_code="702")
    return given


def _psp_reference(key: str) -> str:
    """Return sixteen letters and figures that the same key always leads to, so that a repetition asks for the same."""
    return base64.b32encode(hashlib.sha256(key.encode()).digest()).decode()[:16]


_ROUTES: tuple[tuple[re.Pattern[str], Route], ...] = (
    (re.compile(r"/payments"), _pay),
    (re.compile(r"/payments/([^/]+)/captures"), _capture),
    (re.compile(r"/payments/([^/]+)/cancels"), _cancel),
    (re.compile(r"/payments/([^/]+)/refunds"), _refund),
)
