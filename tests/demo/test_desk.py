"""The demo's database: filled through the actions, kept, thrown away on demand, left alone when not the demo's."""

from __future__ import annotations

import json
import stat
from collections import Counter
from datetime import timedelta

import pytest

from orderwright.accounts.keys import find_actor
from orderwright.accounts.models import ApiKey, Role, User
from orderwright.cli import demo_desk
from orderwright.cli.demo_data.cast import demo_orders
from orderwright.cli.demo_data.playing import play
from orderwright.cli.demo_data.provider import Provider
from orderwright.cli.mail_catcher import mail_catcher
from orderwright.core.actor import SYSTEM
from orderwright.orders.models import PAYMENT_STANDINGS, CancellationRequest, Order, OrderState
from orderwright.outbox.models import Mail
from orderwright.payments.models import Operation, Payment
from orderwright.reads.order_detail import read_order
from orderwright.reads.timeline import read_timeline
from practice_provider.server import start
from tests.demo.ports import unused_port


@pytest.fixture
def caught(settings, tmp_path):
    """Catch the demo's mail."""
    port = unused_port()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    with mail_catcher(port=port, folder=tmp_path / "mails") as catcher:
        yield catcher


@pytest.fixture
def storefront(db, tmp_path, now):
    return find_actor(demo_desk.api_key_for(tmp_path), now=now)


@pytest.fixture
def fresh_provider(tmp_path, settings):
    """Run a provider that has never heard of the demo's holds."""
    running = start(tmp_path / "practice.sqlite3", port=0)
    settings.PRACTICE_URL = running.url
    yield Provider(running.url)
    running.stop()


def order_of(name):
    return read_order(number=Order.objects.get(customer_name=name).number, actor=SYSTEM)


def test_filling_makes_a_whole_desk_through_the_actions(storefront, fresh_provider, caught, now, subtests):
    played = play(now=now, provider=fresh_provider, storefront=storefront)

    # Filling takes seconds, so all that is promised of it is asked at once. The invariants follow after the test.
    with subtests.test("no step is left out"):
        assert (played.orders, Order.objects.count()) == (200, 200)
        assert played.steps == sum(len(order.steps) for order in demo_orders(now=now))
    with subtests.test("every state but one is in use"):
        states = Counter(Order.objects.values_list("state__name", flat=True))
        assert set(OrderState.objects.values_list("name", flat=True)) - set(states) == {"Packed", "Back order"}
        assert min(states[name] for name in ("New", "Processing", "Completed", "Canceled")) >= 10
    with subtests.test("every standing of money is shown"):
        assert set(Order.objects.values_list("payment_standing", flat=True)) == set(PAYMENT_STANDINGS)
    with subtests.test("some holds end soon, one has ended, and shipments are split"):
        ends = Order.objects.filter(is_open=True).exclude(hold_ends_at=None)
        assert ends.filter(hold_ends_at__gt=now, hold_ends_at__lt=now + timedelta(hours=48)).count() > 2
        assert ends.filter(hold_ends_at__lt=now).count() == 1
        assert Order.objects.filter(shipments_total__gt=1).count() > 5
    with subtests.test("mails have gone out, and one that nobody can receive is given up"):
        assert Mail.objects.filter(state="sent").count() == caught.caught > 5
        assert Mail.objects.exclude(state="sent").get().last_error == "550 5.1.1 No such mailbox"
    with subtests.test("numbers follow the time at which orders were placed in each site"):
        assert all(is_without_gaps(prefix) for prefix in ("", "EU-", "JP-", "GULF-"))
    with subtests.test("an outcome is unknown although the provider has the money"):
        order = order_of("Chen Wei")
        assert (order.state.slug, order.payment_standing) == ("suspended", "unknown")
        assert Operation.objects.get(payment__order_id=order.id).state == "unknown"
    with subtests.test("a refused leg waits in Cancel Requested"):
        legs = read_order(number=Order.objects.get(cancellations__state="failed").number, actor=SYSTEM).legs
        assert sorted((leg.kind, leg.state) for leg in legs) == [("refund", "failed"), ("reverse", "succeeded")]
    with subtests.test("customers have asked for cancellations, and nobody has decided"):
        assert CancellationRequest.objects.filter(state="open", order__state__slug="cancel-requested").count() >= 1
    with subtests.test("order 1042 is as the tour describes it"):
        check_showpiece(read_order(number="1042", actor=SYSTEM))


def is_without_gaps(prefix):
    placed = Order.objects.filter(site__number_prefix=prefix).order_by("placed_at", "id")
    series = [int(number.removeprefix(prefix)) for number in placed.values_list("number", flat=True)]
    return series == list(range(series[0], series[0] + len(series)))


def check_showpiece(order):
    assert (order.customer_name, order.customer_orders) == ("Bob Norman", 4)
    assert (order.payment_standing, order.invoice_number) == ("partly_captured", "INV-2026-0871")
    [payment] = order.payments
    assert (payment.authorised_minor, payment.captured_minor, payment.reference) == (59894, 30900, "auth_9f2c")
    methods = [order.method(shipment.method_id).name for shipment in order.shipments]
    assert methods == ["UPS Ground", "FedEx Home Delivery"]
    tracking_numbers = [[parcel.tracking_number for parcel in shipment.parcels] for shipment in order.shipments]
    assert tracking_numbers == [["1Z 999 AA1 01 2345 6784"], []]
    assert (order.shipments_sent, order.shipments_total) == (1, 2)
    assert [note.text for note in order.notes] == ["Rug is back-ordered to Tuesday; customer agreed by phone."]
    told = [(row.kind, row.actor_name) for row in read_timeline(order_id=order.id, sees_customer=True)]
    assert [entry for entry in told if entry[0] != "payment.capture_prepared"] == [
        ("payment.captured", "Anna Kovac"),
        ("item.delivery_state_changed", "Anna Kovac"),
        ("item.delivery_state_changed", "Anna Kovac"),
        ("order.note_added", "Ben Ortiz"),
        ("order.state_changed", "Ben Ortiz"),
        ("payment.authorised", "Demo storefront"),
        ("order.taken_in", "Demo storefront"),
    ]


# The folder -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def quick_play(monkeypatch):
    """Let filling make one person and one order's worth of rows, which is all that the folder's keeping is about."""
    calls = []

    def play_little(*, now, provider, storefront):
        calls.append(storefront.name)
        return demo_desk.Played(orders=1, steps=0)

    monkeypatch.setattr(demo_desk, "play", play_little)
    return calls


@pytest.mark.parametrize("lost", [False, True])
def test_a_second_run_keeps_the_key_and_a_lost_one_is_replaced(db, tmp_path, now, lost):
    first = demo_desk.api_key_for(tmp_path)
    demo_desk.write_credentials(
        tmp_path, url="http://127.0.0.1:8000", practice_url="http://127.0.0.1:8010", api_key=first
    )
    if lost:
        (tmp_path / "demo.json").unlink()

    second = demo_desk.api_key_for(tmp_path)

    assert (second == first) is not lost
    assert find_actor(second, now=now).name == "Demo storefront"
    assert (find_actor(first, now=now) is None) is lost
    assert ApiKey.objects.count() == 1 + lost


def test_the_credentials_are_written_for_their_owner_alone(db, tmp_path):
    (tmp_path / "demo.json").write_text("{}")
    (tmp_path / "demo.json").chmod(0o644)

    demo_desk.write_credentials(
        tmp_path, url="http://127.0.0.1:8000", practice_url="http://127.0.0.1:8010", api_key="ow_a_b"
    )

    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
    written = json.loads((tmp_path / "demo.json").read_text())
    assert {one["email"]: one["role"] for one in written.pop("people")} == {
        "anna@cozy-home.example": "Administrator",
        "ben@cozy-home.example": "Order manager",
        "olga@cozy-home.example": "Order clerk",
        "paul@cozy-home.example": "Payments clerk",
        "ines@cozy-home.example": "Integrator",
        "vera@cozy-home.example": "Viewer",
    }
    assert written == {
        "url": "http://127.0.0.1:8000",
        "email": "anna@cozy-home.example",
        "password": "cozy-home-demo",
        "api_key": "ow_a_b",
        "practice_url": "http://127.0.0.1:8010",
        "viewer_email": "vera@cozy-home.example",
        "viewer_password": "cozy-home-viewer",
    }
    assert [file.name for file in tmp_path.iterdir()] == ["demo.json"]


@pytest.mark.parametrize("content", ["", "nonsense", "[]", '{"api_key": 5}', '{"api_key": "ow_no_key"}'])
def test_a_file_that_says_nothing_useful_is_replaced(db, tmp_path, now, content):
    (tmp_path / "demo.json").write_text(content)

    key = demo_desk.api_key_for(tmp_path)

    assert find_actor(key, now=now).name == "Demo storefront"


def test_a_database_with_orders_of_somebody_else_is_left_alone(order, tmp_path):
    with pytest.raises(demo_desk.NotTheDemos, match="holds orders that the demo has not made"):
        demo_desk.open_database(tmp_path, is_to_be_empty=False)
    with pytest.raises(demo_desk.NotTheDemos, match="holds orders that the demo has not made"):
        demo_desk.open_database(tmp_path, is_to_be_empty=True)

    assert Order.objects.count() == 1
    assert not User.objects.filter(email="anna@cozy-home.example").exists()


def test_a_database_of_the_demo_is_kept(order, tmp_path):
    role = Role.objects.get(slug="order-manager")
    User.objects.create_user(email="anna@cozy-home.example", name="Anna Kovac", password="cozy-home-demo", role=role)

    must_fill = demo_desk.open_database(tmp_path, is_to_be_empty=False)

    assert must_fill is False
    assert Payment.objects.exists()


def test_a_reset_throws_away_no_database_outside_the_folder(db, tmp_path):
    with pytest.raises(demo_desk.NotTheDemos, match="DATABASE_URL"):
        demo_desk.open_database(tmp_path, is_to_be_empty=True)


def test_what_an_earlier_provider_knows_goes_with_the_database_that_knew_of_it(db, tmp_path):
    (tmp_path / "practice.sqlite3").write_text("holds of a desk that is gone")

    must_fill = demo_desk.open_database(tmp_path, is_to_be_empty=False)

    assert must_fill is True
    assert not (tmp_path / "practice.sqlite3").exists()


def test_a_filling_that_was_interrupted_leaves_a_mark_and_a_finished_one_does_not(
    db, tmp_path, quick_play, monkeypatch
):
    key = demo_desk.api_key_for(tmp_path)
    demo_desk.fill(tmp_path, practice_url="http://127.0.0.1:9", api_key=key)
    after_the_first = [file.name for file in tmp_path.iterdir()]

    def interrupted(**_facts):
        raise KeyboardInterrupt

    monkeypatch.setattr(demo_desk, "play", interrupted)
    with pytest.raises(KeyboardInterrupt):
        demo_desk.fill(tmp_path, practice_url="http://127.0.0.1:9", api_key=key)

    assert quick_play == ["Demo storefront"]
    assert after_the_first == []
    assert [file.name for file in tmp_path.iterdir()] == ["demo-unfinished"]


def test_two_demos_do_not_share_a_folder(tmp_path):
    (tmp_path / "demo.json").write_text('{"url": "http://127.0.0.1:8000"}')

    with (
        demo_desk.alone_in(tmp_path),
        pytest.raises(demo_desk.AlreadyRunning, match=r"already\. http://127\.0\.0\.1:8000"),
        demo_desk.alone_in(tmp_path),
    ):
        pass
    with demo_desk.alone_in(tmp_path):
        pass
