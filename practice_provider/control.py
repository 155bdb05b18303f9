"""The control page's addresses and forms: what a person chooses becomes a fault, a step of the clock or a movement.

How a page looks is in ``pages``; what a movement may do is decided as for every other caller.
"""

import json
import re
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl

from practice_provider import labels
from practice_provider.answers import Answer, Reply
from practice_provider.calls import CAPTURE, REFUND, REVERSAL, Call
from practice_provider.currencies import parse_amount
from practice_provider.documents import Json
from practice_provider.faults import fault_from
from practice_provider.pages import authorisation, overview, parts
from practice_provider.provider import Provider
from practice_provider.refusals import InvalidRequest, MethodNotAllowed, NotFound, Refusal
from practice_provider.routes import Request
from practice_provider.words import gettext as _

_ASSETS = Path(__file__).parent / "static"
_STATIC = {
    "/control.css": Answer(200, (_ASSETS / "control.css").read_bytes(), (("Content-Type", "text/css; charset=utf-8"),)),
    "/icon.svg": Answer(200, (_ASSETS / "icon.svg").read_bytes(), (("Content-Type", "image/svg+xml"),)),
}

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", _POLICY),
    ("Referrer-Policy", "same-origin"),
)

_OVERVIEW = re.compile(r"/")
_DETAIL = re.compile(r"/dashboard/authorisations/([^/]+)")
_FAULTS = re.compile(r"/dashboard/faults")
_CLEARED = re.compile(r"/dashboard/faults/clear")
_CLOCK = re.compile(r"/dashboard/clock")
_MOVEMENT = re.compile(r"/dashboard/authorisations/([^/]+)/(capture|reversal|refund)")

_LONGEST_FIELD = 255
_FIELDS_MOST = 20  # more than any of the forms has
_SHOWN = 30  # about a screen of the latest authorisations and effects


def answer(provider: Provider, request: Request) -> Reply | None:
    """Return what comes of a request to the pages, or None when the address belongs to the JSON interface."""
    if request.path in _STATIC:
        return Reply(_STATIC[request.path])
    if request.path != "/" and not request.path.startswith("/dashboard/"):
        return None
    try:
        return Reply(_page(provider, request))
    except Refusal as refusal:
        return Reply(Answer(refusal.status, parts.refusal(refusal.message), _HEADERS))


def _page(provider: Provider, request: Request) -> Answer:
    if request.method == "GET":
        if _OVERVIEW.fullmatch(request.path):
            return _overview(provider, request)
        detail = _DETAIL.fullmatch(request.path)
        if detail:
            return _detail(provider, detail.group(1), done=_pairs(request.query).get("done", ""))
    elif request.method == "POST":
        return _form(provider, request, _pairs(request.body.decode("ascii", "replace")))
    elif _OVERVIEW.fullmatch(request.path) or _DETAIL.fullmatch(request.path):
        raise MethodNotAllowed(allowed="GET")
    raise NotFound


def _form(provider: Provider, request: Request, typed: dict[str, str]) -> Answer:
    if _FAULTS.fullmatch(request.path):
        return _add_fault(provider, request, typed)
    if _CLEARED.fullmatch(request.path):
        provider.faults.clear()
        return _see("/?done=cleared")
    if _CLOCK.fullmatch(request.path):
        return _set_clock(provider, typed)
    movement = _MOVEMENT.fullmatch(request.path)
    if movement:
        return _move(provider, typed, reference=movement.group(1), kind=movement.group(2))
    raise NotFound


def _overview(provider: Provider, request: Request, *, typed: dict[str, str] | None = None, wrong: str = "") -> Answer:
    query = _pairs(request.query) if request.method == "GET" else {}
    found = provider.overview(find=query.get("find", "").strip(), limit=_SHOWN)
    waiting, seeded = provider.faults.waiting()
    page = overview.overview(
        found,
        waiting=waiting,
        seeded=seeded,
        find=query.get("find", "").strip(),
        typed=typed or {},
        wrong=wrong,
        done=labels.DONE.get(query.get("done", ""), ""),
    )
    return Answer(422 if wrong else 200, page, _HEADERS)


def _detail(
    provider: Provider, reference: str, *, done: str = "", typed: dict[str, str] | None = None, wrong: str = ""
) -> Answer:
    hold, movements, now = provider.read_hold(reference)
    page = authorisation.detail(
        hold, movements, now=now, done=labels.DONE.get(done, ""), typed=typed or {}, wrong=wrong
    )
    return Answer(422 if wrong else 200, page, _HEADERS)


def _add_fault(provider: Provider, request: Request, typed: dict[str, str]) -> Answer:
    document: Json = {name: typed[name] for name in ("on", "kind", "authorisation") if typed.get(name)}
    for name in ("times", "seconds"):
        if typed.get(name):
            document[name] = int(typed[name]) if re.fullmatch(r"[0-9]{1,9}", typed[name]) else typed[name]
    try:
        provider.faults.add(fault_from(document))
    except InvalidRequest as refusal:
        return _overview(provider, request, typed=typed, wrong=refusal.message)
    return _see("/?done=fault")


def _set_clock(provider: Provider, typed: dict[str, str]) -> Answer:
    if typed.get("advance") in overview.CLOCK_STEPS:
        provider.advance_clock(seconds=int(typed["advance"]))
    elif typed.get("reset"):
        provider.reset_clock()
    else:
        raise InvalidRequest(_("The clock can be put forward by the steps on the page, or reset."))
    return _see("/?done=clock")


def _move(provider: Provider, typed: dict[str, str], *, reference: str, kind: str) -> Answer:
    hold, movements, _now = provider.read_hold(reference)
    captures = [movement.id for movement in movements if movement.kind == CAPTURE]
    if kind == REFUND and typed.get("capture") not in captures:
        raise NotFound
    try:
        amount = None if kind == REVERSAL else parse_amount(typed.get("amount", ""), currency=hold.currency)
    except ValueError:
        words = _("Type the amount in {currency}, such as {example}.").format(
            currency=hold.currency, example=parts.example_amount(hold.currency)
        )
        return _detail(provider, reference, typed={**typed, "kind": kind}, wrong=words)
    call = Call(
        kind=kind,
        target=typed["capture"] if kind == REFUND else reference,
        amount=amount,
        made_by="dashboard",
    )
    if not re.fullmatch(r"[0-9a-f]{16}", typed.get("key", "")):
        raise InvalidRequest(_("The form is not one of this page."))
    reply = provider.submit(call, key=f"dashboard-{typed['key']}", meets_faults=False)
    if reply.answer.status >= HTTPStatus.BAD_REQUEST:
        told = json.loads(reply.answer.body)["error"]["message"]
        return _detail(provider, reference, typed={**typed, "kind": kind}, wrong=told)
    return _see(f"/dashboard/authorisations/{reference}?done={kind}")


def _pairs(encoded: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS_MOST)
    except ValueError as unreadable:
        raise InvalidRequest(_("The form cannot be read.")) from unreadable
    if any(len(value) > _LONGEST_FIELD or (value and not value.isprintable()) for _name, value in pairs):
        raise InvalidRequest(_("The form cannot be read."))
    return dict(pairs)


def _see(address: str) -> Answer:
    return Answer(303, b"", (("Location", address), ("Content-Type", "text/html; charset=utf-8")))
