"""Which of Stripe's addresses does what; what is answered in which words is ``voice``'s."""

import hashlib
import json
import re
import secrets
from collections.abc import Callable
from urllib.parse import unquote

from practice_provider.answers import Answer, Reply, answer_of
from practice_provider.calls import AUTHORISATION, CAPTURE, REFERENCE, REFUND, REVERSAL, Call
from practice_provider.documents import Json
from practice_provider.engine import Movement
from practice_provider.faces.stripe import objects
from practice_provider.faces.stripe.amounts import from_wire
from practice_provider.faces.stripe.forms import Parameters, parse_form
from practice_provider.faces.stripe.refusals import ParameterInvalid, Unauthenticated
from practice_provider.faces.stripe.voice import NAME, StripeVoice
from practice_provider.instants import SECOND_US
from practice_provider.provider import Provider
from practice_provider.refusals import AmountInvalid, CardDeclined, MethodNotAllowed, NotFound, Refusal
from practice_provider.routes import LONGEST_KEY, Request
from practice_provider.voices import Scene
from practice_provider.words import gettext as _

PREFIX = "/stripe/v1"
VOICE = StripeVoice()

# The cards that a PaymentIntent can be made with here: brand and last four digits.
_CARDS = {
    "pm_card_visa": ("visa", "4242"),
    "pm_card_mastercard": ("mastercard", "4444"),
    "pm_card_amex": ("amex", "8431"),
    "pm_card_jcb": ("jcb", "0505"),
}
_DECLINED = ("pm_card_chargeDeclined", "pm_card_visa_chargeDeclined")
_FRESH = "without-key-"
MOST_LISTED, USUALLY_LISTED = 100, 10
_CANCELLATION_REASONS = ("abandoned", "duplicate", "fraudulent", "requested_by_customer")
_REFUND_REASONS = ("duplicate", "fraudulent", "requested_by_customer")

Route = Callable[[Provider, Request, Parameters, str], Reply]


def answer(provider: Provider, request: Request) -> Reply:
    """Return what comes of a request; refusals are worded as Stripe's."""
    try:
        _authenticate(request)
        return _route(provider, request)
    except Refusal as refusal:
        return Reply(VOICE.refused(refusal))


def _authenticate(request: Request) -> None:
    key = (request.header("authorization") or "").removeprefix("Bearer ")
    if not re.fullmatch(r"(sk|rk)_test_[A-Za-z0-9_]{1,200}", key):
        raise Unauthenticated


def _route(provider: Provider, request: Request) -> Reply:
    path = request.path.removeprefix(PREFIX)
    for pattern, by_method in _ROUTES:
        found = pattern.fullmatch(path)
        if found:
            if request.method not in by_method:
                raise MethodNotAllowed(allowed=", ".join(by_method))
            sent = request.query if request.method == "GET" else request.body.decode("utf-8", "replace")
            reference = unquote(found.group(1)) if found.groups() else ""
            return by_method[request.method](provider, request, Parameters(parse_form(sent)), reference)
    raise NotFound


def _create(provider: Provider, request: Request, said: Parameters, _reference: str) -> Reply:
    currency = said.text("currency").upper()
    amount = said.integer("amount")
    if said.text("capture_method", default="automatic") != "manual" or not said.truth("confirm", default=False):
        raise ParameterInvalid(_("Only PaymentIntents captured by hand and confirmed at once."), parameter="confirm")
    card = said.text("payment_method")
    options: Json = said.inner("payment_method_options").get("card", {})  # type: ignore[assignment]
    said.inner("automatic_payment_methods")
    said.listed("payment_method_types")
    metadata, expand = said.words("metadata"), said.listed("expand")
    said.finish()
    if card in _DECLINED:
        raise CardDeclined
    if card not in _CARDS:
        raise ParameterInvalid(_("No such PaymentMethod."), parameter="payment_method", code="resource_missing")
    kept = {
        "metadata": metadata,
        "multicapture": "available" if options.get("request_multicapture") == "if_available" else "unavailable",
    }
    key = _key(request)
    call = Call(
        kind=AUTHORISATION,
        target="",
        amount=from_wire(amount or 0, currency, parameter="amount"),
        currency=currency,
        card_brand=_CARDS[card][0],
        card_last4=_CARDS[card][1],
        reference=f"pi_{_digest(key)}",
        face=NAME,
        extras=json.dumps({"hold": kept, "expand": expand}),
    )
    return provider.submit(call, key=key)


def _capture(provider: Provider, request: Request, said: Parameters, reference: str) -> Reply:
    scene = _scene(provider, reference)
    figure = said.integer("amount_to_capture")
    is_last = said.truth("final_capture", default=True)
    metadata, expand = said.words("metadata"), said.listed("expand")
    said.finish()
    if not is_last and scene.particulars.get(scene.hold.id, {}).get("multicapture") != "available":
        words = _("This PaymentIntent cannot be captured multiple times.")
        raise ParameterInvalid(words, parameter="final_capture")
    if figure == 0:
        raise AmountInvalid(most=scene.hold.amount)
    currency = scene.hold.currency
    amount = None if figure is None else from_wire(figure, currency, parameter="amount_to_capture")
    call = Call(
        kind=CAPTURE,
        target=scene.hold.id,
        amount=amount,
        releases_rest=is_last,
        face=NAME,
        extras=json.dumps({"hold": {"metadata": metadata}, "expand": expand}),
    )
    return provider.submit(call, key=_key(request))


def _cancel(provider: Provider, request: Request, said: Parameters, reference: str) -> Reply:
    scene = _scene(provider, reference)
    reason = said.text("cancellation_reason", default="")
    expand = said.listed("expand")
    said.finish()
    if reason and reason not in _CANCELLATION_REASONS:
        raise ParameterInvalid(_("Invalid cancellation_reason"), parameter="cancellation_reason")
    extras = {"hold": {"cancellation_reason": reason or None}, "expand": expand}
    call = Call(kind=REVERSAL, target=scene.hold.id, face=NAME, extras=json.dumps(extras))
    return provider.submit(call, key=_key(request))


def _refund(provider: Provider, request: Request, said: Parameters, _reference: str) -> Reply:
    intent = said.text("payment_intent", default="") or said.text("charge").replace("ch_", "pi_", 1)
    figure, reason = said.integer("amount"), said.text("reason", default="")
    metadata = said.words("metadata")
    said.listed("expand")
    said.finish()
    if reason and reason not in _REFUND_REASONS:
        raise ParameterInvalid(_("Invalid reason"), parameter="reason")
    hold = _scene(provider, intent).hold
    if not hold.captured:
        words = _("This PaymentIntent does not have a successful charge to refund.")
        raise ParameterInvalid(words, parameter="payment_intent", code="payment_intent_unexpected_state")
    key = _key(request)
    call = Call(
        kind=REFUND,
        target=hold.id,
        amount=None if figure is None else from_wire(figure, hold.currency, parameter="amount"),
        face=NAME,
        reference=f"re_{_digest(key)}",
        extras=json.dumps({"metadata": metadata, "reason": reason or None}),
    )
    return provider.submit(call, key=key)


def _show_intent(provider: Provider, _request: Request, said: Parameters, reference: str) -> Reply:
    expand = tuple(said.listed("expand"))
    _scene(provider, reference)
    return provider.look_up(
        reference, face=NAME, show=lambda scene: answer_of(200, objects.payment_intent(scene, expand=expand))
    )


def _show_charge(provider: Provider, _request: Request, _said: Parameters, reference: str) -> Reply:
    intent = reference.replace("ch_", "pi_", 1)
    _scene(provider, intent)
    return provider.look_up(intent, face=NAME, show=lambda scene: answer_of(200, objects.charge(scene)))


def _show_refund(provider: Provider, _request: Request, _said: Parameters, reference: str) -> Reply:
    def show(scene: Scene) -> Answer:
        document = objects.refund(scene, reference)
        if document is None:
            raise NotFound
        return answer_of(200, document)

    return provider.look_up(reference, face=NAME, show=show)


def _list_refunds(provider: Provider, _request: Request, said: Parameters, _reference: str) -> Reply:
    return _listed(provider, said, objects.refunds, "/v1/refunds")


def _list_disputes(provider: Provider, _request: Request, said: Parameters, _reference: str) -> Reply:
    return _listed(provider, said, objects.disputes, "/v1/disputes")


def _list_balance(provider: Provider, _request: Request, said: Parameters, _reference: str) -> Reply:
    created = said.inner("created")
    limit, behind = said.integer("limit"), said.text("starting_after", default="")
    is_expanded = "data.source" in said.listed("expand")
    said.finish()
    if limit is not None and not 1 <= limit <= MOST_LISTED:
        raise ParameterInvalid(_("Invalid integer: a page has 1 to 100 objects."), parameter="limit")

    def show(page: list[Movement], has_more: bool, scene: Callable[[Movement], Scene]) -> Answer:  # noqa: FBT001
        documents = [objects.balance_transaction(scene(each), each, is_expanded=is_expanded) for each in page]
        return answer_of(200, objects.listed(documents, address="/v1/balance_transactions", has_more=has_more))

    return provider.listed(
        show,
        face=NAME,
        kinds=tuple(objects.BALANCE),
        start=_created(created, "gte") or 0,
        end=_created(created, "lt") or 2**62,
        limit=limit or USUALLY_LISTED,
        newest_behind=behind.removeprefix("txn_"),
    )


def _created(created: Json, name: str) -> int | None:
    """Return a bound of the time at which an object was made, as an instant."""
    seconds = Parameters(created).integer(name)
    return None if seconds is None else seconds * SECOND_US


def _listed(provider: Provider, said: Parameters, of: Callable[[Scene], list[Json]], address: str) -> Reply:
    intent = said.text("payment_intent")
    said.integer("limit")
    said.finish()
    documents = of(_scene(provider, intent))
    return Reply(answer_of(200, objects.listed(documents, address=address)))


def _show_balance(_provider: Provider, _request: Request, _said: Parameters, _reference: str) -> Reply:
    return Reply(answer_of(200, {"object": "balance", "available": [], "pending": [], "livemode": False}))


def _scene(provider: Provider, reference: str) -> Scene:
    """Return the PaymentIntent with all that belongs to it; holds of other faces are not there."""
    if not re.fullmatch(rf"pi_{REFERENCE}", reference):
        raise NotFound
    return provider.read_scene(reference)


def _key(request: Request) -> str:
    """Return the caller's key or, as no call needs one here, a fresh one."""
    given = request.header("idempotency-key")
    if given is None:
        return f"{_FRESH}{secrets.token_hex(12)}"
    if not re.fullmatch(rf"[ -~]{{1,{LONGEST_KEY}}}", given):
        raise ParameterInvalid(_("Idempotency keys have at most 255 characters."), parameter="")
    return given


def _digest(key: str) -> str:
    """Return an id that the same key always leads to, so that a repetition asks for the same."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]


_ROUTES: tuple[tuple[re.Pattern[str], dict[str, Route]], ...] = (
    (re.compile(r"/payment_intents"), {"POST": _create}),
    (re.compile(r"/payment_intents/([^/]+)"), {"GET": _show_intent}),
    (re.compile(r"/payment_intents/([^/]+)/capture"), {"POST": _capture}),
    (re.compile(r"/payment_intents/([^/]+)/cancel"), {"POST": _cancel}),
    (re.compile(r"/charges/([^/]+)"), {"GET": _show_charge}),
    (re.compile(r"/refunds"), {"GET": _list_refunds, "POST": _refund}),
    (re.compile(r"/refunds/([^/]+)"), {"GET": _show_refund}),
    (re.compile(r"/disputes"), {"GET": _list_disputes}),
    (re.compile(r"/balance_transactions"), {"GET": _list_balance}),
    (re.compile(r"/balance"), {"GET": _show_balance}),
)
