"""Eight programs over HTTP while web processes and worker are killed: what was answered happened, once (FR2)."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3
from django.db import connections

from orderwright.accounts.keys import create_key
from orderwright.accounts.models import Role
from orderwright.api.models import IdempotentRequest
from orderwright.payments.models import Operation, ProviderAccount
from orderwright.reads.invariants import violations
from tests.support.books import differences
from tests.support.rounds import FACTOR

pytestmark = [pytest.mark.fault, pytest.mark.real_time, pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
CLIENTS, ORDERS = 8, 6
SECONDS = 12 * FACTOR
PATIENCE_S = 60
# Answers that say how it ended; every other leaves it open.
ACCEPTED = 202
DONE, REFUSED = frozenset({200, 201, ACCEPTED}), frozenset({402, 404, 409, 422})


@dataclass
class Request:
    """One request of the history. `amount` is of this request alone, so that its effect can be told from others.

    `ended` is ok, accepted, refused, or open while no answer settled it; `operation` is the id that an answer named.
    """

    number: str
    payment: int
    amount: int
    key: str
    ended: str = "open"
    operation: int = 0
    tries: int = 0


@contextmanager
def running(environment, *arguments):
    """Run one of our commands, and end it however it goes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "orderwright.cli.main", *arguments],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)


def children_of(pid):
    """Return the ids of a process's children."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return [int(child) for child, parent in (line.split() for line in listed.splitlines()) if int(parent) == pid]


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(port, process):
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, "the server did not start"
            assert time.monotonic() < end, "the server does not listen"
            time.sleep(0.05)
        else:
            return


class Client:
    """One program: captures small amounts of any order, and asks again under the same key until it knows."""

    def __init__(self, address, key, orders, *, seed):
        self._address, self._orders = address, orders
        self._random = random.Random(seed)
        self._http = urllib3.PoolManager(
            retries=False,
            timeout=urllib3.Timeout(connect=2, read=10),
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        self.history: list[Request] = []

    def work(self, until, amounts):
        while time.monotonic() < until:
            order = self._random.choice(self._orders)
            request = Request(
                number=order.number, payment=order.payments[0].id, amount=next(amounts), key=f"k-{next(amounts)}"
            )
            self.history.append(request)
            for _try in range(3):
                self.ask(request)
                if request.ended != "open" or time.monotonic() > until:
                    break
                time.sleep(0.1)

    def ask(self, request):
        """Send the request and learn from the answer, if there is one."""
        path = f"/orders/{request.number}/payments/{request.payment}/captures"
        request.tries += 1
        try:
            answer = self._http.request(
                "POST",
                self._address + path,
                body=json.dumps({"amount": request.amount}),
                headers={**self._http.headers, "Idempotency-Key": request.key},
            )
            told = json.loads(answer.data)
        except (urllib3.exceptions.HTTPError, ValueError):
            return
        if answer.status in DONE:
            named = told["operation"]["id"]
            assert request.operation in (0, named), "one key was answered with two operations"
            request.operation = named
            # Accepted is an answer too: how it ended is told by the operation that it names.
            request.ended = "accepted" if answer.status == ACCEPTED else "ok"
        elif answer.status in REFUSED and told.get("code") not in ("request_in_progress", "payment_under_way"):
            request.ended = "refused"


def plague(stop, web, respawn, kills, *, seed):
    """Kill a web process or the worker every now and then."""
    chance = random.Random(seed)
    while not stop.wait(chance.uniform(0.3, 1.2)):
        victims = children_of(web.pid)
        if victims and chance.random() < 0.7:
            os.kill(chance.choice(victims), signal.SIGKILL)
        else:
            respawn()
        kills.append(1)


def test_what_was_answered_happened_once_and_what_was_refused_never(
    database_url, practice, tmp_path, take_in, figure
):  # FR2
    ProviderAccount.objects.update(breaker_failures=30_000)
    key = create_key(name="Storefront", role=Role.objects.get(slug="administrator"))
    orders = [take_in(held=40_000_000, items=[LARGE]) for _order in range(ORDERS)]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "PRACTICE_URL": practice.url,
        "ORDERWRIGHT_VAR": str(tmp_path),
        "LOG_LEVEL": "CRITICAL",
    }
    port, seed = free_port(), int(os.environ["ORDERWRIGHT_TEST_RUN"], 16)
    amounts, kills, stop = itertools.count(1), [], threading.Event()
    connections.close_all()

    with running(environment, "serve", "--port", str(port), "--workers", "2") as web:
        wait_for(port, web)
        address = f"http://127.0.0.1:{port}/api/v1"
        clients = [Client(address, key, orders, seed=seed + place) for place in range(CLIENTS)]
        workers = []

        def respawn():
            for worker in workers:
                worker.kill()
                worker.wait()
            workers[:] = [
                subprocess.Popen(
                    [sys.executable, "-m", "orderwright.cli.main", "worker"],
                    cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )
            ]  # fmt: skip

        respawn()
        until = time.monotonic() + SECONDS
        threads = [threading.Thread(target=client.work, args=(until, amounts)) for client in clients]
        nemesis = threading.Thread(target=plague, args=(stop, web, respawn, kills), kwargs={"seed": seed})
        for thread in (*threads, nemesis):
            thread.start()
        for thread in threads:
            thread.join()
        stop.set()
        nemesis.join()
        for worker in workers:
            worker.kill()
            worker.wait()

        # Peace: what is open is due, and every request without an answer is asked once more under its key.
        settle(environment)
        for client in clients:
            for request in client.history:
                if request.ended == "open":
                    client.ask(request)
        settle(environment)

    operations = {row.pk: row for row in Operation.objects.all()}
    history = [request for client in clients for request in client.history]
    effects = {}
    for effect in practice.movements(*[order.payments[0].reference for order in orders]):
        effects.setdefault(effect["amount"], []).append(effect)
    lost = [one for one in history if one.ended == "ok" and len(effects.get(one.amount, [])) == 0]
    doubles = [one for one in history if len(effects.get(one.amount, [])) > 1]
    phantoms = [one for one in history if one.ended == "refused" and one.amount in effects]
    strangers = set(effects) - {one.amount for one in history}
    mixed_up = [
        one
        for one in history
        if one.operation
        and [effect["idempotency_key"] for effect in effects.get(one.amount, [])]
        != [operations[one.operation].key] * (operations[one.operation].state == "succeeded")
    ]
    figure(
        "FR2",
        "eight programs over HTTP, kill -9 of web processes and worker",
        requests=len(history),
        answered_ok=sum(one.ended == "ok" for one in history),
        kills=len(kills),
        asked_again=sum(one.tries - 1 for one in history),
        anomalies=len(lost) + len(doubles) + len(phantoms) + len(strangers) + len(mixed_up),
        first_seed=[seed],
    )
    assert (lost, doubles, phantoms, strangers, mixed_up) == ([], [], [], set(), [])
    assert not [one for one in history if one.ended == "open"]
    assert violations() == []
    assert differences(practice) == []
    assert len(kills) >= 3
    assert sum(one.ended == "ok" for one in history) >= CLIENTS


LARGE = {"sku": "PIANO", "name": "Grand piano", "quantity": 1, "unit_price": 40_000_000, "discount": 0, "tax": 0}


def settle(environment):
    """Let everything that is open be due, as it would be minutes later, and let a worker look after it."""
    for _round in range(3):
        Operation.objects.exclude(due_at=None).update(due_at=datetime.now(UTC))
        IdempotentRequest.objects.filter(answered_at=None).update(started_at=datetime.now(UTC) - timedelta(minutes=5))
        connections.close_all()
        done = subprocess.run(
            [sys.executable, "-m", "orderwright.cli.main", "worker", "--once"],
            cwd=ROOT,
            env=environment,
            timeout=PATIENCE_S * 2,
            check=False,
            stdout=subprocess.DEVNULL,
        )
        assert done.returncode == 0
