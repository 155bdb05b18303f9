"""The practice provider's gateway: its HTTP interface and nothing else. See docs/practice-provider.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import Any, ClassVar, Final, Literal, TypeVar
from urllib.parse import quote, urlencode

import msgspec
import urllib3
from django.conf import settings

from orderwright.payments.errors import ProviderUnreachable
from orderwright.payments.gateways.port import (
    Account,
    Call,
    Credential,
    Failed,
    Listed,
    Movement,
    NeedsPerson,
    Notice,
    NoticeRefused,
    NotTaken,
    Observed,
    Outcome,
    Succeeded,
    Unknown,
)

# Movements on one page of a list.
_PAGE: Final = 500
_KindThere = Literal["capture", "reversal", "refund", "capture_failed", "refund_failed", "dispute", "dispute_won"]


class _MovementBody(msgspec.Struct, frozen=True):
    id: str
    kind: _KindThere
    authorisation: str
    amount: int
    currency: str
    at: datetime
    capture: str | None = None  # that a refund or a dispute is about
    undoes: str | None = None  # what came to nothing: a capture, a refund, a dispute
    idempotency_key: str | None = None


class _AuthorisationBody(msgspec.Struct, frozen=True):
    id: str
    amount: int
    currency: str
    expires_at: datetime | None
    movements: list[_MovementBody]
    expired: int = 0  # what ran out by the provider's own clock


class _PageBody(msgspec.Struct, frozen=True):
    items: list[_MovementBody]
    next: int | None


class _ErrorDetail(msgspec.Struct, frozen=True):
    code: str
    message: str


class _ErrorBody(msgspec.Struct, frozen=True):
    error: _ErrorDetail


_Body = TypeVar("_Body", _AuthorisationBody, _PageBody)


class PracticeGateway:
    """Speaks to the practice provider at the account's address, else the installation's. Threads may share it."""

    name = "practice"
    title = "Practice provider"
    credentials: ClassVar[tuple[Credential, ...]] = ()
    recovery: ClassVar[Literal["replay", "lookup", "none"]] = "replay"
    key_window = timedelta(hours=24)
    hold_lasts: ClassVar[timedelta | None] = timedelta(days=7)
    settles_later = False
    captures_in_parts = True
    may_release_rest = False
    can_move_money = True
    can_be_asked = True
    can_list = True
    is_recorded = False

    def __init__(self, account: Account) -> None:
        self._base_url = account.base_url.rstrip("/")

    @property
    def base_url(self) -> str:
        """Where the provider is reached."""
        return self._base_url or settings.PRACTICE_URL.rstrip("/")

    def send(self, call: Call) -> Outcome:
        """Make the movement under the call's key. Source: practice provider, its writes and their replay."""
        if {call.reference, call.capture_ref} & {".", ".."}:
            return Failed(code="not_found", message="The provider knows no payment of this name.")  # a path, to HTTP
        path, body = _request_of(call)
        try:
            answer = _pool().request(
                "POST",
                self.base_url + path,
                body=msgspec.json.encode(body),
                headers={"Content-Type": "application/json", "Idempotency-Key": call.key},
            )
        except urllib3.exceptions.HTTPError as error:
            return Unknown(why=_what_broke(error))
        return _outcome(answer, call)

    def look_up(self, reference: str) -> Observed:
        """Return the authorisation as it stands there. Raises: ProviderUnreachable."""
        body = self._read(f"/authorisations/{quote(reference, safe='')}", _AuthorisationBody)
        return Observed(
            reference=body.id,
            currency=body.currency,
            authorised_minor=body.amount,
            expires_at=body.expires_at,
            movements=(*map(_movement, body.movements), *_expiry(body)),
        )

    def movements_between(self, start: datetime, end: datetime) -> Iterator[Listed]:
        """Yield what moved to and from the customer in the time, page by page. Raises: ProviderUnreachable."""
        after: int | None = 0
        while after is not None:
            fields = {"from": start.isoformat(), "to": end.isoformat(), "after": after, "limit": _PAGE}
            body = self._read(f"/movements?{urlencode(fields)}", _PageBody)
            yield from (Listed(reference=one.authorisation, movement=_movement(one)) for one in body.items)
            after = body.next

    def read_notices(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> list[Notice]:
        """Raise NoticeRefused: over its own interface the practice provider sends no messages."""
        del headers, body, now
        raise NoticeRefused("Nobody sends messages for this account.")

    def _read(self, path: str, shape: type[_Body]) -> _Body:
        try:
            answer = _pool().request("GET", self.base_url + path)
            if answer.status != HTTPStatus.OK:
                raise ProviderUnreachable(f"The provider answered {answer.status}.", facts={"status": answer.status})
            return msgspec.json.decode(answer.data, type=shape)
        except (urllib3.exceptions.HTTPError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ProviderUnreachable("The provider gave no usable answer.") from error


GATEWAY = PracticeGateway


def _what_broke(error: urllib3.exceptions.HTTPError) -> str:
    """Return what a person is told of a call that got no answer."""
    if isinstance(error, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError):
        return "The provider could not be reached."
    if isinstance(error, urllib3.exceptions.ReadTimeoutError):
        return "No answer came in time."
    return "The connection broke off before the answer."


def _request_of(call: Call) -> tuple[str, dict[str, Any]]:
    reference = quote(call.reference, safe="")
    if call.kind == "capture":
        return f"/authorisations/{reference}/captures", {"amount": call.amount_minor}
    if call.kind == "reverse":
        return f"/authorisations/{reference}/reversal", {"amount": call.amount_minor}
    # With the hold: a capture of somebody else's, which an order that was handed in may name, is not given back.
    body = {"amount": call.amount_minor, "authorisation": call.reference}
    return f"/captures/{quote(call.capture_ref, safe='')}/refunds", body


def _outcome(answer: urllib3.BaseHTTPResponse, call: Call) -> Outcome:
    try:
        if answer.status in (200, 201):
            done = msgspec.json.decode(answer.data, type=_MovementBody)
            if done.authorisation != call.reference:
                return NeedsPerson(why=f"The provider did it on {done.authorisation[:80]}, another payment than this.")
            return Succeeded(
                provider_ref=done.id, amount_minor=done.amount, currency=done.currency, at=done.at.astimezone(UTC)
            )
        if answer.status in (402, 404, 422):
            refusal = msgspec.json.decode(answer.data, type=_ErrorBody).error
            return Failed(code=refusal.code[:60], message=refusal.message[:300])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Unknown(why="The answer could not be read.")
    if answer.status in (400, 401, 403, 413):
        return NotTaken(code=f"provider_answered_{answer.status}", message="The provider does not take this request.")
    return Unknown(why=f"The provider answered {answer.status}.", retry_after=_retry_after(answer))


def _retry_after(answer: urllib3.BaseHTTPResponse) -> timedelta | None:
    seconds = answer.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(seconds), 3600)) if seconds.isascii() and seconds.isdigit() else None


def _movement(entry: _MovementBody) -> Movement:
    return Movement(
        kind="reverse" if entry.kind == "reversal" else entry.kind,
        provider_ref=entry.id,
        parent_ref=entry.undoes or entry.capture or "",
        amount_minor=entry.amount,
        currency=entry.currency,
        key=entry.idempotency_key or "",
        at=entry.at.astimezone(UTC),
    )


def _expiry(body: _AuthorisationBody) -> tuple[Movement, ...]:
    """Return that the rest of the hold ran out, where it did, under the name that the books give it."""
    if not body.expired or body.expires_at is None:
        return ()
    return (
        Movement(
            kind="expire",
            provider_ref=f"expired-{body.id}",
            parent_ref="",
            amount_minor=body.expired,
            currency=body.currency,
            key="",
            at=body.expires_at.astimezone(UTC),
        ),
    )


@cache
def _pool() -> urllib3.PoolManager:
    # Repetition is the desk's own business: a library that repeats by itself would do so without a committed row.
    timeout = urllib3.Timeout(connect=settings.PROVIDER_CONNECT_TIMEOUT, read=settings.PROVIDER_READ_TIMEOUT)
    return urllib3.PoolManager(timeout=timeout, retries=False, maxsize=16)
