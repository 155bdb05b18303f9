"""The real web server and the real worker, killed at every step between the desk and the provider (FK1, FK2)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3

from orderwright.accounts.keys import create_key
from orderwright.accounts.models import Role
from orderwright.api.models import IdempotentRequest
from orderwright.outbox.models import Mail
from orderwright.payments.models import Operation

pytestmark = [pytest.mark.fault, pytest.mark.real_time]

ROOT = Path(__file__).resolve().parents[2]
# Long enough for a busy machine; nothing is waited for longer than it takes.
PATIENCE_S = 40
# Those that a capture and every leg of a cancellation pass, in the web process and in the worker.
STEPS = ("operation.sent", "operation.answered", "operation.finishing")


@pytest.fixture
def environment(database_url, practice, tmp_path):
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "PRACTICE_URL": practice.url,
        "ORDERWRIGHT_VAR": str(tmp_path),
        "LOG_LEVEL": "CRITICAL",
    }


def command(name, *arguments):
    return [sys.executable, "-m", "orderwright.cli.main", name, *arguments]


@contextmanager
def web(environment, *, crash_at) -> Iterator[str]:
    """Serve the desk, whose processes die at this step and are born again, and give the address of its API."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        command("serve", "--port", str(port), "--workers", "1"),
        cwd=ROOT,
        env={**environment, "ORDERWRIGHT_CRASH_AT": crash_at},
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}/api/v1"
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)


def wait_for(port, process):
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, "the server did not start"
            assert time.monotonic() < end, "the server does not listen"
            time.sleep(0.02)
        else:
            return


def run(environment, name, *arguments, crash_at=""):
    """Run a command of ours to its end, and return its exit code and what it printed."""
    done = subprocess.run(
        command(name, *arguments),
        cwd=ROOT,
        env={**environment, "ORDERWRIGHT_CRASH_AT": crash_at},
        stdout=subprocess.PIPE,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return done.returncode, done.stdout


def minutes_pass():
    """Let what is open be due, and what has no answer be given up, as it would be some minutes later."""
    Operation.objects.exclude(due_at=None).update(due_at=datetime.now(UTC))
    IdempotentRequest.objects.update(started_at=datetime.now(UTC) - timedelta(minutes=5))


@pytest.mark.parametrize("step", STEPS)
def test_web_and_worker_killed_at_one_step_lose_nothing_and_do_nothing_twice(
    step, environment, take_in, clerk, practice, client
):
    key = create_key(name="Storefront", role=Role.objects.get(slug="administrator"))
    captured, canceled = take_in(), clerk.capture(take_in(), 20000)
    capture = f"/orders/{captured.number}/payments/{captured.payments[0].id}/captures"
    cancellation = f"/orders/{canceled.number}/cancellation"

    with web(environment, crash_at=step) as address:
        http = urllib3.PoolManager(retries=False, timeout=PATIENCE_S, headers={"Authorization": f"Bearer {key}"})

        # The process is gone before it answers; the next call meets the one born after it.
        for path, body in ((capture, {"amount": 20000}), (cancellation, {"email_customer": True, "reason": ""})):
            with pytest.raises(urllib3.exceptions.ProtocolError):
                http.request("POST", address + path, json=body, headers={**http.headers, "Idempotency-Key": path})
        http.clear()

    minutes_pass()
    assert run(environment, "worker", "--once", crash_at=step)[0] == -9
    minutes_pass()
    assert run(environment, "worker", "--once")[0] == 0

    verified, said = run(environment, "verify")
    assert (verified, said.splitlines()[-1]) == (0, "Nothing is wrong.")
    assert practice.effects(captured) == [("capture", 20000)]
    assert sorted(practice.effects(canceled)) == [("capture", 20000), ("refund", 20000), ("reversal", 39894)]
    assert clerk.sees(captured).payments[0].captured_minor == 20000
    assert clerk.sees(canceled).state.slug == "canceled"
    assert Mail.objects.filter(order_id=canceled.id).count() == 1

    # The storefront, which has no answer yet, sends its request again.
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": capture}
    again = client.post(f"/api/v1{capture}", {"amount": 20000}, content_type="application/json", headers=headers)
    assert (again.status_code, again.json()["operation"]["state"]) == (201, "succeeded")
    assert practice.effects(captured) == [("capture", 20000)]
