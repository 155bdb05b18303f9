"""Notices: what listeners are told without asking, what goes wrong with it, and sending it until it is taken."""

import http.client
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from practice_provider.faults import BEFORE_ANSWER, LATE, LOST, NOTICE, TWICE, FaultTable
from practice_provider.instants import SECOND_US
from practice_provider.store import Notice, Rows, Store
from practice_provider.voices import Told, Voice

MOST_SENDINGS = 8
_SENDING_US = 30 * SECOND_US  # how long a listener may take before the notice counts as lost
_LISTENER_S = 10


class Notices:
    """The notices of one provider, kept in its file from the movement that they tell of until they are taken."""

    def __init__(self, store: Store, faults: FaultTable, *, voice: Callable[[str], Voice]) -> None:
        """Use the provider's file and faults; ``voice`` signs a face's notices."""
        self._store = store
        self._faults = faults
        self._voice = voice
        self._urgent: list[int] = []

    @property
    def is_urgent(self) -> bool:
        """Tell whether a notice is to go out before the call that it tells of is answered."""
        return bool(self._urgent)

    def listen(self, face: str, *, url: str, secret: str) -> None:
        """Send a face's notices to this address from now on, signed with this secret."""
        with self._store.transaction() as rows:
            rows.set_listener(face, url=url, secret=secret)

    def forget_listeners(self) -> None:
        """Send notices to nobody any more."""
        with self._store.transaction() as rows:
            rows.remove_listeners()

    def add(self, rows: Rows, told: list[Told], *, face: str, hold: str, now: int) -> None:
        """Keep what a listener is to be told, with what goes wrong with it; where nobody listens, nothing is kept."""
        if not told or not rows.has_listener(face):
            return
        for each in told:
            fault = self._faults.take(on=NOTICE, authorisation=hold, of_face=True)
            kind = fault.kind if fault else ""
            if kind == LOST:
                continue
            due_at = now + (int(fault.seconds * SECOND_US) if fault and kind == LATE else 0)
            for _time in range(2 if kind == TWICE else 1):
                sequence = rows.add_notice(face, reference=each.id, body=each.body, due_at=due_at)
                if kind == BEFORE_ANSWER:
                    self._urgent.append(sequence)

    def send(self, *, settle: Callable[[Rows], int], machine_now: Callable[[], datetime]) -> int:
        """Send the notices that are due and return how many. ``settle`` brings the provider up to its present time.

        What is not taken with a status of success goes out again later, each time after twice as long.
        """
        with self._store.transaction() as rows:
            now = settle(rows)
            urgent, self._urgent = self._urgent, []
            due = rows.due_notices(due_by=now)
            due += [one for each in urgent if (one := rows.notice(each)) is not None and one not in due]
            for notice in due:
                rows.set_notice_due(notice.sequence, due_at=now + _SENDING_US)
        for notice in due:
            is_over = self._deliver(notice, machine_now()) or notice.attempts + 1 >= MOST_SENDINGS
            with self._store.transaction() as rows:
                wait = 2**notice.attempts * SECOND_US
                rows.set_notice_due(notice.sequence, due_at=None if is_over else now + wait, counts=False)
        return len(due)

    def _deliver(self, notice: Notice, machine_now: datetime) -> bool:
        body, headers = self._voice(notice.face).signed(notice.body, secret=notice.secret, at=machine_now)
        address = urlsplit(notice.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port or 80, timeout=_LISTENER_S)
        try:
            connection.request("POST", address.path, body=body, headers={"Content-Type": "application/json", **headers})
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return 200 <= status < 300  # noqa: PLR2004 - success, in HTTP
