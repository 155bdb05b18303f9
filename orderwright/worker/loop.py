"""The loop: a thread per duty that polls for due rows, slower while there are none. What is due, the duties know."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from django.db import close_old_connections, connections

from orderwright.worker.duties import Duty
from orderwright.worker.survival import survived

# Unit: seconds. Somebody who looks at "outcome unknown, checking" or waits for a mail should not notice the wait.
SHORTEST_WAIT = 0.5
LONGEST_WAIT = 2.0


class Loop:
    """Runs duties until told to stop. Each has a thread of its own, so that a slow provider does not hold up mail."""

    def __init__(self, duties: Sequence[Duty]) -> None:
        self._duties = duties
        self._told_to_stop = threading.Event()

    def stop(self) -> None:
        """Ask every duty to end after the row that it is at. Safe inside a signal handler."""
        self._told_to_stop.set()

    def run(self) -> None:
        """Work until `stop`; returns when every duty has ended."""
        threads = [
            threading.Thread(target=self._work, args=(duty,), name=f"worker-{duty.name}") for duty in self._duties
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            # Joined in slices: a signal is handled only between two of them.
            while thread.is_alive():
                thread.join(SHORTEST_WAIT)

    def run_once(self) -> None:
        """Work until nothing is due any more, or until `stop`."""
        for duty in self._duties:
            while not self._told_to_stop.is_set() and self._turn(duty):
                pass

    def _work(self, duty: Duty) -> None:
        wait = SHORTEST_WAIT
        while not self._told_to_stop.is_set():
            if self._turn(duty):
                wait = SHORTEST_WAIT
                continue
            self._told_to_stop.wait(wait)
            wait = min(wait * 2, LONGEST_WAIT)
        connections.close_all()

    def _turn(self, duty: Duty) -> int:
        with survived(f"{duty.name} cannot be looked after for now"):
            # A connection that broke in the turn before is given up here, and a new one made.
            close_old_connections()
            return duty.turn(is_stopping=self._told_to_stop.is_set)
        return 0
