"""What every test may ask for: a desk with real transactions, people who work at it, a provider to practise against.

Every database test starts from the freshly migrated database and ends with the invariants checked (I1–I10, I13).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection, connections

from orderwright.journal.models import Entry
from orderwright.orders.models import Site
from orderwright.orders.writes import stream_of
from practice_provider.server import start
from tests.factories.orders import SITE, payment
from tests.factories.orders import document as make_document
from tests.support import databases
from tests.support.books import differences
from tests.support.drivers import hire
from tests.support.environment import worker_name
from tests.support.practice import Practice
from tests.support.rivals import both_at_once as act_both_at_once
from tests.support.rounds import FACTOR
from tests.support.statements import statements as count_statements

pytest_plugins = ["tests.support.browsers", "tests.support.figures", "tests.support.moved_money"]

# A Saturday morning in the shop, half a day after the sample order was placed.
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


# How long an example takes says more of the machine's other work than of ours; no test asserts a time.
hypothesis.settings.register_profile(
    "desk", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("desk")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "breaks_invariants: leaves the books wrong on purpose, so they are not checked")
    config.addinivalue_line("markers", "every_stage: on both engines, though it asks for no database")
    config.addinivalue_line("markers", "once: on SQLite alone, for the database has no part in what it shows")
    config.addinivalue_line("markers", "real_time: the machine's clock runs on")
    config.addinivalue_line("markers", "only: for the gateways of which its condition is true")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the stage has no use for, and give a soak, which goes through more rounds, the time for them."""
    if os.environ.get("TEST_STAGE") == "postgresql":
        left_out = [item for item in items if not _may_reach_the_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    seconds = int(config.getini("timeout")) * FACTOR
    for item in items:
        if FACTOR > 1 and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(seconds))


def _may_reach_the_database(item: pytest.Item) -> bool:
    """Tell whether a second engine can make a difference; half of the tests ask for no database, and run once."""
    if item.get_closest_marker("once"):
        return False
    asks = {"db", "transactional_db", "pristine"}.intersection(getattr(item, "fixturenames", ()))
    starts_processes = Path(item.path).parent.name in ("cli", "demo", "migrations")
    return bool(asks or starts_processes or any(map(item.get_closest_marker, ("django_db", "every_stage"))))


# The database ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Give every run and every worker of it a database of its own."""
    own = f"{os.environ['ORDERWRIGHT_TEST_RUN']}_{worker_name()}"
    database = django_settings.DATABASES["default"]
    test = database.setdefault("TEST", {})
    if database["ENGINE"].endswith("sqlite3"):
        # Tests lose processes, never the machine's power; what these write is there without waiting for the disk.
        database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
        test["NAME"] = str(Path(os.environ["ORDERWRIGHT_TEST_SQLITE"]).with_name(f"desk-{own}.sqlite3"))
    else:
        test["NAME"] = f"test_{own}"


@pytest.fixture(scope="session")
def pristine(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Keep the freshly migrated database aside."""
    with django_db_blocker.unblock():
        kept = databases.keep_pristine()
    yield kept
    kept.close()


@pytest.fixture
def _django_db_helper(request: pytest.FixtureRequest, pristine: Any, django_db_blocker: Any) -> Iterator[None]:
    """Stand behind `db` and the mark `django_db`, with real transactions: commits, locks and triggers are promised."""
    with django_db_blocker.unblock():
        pristine.restore()
        yield
        assert not connection.in_atomic_block, "the test left a transaction open"
        wrong = [] if request.node.get_closest_marker("breaks_invariants") else _violations(request)
        connections.close_all()
    assert not wrong, "\n".join(wrong)


def _violations(request: pytest.FixtureRequest) -> list[str]:
    found: list[str] = []
    if find_spec("orderwright.reads.invariants"):
        found += import_module("orderwright.reads.invariants").violations()
    if "practice" in request.fixturenames:
        found += differences(request.getfixturevalue("practice_desk"))
    return found


@pytest.fixture
def database_url(db: None) -> str:
    """Return the address of the test database, for processes of their own."""
    return databases.database_url()


# Time -----------------------------------------------------------------------------------------------------------------


def _has_real_time(request: pytest.FixtureRequest) -> bool:
    return any(request.node.get_closest_marker(name) for name in ("browser", "real_time"))


@pytest.fixture
def now(request: pytest.FixtureRequest) -> datetime:
    """Return the present moment, the same in every run; the machine's own in tests with real time."""
    return datetime.now(UTC).replace(microsecond=0) if _has_real_time(request) else NOW


@pytest.fixture(autouse=True)
def _clock_stands_still(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let whoever asks the machine for the time in a database test be told `now`, the practice provider included."""
    asks = {"db", "transactional_db", "now"}.intersection(request.fixturenames)
    needs = asks or request.node.get_closest_marker("django_db")
    if not needs or _has_real_time(request):
        yield
        return
    with time_machine.travel(NOW, tick=False):
        yield


# The practice provider ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def practice_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Run the provider in a thread for as long as the tests do."""
    running = start(tmp_path_factory.mktemp("practice") / "practice.sqlite3", port=0)
    desk = Practice(running.url)
    yield desk
    desk.close()
    running.stop()


@pytest.fixture
def practice(practice_desk: Any, settings: Any) -> Iterator[Any]:
    """Give the provider that the desk calls, with no faults waiting and its clock at `now`."""
    practice_desk.go_home()
    settings.PRACTICE_URL = practice_desk.url
    practice_desk.reset()
    yield practice_desk
    practice_desk.clear_faults()


@pytest.fixture(scope="session")
def running_for_one_test() -> Iterator[list[Any]]:
    """Keep the providers that one test each had to itself: the books are held against them after its fixtures end."""
    kept: list[Any] = []
    yield kept
    for running in kept:
        running.stop()


@pytest.fixture
def fresh_practice(practice: Any, running_for_one_test: list[Any], tmp_path: Path, settings: Any) -> Any:
    """Give the test a provider that no other has used, where what it lists as a whole matters."""
    running = start(tmp_path / "practice.sqlite3", port=0)
    running_for_one_test.append(running)
    practice.move_to(running.url)
    settings.PRACTICE_URL = running.url
    return practice


# People ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(db: None, now: datetime) -> Any:
    """Hire Mia Chen, who may do everything (the role Administrator)."""
    return hire(name="Mia Chen", email="Mia.Chen@cozy-home.example.com", now=now)


@pytest.fixture
def colleague(db: None, now: datetime) -> Any:
    """Hire Ravi Patel, who may do the same as the clerk, often in the same moment."""
    return hire(name="Ravi Patel", email="ravi@cozy-home.example.com", now=now)


@pytest.fixture
def viewer(db: None, now: datetime) -> Any:
    """Hire Vera Lund, who may look and nothing else (the role Viewer)."""
    return hire(name="Vera Lund", email="vera@cozy-home.example.com", now=now, role="viewer")


@pytest.fixture
def finance(db: None, now: datetime) -> Any:
    """Hire Finn Okafor, who sees orders and deals with their payments alone (a custom role)."""
    permissions = ("orders.view", "payments.capture", "payments.sync")
    return hire(
        name="Finn Okafor", email="finn@cozy-home.example.com", now=now, role="finance", permissions=permissions
    )


# Orders ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def document() -> Callable[..., dict[str, Any]]:
    """Make order documents that add up; see tests/factories/orders.py."""
    return make_document


@pytest.fixture
def site(db: None) -> Any:
    """Open the site that orders belong to, with numbers from 1001."""
    found, _is_new = Site.objects.get_or_create(
        slug=SITE,
        defaults={
            "name": "Cozy Home US",
            "time_zone": "America/New_York",
            "currency": "USD",
            "locale": "en-US",
            "sender": "orders@cozy-home.example.com",
        },
    )
    return found


@pytest.fixture
def take_in(site: Any, practice: Any, clerk: Any) -> Callable[..., Any]:
    """Take in an order whose money is held at the practice provider, and return it whole.

    `held`: the total unless given; an amount, or several for an order paid in parts, or 0 for none. Other arguments
    change the document's fields.
    """
    return partial(_take_in, practice, clerk)


def _take_in(
    practice: Any,
    clerk: Any,
    *,
    held: int | list[int] | None = None,
    expires_in: timedelta = timedelta(days=7),
    **changes: Any,
) -> Any:

    made = make_document(**changes)
    if "payments" not in changes:
        amounts = [made["totals"]["total"]] if held is None else [held] if isinstance(held, int) else held
        for amount in filter(None, amounts):
            reference = practice.authorise(amount, made["currency"], at=clerk.now, expires_in=expires_in)
            made["payments"].append(payment(reference, amount, at=clerk.now, expires_in=expires_in))
    taken_in = clerk.asks.take_in(made)
    return clerk.sees(taken_in.number)


@pytest.fixture
def order(take_in: Callable[..., Any]) -> Any:
    """Take in the sample order, new, with 598.94 dollars held."""
    return take_in()


# Watching -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def journal_kinds(db: None) -> Callable[[Any], list[str]]:
    """Tell the kinds of an order's journal entries, oldest first."""

    def kinds(order: Any) -> list[str]:

        return list(
            Entry.objects.filter(stream=stream_of(order.id)).order_by("sequence").values_list("kind", flat=True)
        )

    return kinds


@pytest.fixture
def statements(db: None) -> Any:
    """Count the SQL statements inside a `with` block."""
    return count_statements


@pytest.fixture
def both_at_once(db: None) -> Any:
    """Let two do something in the same instant; see tests/support/rivals.py."""
    return act_both_at_once
