"""A worker killed in the middle of a mail: the mail is sent at least once, at most twice, and is the same mail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

ONE_LEASE_LATER = timedelta(seconds=100)


@pytest.fixture
def killed_worker(server, database_url):
    """Start a worker process that the mail server kills at the given moment, and wait for its end."""

    def run(*, moment):
        environment = {**os.environ, "DATABASE_URL": database_url, "EMAIL_PORT": str(server.port)}
        worker = subprocess.Popen([sys.executable, "-m", "orderwright.cli.main", "worker", "--once"], env=environment)
        setattr(server, moment, worker.kill)
        assert worker.wait(60) == -signal.SIGKILL
        setattr(server, moment, lambda: None)

    return run


@pytest.mark.fault
@pytest.mark.real_time
@pytest.mark.parametrize(
    ("moment", "arrivals"), [("before_taking_recipient", 1), ("before_answering", 2)], ids=["before DATA", "after DATA"]
)
def test_a_worker_killed_while_it_sends_is_replaced_when_its_lease_ends(  # FM1, FJ1
    *, enqueue, server, killed_worker, send, now, moment, arrivals
):
    mail = enqueue()

    killed_worker(moment=moment)
    mail.refresh_from_db()
    left_behind = (mail.state, mail.attempts)
    too_early = send(at=now)
    retaken = send(at=now + ONE_LEASE_LATER)

    mail.refresh_from_db()
    assert left_behind == ("due", 1)
    assert (too_early, retaken) == (0, 1)
    assert (mail.state, mail.attempts) == ("sent", 2)
    assert server.message_ids == [mail.message_id] * arrivals
