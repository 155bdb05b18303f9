"""A worker killed in the middle of a mail: the mail is sent at least once, at most twice, and is the same mail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.support.rounds import rounds


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
    *, enqueue, server, killed_worker, send, now, moment, arrivals, figure
):
    for _round in rounds(2):
        server.messages.clear()
        mail = enqueue()

        killed_worker(moment=moment)
        mail.refresh_from_db()
        left_behind = (mail.state, mail.attempts)
        too_early = send(at=now)
        retaken = send(at=mail.leased_until)

        mail.refresh_from_db()
        arrived = server.message_ids
        figure(
            "FM1",
            f"a worker killed {'after' if arrivals > 1 else 'before'} the server took the mail",
            kills=1,
            arrived=len(arrived),
            lost=int(not arrived),
            more_than_twice=int(len(arrived) > 2),
            other_message_ids=len(set(arrived) - {mail.message_id}),
        )
        assert left_behind == ("due", 1)
        assert (too_early, retaken) == (0, 1)
        assert (mail.state, mail.attempts) == ("sent", 2)
        assert arrived == [mail.message_id] * arrivals
