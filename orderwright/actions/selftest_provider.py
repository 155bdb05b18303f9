"""Whether a provider account is ready: credentials, connection, clock, a harmless look-up, notices. No money moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from django.utils.translation import gettext as _

from orderwright.actions import try_provider
from orderwright.core.actor import Actor
from orderwright.core.db import outside_transaction
from orderwright.payments.errors import CredentialsUnreadable, GatewayMissing
from orderwright.payments.gateways.port import Credential, Gateway, NoticeRefused
from orderwright.payments.gateways.registry import gateway_for, gateway_kind
from orderwright.payments.models import ProviderAccount
from orderwright.payments.reachability import Greeting, NotReached, greet
from orderwright.payments.sealed import unseal

# Signed messages are refused when they are some minutes off, so that the clocks have to agree better than that.
MOST_SKEW: Final = timedelta(minutes=1)
CERTIFICATE_ENDS_SOON: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at. `noted`: worth knowing, and nothing wrong."""

    name: str
    state: Literal["passed", "failed", "noted"]
    words: str


def run(account: ProviderAccount, *, is_live_ok: bool, actor: Actor, now: datetime) -> list[Check]:
    """Return every check of this account, in order. A live account is not called unless that is said to be fine.

    Effects: those of Try now: an answer ends the account's rest.
    """
    checks = list(_credentials(account))
    try:
        gateway = gateway_for(account)
    except (CredentialsUnreadable, GatewayMissing) as error:
        return [*checks, Check(name="gateway", state="failed", words=error.message)]
    address = _address(gateway, account)
    if not gateway.can_be_asked and not address:
        return [*checks, Check(name="connection", state="noted", words=_("nobody is called for this kind of account"))]
    if account.is_live and not is_live_ok:
        words = _("not called, because it is live; --live-ok calls it, and moves no money")
        return [*checks, Check(name="connection", state="noted", words=words), _forgery(gateway, now)]
    checks += _connection(address, now)
    checks.append(_question(account, gateway, actor, now))
    return [*checks, _forgery(gateway, now)]


def _credentials(account: ProviderAccount) -> Iterator[Check]:
    declared = gateway_kind(account.gateway).credentials
    try:
        known = unseal(account.sealed_credentials) if account.sealed_credentials else {}
    except CredentialsUnreadable as error:
        yield Check(name="credentials", state="failed", words=error.message)
        return
    if not declared:
        yield Check(name="credentials", state="noted", words=_("this kind of account needs none"))
    for each in declared:
        yield _credential(each, is_stored=each.name in known)


def _credential(each: Credential, *, is_stored: bool) -> Check:
    name = _("credential %(name)s") % {"name": each.name}
    if is_stored:
        return Check(name=name, state="passed", words=_("stored and readable"))
    if each.is_needed:
        return Check(name=name, state="failed", words=_("missing, and needed"))
    return Check(name=name, state="noted", words=_("missing, and not needed for calls"))


def _address(gateway: Gateway, account: ProviderAccount) -> str:
    # A kind that knows another address for accounts without one of their own says so under this name.
    own = getattr(gateway, "base_url", "")
    return own if isinstance(own, str) and own else account.base_url


def _connection(address: str, now: datetime) -> Iterator[Check]:
    if not address:
        yield Check(name="connection", state="noted", words=_("the provider’s own address; the look-up shows whether"))
        return
    try:
        with outside_transaction():
            greeting = greet(address)
    except NotReached as error:
        words = _("%(address)s cannot be reached: %(why)s") % {"address": address, "why": error}
        yield Check(name="connection", state="failed", words=words)
        return
    words = _("%(address)s answered %(status)s") % {"address": address, "status": greeting.status}
    yield Check(name="connection", state="passed", words=words)
    yield _tls(greeting, now)
    yield _clock(greeting, now)


def _tls(greeting: Greeting, now: datetime) -> Check:
    if not greeting.tls:
        return Check(name="TLS", state="noted", words=_("none: this address is on this machine"))
    ends = greeting.certificate_ends
    values = {"tls": greeting.tls, "day": f"{ends:%Y-%m-%d}" if ends else "?"}
    words = _("%(tls)s, certificate trusted until %(day)s") % values
    is_ending = ends is not None and ends - now < CERTIFICATE_ENDS_SOON
    return Check(name="TLS", state="noted" if is_ending else "passed", words=words)


def _clock(greeting: Greeting, now: datetime) -> Check:
    if greeting.date is None:
        return Check(name="clock", state="noted", words=_("the server does not say what time it is"))
    skew = abs(now - greeting.date)
    words = _("%(n)s s apart from the server’s") % {"n": skew // timedelta(seconds=1)}
    return Check(name="clock", state="failed" if skew > MOST_SKEW else "passed", words=words)


def _question(account: ProviderAccount, gateway: Gateway, actor: Actor, now: datetime) -> Check:
    if not gateway.can_be_asked:
        return Check(name="look-up", state="noted", words=_("this kind of provider cannot be asked"))
    trial = try_provider.ask(account, actor=actor, now=now)
    return Check(name="look-up", state="passed" if trial.worked else "failed", words=trial.words)


def _forgery(gateway: Gateway, now: datetime) -> Check:
    """Hand in a message that nobody has signed: it has to be refused, and the refusal says what is missing."""
    try:
        gateway.read_notices(headers={}, body=b"{}", now=now)
    except NoticeRefused as refusal:
        words = _("a message without a signature is refused: %(why)s") % {"why": refusal}
        return Check(name="notices", state="passed", words=words)
    return Check(name="notices", state="failed", words=_("a message without a signature is taken for the provider’s"))
