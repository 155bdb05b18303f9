"""Inside the nursery: one child per line of stdin, which does one thing as the web process or the worker would.

Run as `python -m tests.support.child`. The parent opens no connection, so that every child is born without one.
"""

# ruff: noqa: E402 - Django has to be set up before anything of ours is imported

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django

django.setup()

from django.conf import settings
from django.db import connections

from orderwright.accounts.permissions import PERMISSIONS
from orderwright.actions import cancel_order, capture, refund, refund_plan, settle_operation, take_in_order
from orderwright.core.actor import SYSTEM, Actor, Grant
from orderwright.core.errors import OrderwrightError
from orderwright.reads.order_detail import read_order
from tests.support.working import work_on_jobs

ACTOR = Actor(kind="person", ref="1", name="Mia Chen", grants=(Grant(permissions=frozenset(PERMISSIONS)),))

Tell = Callable[[str, str], None]


def capture_once(line: dict[str, Any], now: datetime, _tell: Tell) -> str:
    """Capture an amount on the order's first hold, as a web process does."""
    payment = read_order(number=line["number"], actor=SYSTEM).payments[0]
    return capture.run(
        number=line["number"], payment_id=payment.id, amount_minor=line["amount"], actor=ACTOR, now=now
    ).state


def serve(line: dict[str, Any], now: datetime, tell: Tell) -> str:
    """Place, capture and refund for several clients at once, and tell each after every step, as a web process does.

    `documents` are the orders of each client; `capture` and `refund` the amounts.
    """

    def client(documents: list[dict[str, Any]]) -> None:
        try:
            for document in documents:
                number = take_in_order.run(document=document, actor=ACTOR, now=now).number
                tell("acknowledged", f"place {number}")
                for act, run in (("capture", capture_once), ("refund", refund_amount)):
                    state = run({"number": number, "amount": line[act]}, now, tell)
                    assert state in ("succeeded", "done"), f"{act} came to {state}"
                    tell("acknowledged", f"{act} {number}")
        except Exception as error:  # noqa: BLE001 - told to the test, which fails by it
            tell("surprise", repr(error))
        finally:
            connections.close_all()

    clients = [threading.Thread(target=client, args=(documents,)) for documents in line["documents"]]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return "done"


def cancel(line: dict[str, Any], now: datetime, _tell: Tell) -> str:
    """Cancel an order and tell the customer, as a web process does."""
    return cancel_order.run(number=line["number"], email_customer=True, actor=ACTOR, now=now).state


def refund_amount(line: dict[str, Any], now: datetime, _tell: Tell) -> str:
    """Refund an amount of what was captured, as a web process does."""
    wish = refund_plan.Wish(other_minor=line["amount"])
    return refund.run(number=line["number"], wish=wish, actor=ACTOR, now=now).state


def work(_line: dict[str, Any], now: datetime, _tell: Tell) -> str:
    """Look after everything that is due, as the worker does."""
    for key in settle_operation.due(now=now):
        settle_operation.run(key=key, now=now)
    return "done"


def jobs(_line: dict[str, Any], now: datetime, _tell: Tell) -> str:
    """Go on with bulk jobs until no row waits, as the worker does."""
    work_on_jobs(now=now, worker=f"child-{os.getpid()}")
    return "done"


ACTS = {
    "capture": capture_once,
    "serve": serve,
    "cancel": cancel,
    "refund": refund_amount,
    "work": work,
    "jobs": jobs,
}


def live(line: dict[str, Any], writing: int) -> None:
    """Act, and tell what came of it."""

    def tell(what: str, value: str) -> None:
        os.write(writing, json.dumps([what, value]).encode() + b"\n")

    settings.CRASH_AT = line["crash_at"]
    try:
        tell("result", ACTS[line["act"]](line, datetime.fromisoformat(line["now"]), tell))
    except OrderwrightError as error:
        tell("result", error.code)
    except Exception as error:  # noqa: BLE001 - told to the test, which fails by it
        tell("surprise", repr(error))


def give_birth(line: dict[str, Any]) -> dict[str, Any]:
    """Return how the child of this line ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        live(line, writing)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        said = [json.loads(one) for one in itertools.islice(told, line["kill_after_told"])]
        if line["kill_after_ms"] is not None:
            time.sleep(line["kill_after_ms"] / 1000)
            os.kill(child, signal.SIGKILL)
        said += [json.loads(one) for one in told]
    _pid, status = os.waitpid(child, 0)
    return {
        "was_killed": os.WIFSIGNALED(status),
        "result": "".join(value for what, value in said if what == "result"),
        "acknowledged": [value for what, value in said if what == "acknowledged"],
        "surprise": "".join(value for what, value in said if what == "surprise"),
    }


if __name__ == "__main__":
    for asked in sys.stdin:
        sys.stdout.write(json.dumps(give_birth(json.loads(asked))) + "\n")
        sys.stdout.flush()
