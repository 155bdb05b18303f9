"""Several who do something in the same instant, each in a thread and on a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection, connections

from orderwright.actions.refund import RefundResult
from orderwright.core.errors import OrderwrightError

# Nothing that a test lets rivals do takes as long; a deadlock would.
TOGETHER_S = 60

# What the results of actions are called in the outcomes of a race.
WORDS = {
    ("capture", "succeeded"): "captured",
    ("refund", "succeeded"): "refunded",
    ("refund", "done"): "refunded",
    ("reverse", "succeeded"): "reversed",
    ("cancel", "done"): "canceled",
}


def look_too_early(monkeypatch: pytest.MonkeyPatch, owner: Any, look: str, *, seeing: Any) -> None:
    """Let the next such look see this, as if a rival had written right after it; later ones see what is there.

    For what a rival can do on PostgreSQL between a look and a write, and cannot while SQLite's one writer is at it.
    """
    really, early = getattr(owner, look), [seeing]
    monkeypatch.setattr(owner, look, lambda *asked, **more: early.pop() if early else really(*asked, **more))


def meanwhile(monkeypatch: pytest.MonkeyPatch, owner: Any, step: str, act: Callable[[], Any]) -> None:
    """Let a rival act once, right after this step of somebody else."""
    really, waiting = getattr(owner, step), [act]

    def step_and_be_overtaken(*given: Any, **more: Any) -> Any:
        came_of_it = really(*given, **more)
        if waiting:
            waiting.pop()()
        return came_of_it

    monkeypatch.setattr(owner, step, step_and_be_overtaken)


def at_once(acts: Sequence[Callable[[], Any]]) -> list[str]:
    """Let everybody act at once and return how it ended for each, in the same order.

    Shape of an outcome: the code of an anticipated error; what was returned when that is a text; otherwise `captured`,
    `canceled` or the result's own state, and `done` where a result has none. Other errors pass through.
    """
    barrier = threading.Barrier(len(acts))
    outcomes: list[str] = [""] * len(acts)
    surprises: list[BaseException] = []

    def act(place: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(TOGETHER_S)
            outcomes[place] = word_for(acts[place]())
        except OrderwrightError as error:
            outcomes[place] = error.code
        except BaseException as surprise:  # noqa: BLE001 - raised again in the test's own thread
            surprises.append(surprise)
            barrier.abort()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(place,), name=f"rival-{place}") for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TOGETHER_S)
    if surprises:
        raise surprises[0]
    assert all(outcomes), f"somebody waits for somebody: {outcomes}"
    return outcomes


def both_at_once(first: Callable[[], Any], second: Callable[[], Any] | None = None) -> list[str]:
    """Let two act at once, both the same when there is no second; return both outcomes as `at_once` does."""
    return at_once([first, second or first])


def word_for(result: Any) -> str:
    """Return one word for what an action returned."""
    if isinstance(result, str):
        return result
    state = getattr(result, "state", None)
    if not isinstance(state, str):
        return "done"
    kind = "refund" if isinstance(result, RefundResult) else getattr(result, "kind", "cancel")
    if state == "failed":
        return getattr(result, "failure_code", "") or "failed"
    return WORDS.get((kind, state), state)
