"""Which address does what, and the reading of what stands in it; the bytes on the wire are ``http``'s."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from practice_provider.answers import Answer, Reply, answer_of, movement_document
from practice_provider.calls import (
    CAPTURE,
    CAPTURE_FAILED,
    DISPUTE,
    DISPUTE_WON,
    REFUND,
    REFUND_FAILED,
    REVERSAL,
    Call,
    authorisation_from,
    movement_from,
)
from practice_provider.documents import Fields, Json, parse_document
from practice_provider.engine import Movement
from practice_provider.faults import fault_from
from practice_provider.instants import parse_instant
from practice_provider.provider import LONGEST_ADVANCE_S, Provider
from practice_provider.refusals import InvalidRequest, KeyInvalid, KeyMissing, MethodNotAllowed, NotFound
from practice_provider.words import gettext as _

LONGEST_KEY = 255
MOST_EFFECTS = 10_000  # a page that still fits comfortably into memory on both sides
USUAL_EFFECTS = 1_000


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request whose body was read."""

    method: str
    path: str
    query: str
    headers: dict[str, tuple[str, ...]]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the first value of a header; names are in lower case."""
        return self.headers.get(name, (None,))[0]


Route = Callable[[Provider, Request, str], Reply]


def answer(provider: Provider, request: Request) -> Reply:
    """Return what comes of a request to the JSON interface.

    Raises: the refusals; the caller turns them into answers.
    """
    for pattern, by_method in _ROUTES:
        found = pattern.fullmatch(request.path)
        if found:
            if request.method not in by_method:
                raise MethodNotAllowed(allowed=", ".join(by_method))
            return by_method[request.method](provider, request, found.group(1) if found.groups() else "")
    raise NotFound


def _authorise(provider: Provider, request: Request, _reference: str) -> Reply:
    return _submit(provider, request, authorisation_from(parse_document(request.body)))


def _capture(provider: Provider, request: Request, reference: str) -> Reply:
    return _submit(provider, request, movement_from(CAPTURE, parse_document(request.body), target=reference))


def _reverse(provider: Provider, request: Request, reference: str) -> Reply:
    return _submit(provider, request, movement_from(REVERSAL, parse_document(request.body), target=reference))


def _refund(provider: Provider, request: Request, reference: str) -> Reply:
    return _submit(provider, request, movement_from(REFUND, parse_document(request.body), target=reference))


def _submit(provider: Provider, request: Request, call: Call, *, meets_faults: bool = True) -> Reply:
    keys = request.headers.get("idempotency-key", ())
    if not keys:
        raise KeyMissing
    if len(keys) > 1 or not re.fullmatch(rf"[ -~]{{1,{LONGEST_KEY}}}", keys[0]):
        raise KeyInvalid(most=LONGEST_KEY)
    return provider.submit(call, key=keys[0], meets_faults=meets_faults)


def _dispute(provider: Provider, request: Request, reference: str) -> Reply:
    call = movement_from(DISPUTE, parse_document(request.body), target=reference)
    return _submit(provider, request, call, meets_faults=False)


def _win_dispute(provider: Provider, request: Request, reference: str) -> Reply:
    Fields(parse_document(request.body), allowed=())
    return _submit(provider, request, Call(kind=DISPUTE_WON, target=reference), meets_faults=False)


def _look_up(provider: Provider, _request: Request, reference: str) -> Reply:
    return provider.look_up(reference)


def _effects(provider: Provider, request: Request, _reference: str) -> Reply:
    query = _query(request, allowed=("after", "authorisation", "limit"))
    return _ok(
        provider.effects(
            after=_figure(query, "after", least=0, most=2**62, default=0),
            authorisation=query.get("authorisation"),
            limit=_figure(query, "limit", least=1, most=MOST_EFFECTS, default=USUAL_EFFECTS),
        )
    )


def _movements(provider: Provider, request: Request, _reference: str) -> Reply:
    query = _query(request, allowed=("from", "to", "after", "limit"))

    def show(page: list[Movement], has_more: bool, _scene: object) -> Answer:  # noqa: FBT001 - as the provider calls it
        items = [movement_document(movement) for movement in page]
        return answer_of(200, {"items": items, "next": page[-1].sequence if has_more else None})

    return provider.listed(
        show,
        face="",
        kinds=(CAPTURE, REFUND, CAPTURE_FAILED, REFUND_FAILED, DISPUTE, DISPUTE_WON),
        start=_instant(query, "from"),
        end=_instant(query, "to"),
        after=_figure(query, "after", least=0, most=2**62, default=0),
        limit=_figure(query, "limit", least=1, most=MOST_EFFECTS, default=USUAL_EFFECTS),
    )


def _instant(query: dict[str, str], name: str) -> int:
    try:
        return parse_instant(query.get(name, ""))
    except ValueError as no_time:
        words = _("“{name}” has to be a time of RFC 3339, such as 2026-11-20T21:42:12Z.").format(name=name)
        raise InvalidRequest(words, field=name) from no_time


def _query(request: Request, *, allowed: tuple[str, ...]) -> dict[str, str]:
    try:
        pairs = parse_qsl(request.query, keep_blank_values=True, strict_parsing=bool(request.query), errors="strict")
    except ValueError as unreadable:
        raise InvalidRequest(_("The query string cannot be read.")) from unreadable
    query = dict(pairs)
    if len(query) != len(pairs) or set(query) - set(allowed):
        raise InvalidRequest(
            _("Only these queries are known here, each once: {names}.").format(names=", ".join(allowed))
        )
    return query


def _figure(query: dict[str, str], name: str, *, least: int, most: int, default: int) -> int:
    text = query.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,19}", text) or not least <= int(text) <= most:
        words = _("“{name}” has to be a whole number from {least} to {most}.").format(name=name, least=least, most=most)
        raise InvalidRequest(words, field=name)
    return int(text)


def _list_faults(provider: Provider, _request: Request, _reference: str) -> Reply:
    return _ok(provider.faults.document())


def _add_fault(provider: Provider, request: Request, _reference: str) -> Reply:
    fault = fault_from(parse_document(request.body))
    provider.faults.add(fault)
    return Reply(answer_of(201, fault.document()))


def _clear_faults(provider: Provider, _request: Request, _reference: str) -> Reply:
    provider.faults.clear()
    return Reply(Answer(204, b""))


def _listen(provider: Provider, request: Request, _reference: str) -> Reply:
    fields = Fields(parse_document(request.body), allowed=("face", "url", "secret"))
    url = fields.text("url", pattern=r"http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?/[!-~]{0,200}", meaning=_LOCAL)
    face = fields.word("face", words=[face for face in provider.faces if face])
    provider.notices.listen(
        face, url=url, secret=fields.text("secret", pattern=provider.voice(face).signs_with, meaning=_SECRET)
    )
    return Reply(answer_of(201, {"face": face, "url": url}))


def _forget_listeners(provider: Provider, _request: Request, _reference: str) -> Reply:
    provider.notices.forget_listeners()
    return Reply(Answer(204, b""))


_LOCAL = _("an http address on this machine")
_SECRET = _("a secret of the form that the face signs with")


def _clock(provider: Provider, _request: Request, _reference: str) -> Reply:
    return _ok(provider.clock())


def _set_clock(provider: Provider, request: Request, _reference: str) -> Reply:
    fields = Fields(parse_document(request.body), allowed=("advance", "reset"))
    if fields.has("advance") == fields.truth("reset", default=False):
        raise InvalidRequest(_("Send either “advance”, in seconds, or “reset”: true."))
    if fields.has("advance"):
        return _ok(provider.advance_clock(seconds=fields.number("advance", least=0, most=LONGEST_ADVANCE_S)))
    return _ok(provider.reset_clock())


def _health(provider: Provider, _request: Request, _reference: str) -> Reply:
    return _ok({"status": "ok", **provider.clock()})


def _ok(document: Json) -> Reply:
    return Reply(answer_of(200, document))


_ROUTES: tuple[tuple[re.Pattern[str], dict[str, Route]], ...] = (
    (re.compile(r"/authorisations"), {"POST": _authorise}),
    (re.compile(r"/authorisations/([^/]+)"), {"GET": _look_up}),
    (re.compile(r"/authorisations/([^/]+)/captures"), {"POST": _capture}),
    (re.compile(r"/authorisations/([^/]+)/reversal"), {"POST": _reverse}),
    (re.compile(r"/captures/([^/]+)/refunds"), {"POST": _refund}),
    (re.compile(r"/captures/([^/]+)/disputes"), {"POST": _dispute}),
    (re.compile(r"/disputes/([^/]+)/won"), {"POST": _win_dispute}),
    (re.compile(r"/effects"), {"GET": _effects}),
    (re.compile(r"/movements"), {"GET": _movements}),
    (re.compile(r"/faults"), {"GET": _list_faults, "POST": _add_fault, "DELETE": _clear_faults}),
    (re.compile(r"/listeners"), {"POST": _listen, "DELETE": _forget_listeners}),
    (re.compile(r"/clock"), {"GET": _clock, "POST": _set_clock}),
    (re.compile(r"/healthz"), {"GET": _health}),
)
