"""Playing the demo's stories at the desk: through the real actions, against the running practice provider."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from secrets import token_bytes
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password

from orderwright.accounts.models import Role, RoleGrant, User
from orderwright.actions import (
    add_api_key,
    add_carrier,
    add_delivery_state,
    add_note,
    add_role,
    add_shipping_method,
    add_site,
    add_state,
    bulk_jobs,
    cancel_order,
    capture,
    change_state,
    deactivate_person,
    edit_customer,
    edit_provider,
    edit_shipping_method,
    edit_site,
    grant_role,
    reconcile_provider,
    record_sign_in_change,
    replace_key_secret,
    request_cancellation,
    retire_state,
    revoke_api_key,
    save_invoice,
    send_mail,
    set_delivery_state,
    set_logo,
    set_tracking,
    sync_payments,
    take_in_order,
    update_shipment,
)
from orderwright.actions.api_key_fields import KeyFields
from orderwright.actions.provider_fields import AccountFields
from orderwright.actions.site_fields import SiteFields
from orderwright.cli.demo_data.cast import demo_orders
from orderwright.cli.demo_data.provider import Provider
from orderwright.cli.demo_data.shipping import CHANGED_METHODS, OWN_CARRIERS, OWN_DELIVERY_STATES, OWN_METHODS
from orderwright.cli.demo_data.steps import (
    AskToCancel,
    Cancel,
    Capture,
    Deliver,
    DemoOrder,
    EditCustomer,
    Elsewhere,
    Fault,
    Note,
    SaveInvoice,
    SetState,
    Ship,
    Step,
    Sync,
    Track,
)
from orderwright.cli.demo_data.stores import (
    EU,
    FIRST_NUMBERS,
    HIRED_LATER,
    OWN_STATES,
    POP_UP,
    RETURNS_DESK,
    STAFF,
    STORES,
    US,
)
from orderwright.cli.demo_data.tour import SHOWPIECE_ID
from orderwright.core import clock
from orderwright.core.actor import Actor
from orderwright.payments.models import ProviderAccount
from orderwright.payments.reconciling import bounds, latest_day, zone_of
from orderwright.reads.order_detail import read_order

# The number of the order that the tour begins with; the American series begins so much lower that it gets it.
SHOWPIECE_NUMBER = 1042
_HANDED_IN_AFTER = timedelta(seconds=20)
_SENT_AFTER = timedelta(seconds=2)
# Calls in a row without an answer until the practice provider rests.
_PATIENCE = 20
_COUNTER_SALE = 4900
_SEASON = timedelta(days=12)
_LOGO = Path(__file__).parent / "cozy-home.png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What was made."""

    orders: int
    steps: int


def play(*, now: datetime, provider: Provider, storefront: Actor) -> Played:
    """Open the stores, hire the staff, and let everything happen in the order of time.

    Effects: rows of every kind, through the actions; holds and movements at the provider.
    """
    orders = demo_orders(now=now)
    # The provider and the hashing of passwords have processor time of their own: they run ahead of the desk.
    with ThreadPoolExecutor(max_workers=2) as ahead:
        passwords = {one.key: ahead.submit(make_password, one.password) for one in (*STAFF, *HIRED_LATER)}
        payments = [ahead.submit(_authorise, order, provider) for order in orders]
        staff = _hire(passwords)
        _open_stores(orders, staff["anna"], now=now - timedelta(days=41))
        _hire_later(staff["anna"], passwords, now=now)
        _be_patient(staff["anna"], now=now - timedelta(days=40))
        slugs = _add_states(staff["anna"], now=now - timedelta(days=40))
        _give_out_keys(staff["anna"], now=now)
        _configure_shipping(staff["anna"], now=now - timedelta(days=40))
        numbers: dict[int, str] = {}
        moments = sorted(_moments(orders), key=lambda each: each[:2])
        for at, _rank, act in moments:
            act(
                numbers=numbers,
                payments=payments,
                staff=staff,
                slugs=slugs,
                provider=provider,
                storefront=storefront,
                at=at,
            )
        _retire(slugs["back-order"], to=slugs["on-hold"], actor=staff["anna"], now=now)
    _reconcile(staff["mia"], provider=provider, now=clock.now())
    return Played(orders=len(orders), steps=len(moments) - len(orders))


def _reconcile(actor: Actor, *, provider: Provider, now: datetime) -> None:
    """Sell something over the counter, past the desk, and find it on the provider's list of that day."""
    account = ProviderAccount.objects.get(slug="practice")
    zone_name = zone_of(account)
    day = latest_day(now, zone_name=zone_name)
    start, _end = bounds(day, zone_name=zone_name)
    provider.sell_elsewhere(amount_minor=_COUNTER_SALE, currency="USD", at=start + timedelta(hours=15, minutes=12))
    reconcile_provider.run(account=account.slug, day=day, actor=actor, now=now)


def _open_stores(orders: list[DemoOrder], actor: Actor, *, now: datetime) -> None:
    """Open every store with a series and a sender of its own, two with a logo, and one that is closed by now."""
    american = [order.document["external_id"] for order in orders if order.document["site"] == US.slug]
    first_numbers = {**FIRST_NUMBERS, US.slug: SHOWPIECE_NUMBER - american.index(SHOWPIECE_ID)}
    for store in STORES:
        fields = SiteFields(
            slug=store.slug,
            name=store.name,
            time_zone=store.time_zone,
            currency=store.currency,
            locale=store.locale,
            number_prefix=store.number_prefix,
            next_number=first_numbers[store.slug],
            sender=store.sender,
            sender_name=store.sender_name,
        )
        add_site.run(fields=fields, actor=actor, now=now)
    for store in (US, EU):
        set_logo.run(slug=store.slug, png=_LOGO.read_bytes(), actor=actor, now=now + timedelta(hours=1))
    slug = add_site.run(fields=POP_UP, actor=actor, now=now)
    edit_site.run(slug=slug, fields=SiteFields(is_open=False), actor=actor, now=now + timedelta(days=35))


def _hire(passwords: Mapping[str, Future[str]]) -> dict[str, Actor]:
    roles = {role.slug: role for role in Role.objects.all()}
    staff = {}
    for colleague in STAFF:
        user = User.objects.create(
            email=colleague.email, name=colleague.name, password=passwords[colleague.key].result()
        )
        RoleGrant.objects.create(user=user, role=roles[colleague.role])
        staff[colleague.key] = user.actor()
    return staff


def _hire_later(actor: Actor, passwords: Mapping[str, Future[str]], *, now: datetime) -> None:
    """Make the shop's own role, give roles at single sites, and let somebody leave again."""
    add_role.run(fields=RETURNS_DESK, actor=actor, now=now - timedelta(days=40))
    for colleague in HIRED_LATER:
        user = User.objects.create(
            email=colleague.email, name=colleague.name, password=passwords[colleague.key].result()
        )
        for site in colleague.sites:
            grant_role.run(user_id=user.pk, role=colleague.role, site=site, actor=actor, now=now - timedelta(days=39))
        if colleague.has_app:
            secret = get_adapter().encrypt(b32encode(token_bytes(20)).decode())
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})
            added_at = now - timedelta(days=38)
            record_sign_in_change.run(user_id=user.pk, kind="user.authenticator_app_added", now=added_at)
            _send(added_at)
        if colleague.has_left:
            deactivate_person.run(user_id=user.pk, actor=actor, now=now - timedelta(days=6))


def _give_out_keys(actor: Actor, *, now: datetime) -> None:
    """Give programs keys: one with less than its role, one that ends soon, one that was revoked."""
    warehouse = KeyFields(
        name="Warehouse Ohio",
        role="integrator",
        scopes=("orders.view", "shipments.update", "configuration.view"),
        sites=(US.slug,),
    )
    seasonal = KeyFields(name="Christmas market till", role="integrator", sites=(EU.slug,), expires_at=now + _SEASON)
    made = add_api_key.run(fields=warehouse, actor=actor, now=now - timedelta(days=39))
    add_api_key.run(fields=seasonal, actor=actor, now=now - timedelta(days=20))
    replace_key_secret.run(key_id=made.key_id, actor=actor, now=now - timedelta(hours=2))
    lost = add_api_key.run(fields=KeyFields(name="Old storefront", role="integrator"), actor=actor, now=now - _SEASON)
    revoke_api_key.run(key_id=lost.key_id, actor=actor, now=now - timedelta(days=3))


def _authorise(order: DemoOrder, provider: Provider) -> list[dict[str, Any]]:
    return [provider.authorise(hold, currency=order.document["currency"]) for hold in order.holds]


def _be_patient(actor: Actor, *, now: datetime) -> None:
    """Let the practice provider fail many times in a row: one order's outcome stays open, and the others go on."""
    edit_provider.run(
        slug="practice",
        fields=AccountFields(name="Practice provider", failures=_PATIENCE),
        actor=actor,
        now=now,
    )


def _add_states(actor: Actor, *, now: datetime) -> dict[str, str]:
    return {
        state.key: add_state.run(
            name=state.name,
            color=state.color,
            description=state.description,
            system_state=state.system_state,
            allows_shipments=state.allows_shipments,
            emails_customer=bool(state.email_text),
            email_text=state.email_text,
            actor=actor,
            now=now,
        )
        for state in OWN_STATES
    }


def _retire(slug: str, *, to: str, actor: Actor, now: datetime) -> None:
    retire_state.run(slug=slug, to=to, actor=actor, now=now)
    job = bulk_jobs.take(worker="demo", now=now)
    while job is not None and bulk_jobs.do_next(job, now=now):
        pass


def _configure_shipping(actor: Actor, *, now: datetime) -> None:
    by: dict[str, Any] = {"actor": actor, "now": now}
    for slug, state in OWN_DELIVERY_STATES.items():
        add_delivery_state.run(slug=slug, fields=state, **by)
    for slug, carrier in OWN_CARRIERS.items():
        add_carrier.run(slug=slug, fields=carrier, **by)
    for slug, method in OWN_METHODS.items():
        add_shipping_method.run(slug=slug, fields=method, **by)
    for slug, method in CHANGED_METHODS.items():
        edit_shipping_method.run(slug=slug, fields=method, **by)


def _moments(orders: list[DemoOrder]) -> Iterator[tuple[datetime, int, Callable[..., None]]]:
    """Yield (when, rank among what happens at once, what happens)."""
    rank = 0
    for place, order in enumerate(orders):
        handed_in_at = datetime.fromisoformat(order.document["placed_at"]) + _HANDED_IN_AFTER
        yield handed_in_at, (rank := rank + 1), partial(_hand_in, place, order)
        for step in order.steps:
            yield max(step.at, handed_in_at), (rank := rank + 1), partial(_take, place, order, step)


def _hand_in(
    place: int,
    order: DemoOrder,
    *,
    numbers: dict[int, str],
    payments: Sequence[Future[list[dict[str, Any]]]],
    storefront: Actor,
    at: datetime,
    **_unused: Any,
) -> None:
    document = {**order.document, "payments": payments[place].result()}
    numbers[place] = take_in_order.run(document=document, actor=storefront, now=at).number


def _take(
    place: int,
    order: DemoOrder,
    step: Step,
    *,
    numbers: dict[int, str],
    staff: dict[str, Actor],
    slugs: dict[str, str],
    provider: Provider,
    storefront: Actor,
    at: datetime,
    **_unused: Any,
) -> None:
    number, actor = numbers[place], staff[step.by.key]
    by: dict[str, Any] = {"number": number, "actor": actor, "now": at}
    match step:
        case SetState():
            if change_state.run(**by, state=slugs.get(step.state, step.state), is_confirmed=True):
                _send(at)
        case SaveInvoice() | EditCustomer() | Note():
            _write(step, by)
        case Ship():
            lines = read_order(number=number, actor=actor).lines
            picks = [update_shipment.Pick(line_id=lines[item].id, quantity=count) for item, count in step.items]
            update_shipment.run(**by, picks=picks, method=step.method)
        case Deliver():
            _deliver(step, by)
        case Track():
            set_tracking.run(**by, shipment=step.shipment, tracking_number=step.tracking_number)
        case Capture():
            payment = read_order(number=number, actor=actor).payments[step.hold]
            amount = payment.free_minor if step.amount_minor is None else step.amount_minor
            capture.run(**by, payment_id=payment.id, amount_minor=amount)
        case Cancel():
            cancel_order.run(**by, email_customer=step.email_customer, reason=step.reason)
            _send(at)
        case AskToCancel():
            request_cancellation.run(number=number, reason=step.reason, actor=storefront, now=at)
        case Sync():
            sync_payments.run(**by)
        case Fault() | Elsewhere():
            _at_provider(step, reference=order.holds[step.hold].reference, provider=provider)


def _send(at: datetime) -> None:
    while send_mail.run(now=at + _SENT_AFTER, worker="demo"):
        pass


def _at_provider(step: Fault | Elsewhere, *, reference: str, provider: Provider) -> None:
    if isinstance(step, Fault):
        provider.fault(reference, kind=step.kind, on=step.on, times=step.times)
    else:
        provider.capture_elsewhere(reference, amount_minor=step.amount_minor, at=step.at)


def _write(step: SaveInvoice | EditCustomer | Note, by: dict[str, Any]) -> None:
    match step:
        case SaveInvoice():
            save_invoice.run(**by, invoice_number=step.invoice_number)
        case EditCustomer():
            edit_customer.run(**by, changes=step.changes)
        case Note():
            add_note.run(**by, text=step.text)


def _deliver(step: Deliver, by: dict[str, Any]) -> None:
    order = read_order(number=by["number"], actor=by["actor"])
    wanted = step.items or range(len(order.lines))
    for item in wanted:
        line = order.lines[item]
        if line.requires_shipping:
            set_delivery_state.run(**by, line_id=line.id, delivery_state=step.state)
