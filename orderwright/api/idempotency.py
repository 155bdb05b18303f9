"""Requests that may be sent again: the same key and body gives the same answer, and the thing is done once (I12)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from django.db import IntegrityError
from django.http import HttpResponse

from orderwright.api.door import Call
from orderwright.api.errors import AnswerWithheld, HeaderMalformed, IdempotencyKeyReused, RequestInProgress
from orderwright.api.models import IdempotentRequest
from orderwright.api.problems import problem
from orderwright.core.clock import now
from orderwright.core.db import in_write_transaction
from orderwright.core.errors import FieldError, OrderwrightError

# A claim without an answer after this long belongs to a process that is gone: the longest work of one request is a
# cancellation whose calls to the provider all time out, and its legs are safe by their own references.
ABANDONED_AFTER: Final = timedelta(minutes=2)
# How long an answer is kept; it may hold an address, so no longer than a client's retries.
KEPT_FOR: Final = timedelta(hours=24)
_RETRY_AFTER_S: Final = 2

_KEY: Final = re.compile(r"[!-~]{1,255}", flags=re.ASCII)
_KEPT_HEADERS: Final = ("Content-Type", "Content-Length", "Cache-Control", "ETag", "Location")
# Not the request's fault, or healed by a header that is no part of the body: sending it again must try again.
_NOT_KEPT: Final = frozenset({401, 403, 412, 429})

Work = Callable[[str | None], HttpResponse]


def once(call: Call, body: Any, work: Work) -> HttpResponse:
    """Return the answer of `work`, or the one that it gave when this Idempotency-Key came first.

    `work` is given the reference under which its operations are written, so that an abandoned request taken up again
    finds what it did before; None when the request has no key.
    Raises: HeaderMalformed; IdempotencyKeyReused when the key came with another body; RequestInProgress;
    AnswerWithheld when the API key has lost a site or a permission since.
    Effects: the claim is committed before `work` begins, the answer after it ended.
    """
    key = call.headers.get("Idempotency-Key")
    if key is None:
        return work(None)
    if not _KEY.fullmatch(key):
        sentence = "It is 1 to 255 visible ASCII characters."
        fault = FieldError(pointer="Idempotency-Key", code="header_malformed", message=sentence)
        raise HeaderMalformed("The header Idempotency-Key cannot be read.", fields=(fault,))
    rights = _rights(call)
    claim = _claim(int(call.auth.ref), key, _digest(call, body), rights, now())
    if claim.answered_at is not None:
        if not _covers(rights, claim.rights):
            raise AnswerWithheld(
                "This was done when it was first asked for. The key’s rights have been narrowed since, so the answer is"
                " not told again; do not ask for it under another Idempotency-Key."
            )
        return _replayed(claim)
    return _worked(claim, work)


def _worked(claim: IdempotentRequest, work: Work) -> HttpResponse:
    reference = f"key:{claim.api_key_id}:{hashlib.sha256(claim.key.encode()).hexdigest()}"
    is_kept = False
    try:
        try:
            response = work(reference)
        except OrderwrightError as error:
            response = problem(error)
        if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR and response.status_code not in _NOT_KEPT:
            _keep(claim, response)
            is_kept = True
    finally:
        if not is_kept:
            _own(claim).delete()
    return response


def _rights(call: Call) -> dict[str, Any]:
    """Return where the key may see what, as it is stored beside an answer."""
    sites = call.auth.sites
    return {"sites": None if sites is None else sorted(sites), "permissions": sorted(call.auth.permissions)}


def _covers(now_has: dict[str, Any], had: dict[str, Any]) -> bool:
    """Return whether whoever has these rights may be told what was answered to whoever had those."""
    if not had:  # asked before rights were kept beside an answer
        return False
    if not set(had["permissions"]) <= set(now_has["permissions"]):
        return False
    return now_has["sites"] is None or (had["sites"] is not None and set(had["sites"]) <= set(now_has["sites"]))


def _claim(api_key_id: int, key: str, digest: str, rights: dict[str, Any], at: datetime) -> IdempotentRequest:
    def insert() -> IdempotentRequest:
        IdempotentRequest.objects.filter(started_at__lt=at - KEPT_FOR).delete()
        return IdempotentRequest.objects.create(
            api_key_id=api_key_id, key=key, digest=digest, rights=rights, started_at=at
        )

    try:
        return in_write_transaction(insert)
    except IntegrityError:
        earlier = IdempotentRequest.objects.filter(api_key_id=api_key_id, key=key).first()
    if earlier is None:
        # It ended without an answer in this very moment.
        raise _in_progress()
    if earlier.digest != digest:
        raise IdempotencyKeyReused(
            "This Idempotency-Key came with another request before. Take a fresh key for every new request."
        )
    if earlier.answered_at is None:
        _retake(earlier, at)
    return earlier


def _retake(claim: IdempotentRequest, at: datetime) -> None:
    if at - claim.started_at <= ABANDONED_AFTER or not _own(claim).update(started_at=at):
        raise _in_progress()
    claim.started_at = at


def _in_progress() -> RequestInProgress:
    return RequestInProgress(
        "The first request with this Idempotency-Key is still being worked on.", facts={"retry_after": _RETRY_AFTER_S}
    )


def _own(claim: IdempotentRequest) -> Any:
    # Whoever took the claim over has moved its start; then it is ours no more.
    return IdempotentRequest.objects.filter(pk=claim.pk, started_at=claim.started_at, answered_at=None)


def _keep(claim: IdempotentRequest, response: HttpResponse) -> None:
    _own(claim).update(
        answered_at=now(),
        status=response.status_code,
        body=response.content.decode(),
        headers={name: response[name] for name in _KEPT_HEADERS if name in response},
    )


def _replayed(claim: IdempotentRequest) -> HttpResponse:
    response = HttpResponse(claim.body, status=claim.status)
    for name, value in claim.headers.items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response


def _digest(call: Call, body: Any) -> str:
    """Return the same text for two requests that ask for the same, however their JSON is spaced or ordered."""
    canonical = json.dumps([call.method, call.path, body], sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
