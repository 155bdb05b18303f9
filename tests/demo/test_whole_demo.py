"""`orderwright demo`, the whole of it: one command from nothing to a desk in a browser, and back to nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import urllib3

from orderwright.core.money import Money, format_money
from tests.demo.ports import unused_port

pytestmark = [
    pytest.mark.real_time,
    # It would be the same again: nothing of it uses the database of the tests.
    pytest.mark.skipif(os.environ.get("TEST_STAGE") == "postgresql", reason="the demo keeps its data in SQLite"),
]

READY = "Ctrl-C stops everything."
http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(20))


class Demo:
    """One start of the demo in a folder of its own."""

    def __init__(self, folder, *arguments, port=None):
        self.folder = folder
        self.port = port or unused_port()
        environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "ORDERWRIGHT_ENV": "development",
            "ORDERWRIGHT_VAR": str(folder),
            "PORT": str(self.port),
            "PRACTICE_PORT": str(unused_port()),
            "EMAIL_PORT": str(unused_port()),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "orderwright.cli.main", "demo", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def until_ready(self):
        said = []
        for line in self.process.stdout:
            said.append(line)
            if READY in line:
                return "".join(said)
        raise AssertionError("".join(said))

    def processes(self):
        """Return the ids of the demo's children and of theirs."""
        found = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        parents = dict(map(int, line.split()) for line in found.splitlines())
        family = {self.process.pid}
        while grown := {child for child, parent in parents.items() if parent in family} - family:
            family |= grown
        return family - {self.process.pid}

    def end(self, request=signal.SIGTERM):
        self.process.send_signal(request)
        output, _errors = self.process.communicate(timeout=60)
        return output

    @property
    def written(self):
        return json.loads((self.folder / "demo.json").read_text())

    def orders(self, query=""):
        """Ask the API with the key of the demo."""
        answer = http.request(
            "GET",
            f"{self.written['url']}/api/v1/orders{query}",
            headers={"Authorization": f"Bearer {self.written['api_key']}"},
        )
        assert answer.status == 200, answer.data
        return answer.json()


def is_running(process_id):
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process_id)], capture_output=True, text=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.strip().startswith("Z")


def wait_until(condition, *, seconds=30):
    ends_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends_at, "it never came to that"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Fill a demo once, and stop it."""
    made = tmp_path_factory.mktemp("demo")
    demo = Demo(made)
    demo.first_words = demo.until_ready()
    demo.first_written = demo.written
    family = demo.processes()
    demo.last_words = demo.end()
    demo.survivors = [one for one in family if is_running(one)]
    demo.family = family
    return demo


@pytest.fixture(scope="module")
def again(folder, tmp_path_factory):
    """Start a copy of the filled demo, for all tests that do not end it; the original stays at rest."""
    own = tmp_path_factory.mktemp("again") / "var"
    shutil.copytree(folder.folder, own)
    demo = Demo(own)
    demo.second_words = demo.until_ready()
    yield demo
    demo.end()


@pytest.fixture
def start(folder, tmp_path):
    """Start demos from the filled one's data, in a folder of their own unless another is named."""
    started = []

    def run(*arguments, inside=None, **more):
        own = tmp_path / "var"
        if inside is None and not own.exists():
            shutil.copytree(folder.folder, own)
        started.append(Demo(inside or own, *arguments, **more))
        return started[-1]

    yield run
    for demo in started:
        if demo.process.poll() is None:
            demo.end()
        demo.process.stdout.close()


def test_one_command_says_where_the_desk_is_and_who_may_use_it(folder):
    said, written = folder.first_words, folder.first_written

    assert re.search(r"^200 made-up orders are in it, after \d+ seconds\.$", said, re.MULTILINE)
    assert list(written) == [
        *("url", "email", "password", "api_key", "practice_url", "viewer_email", "viewer_password", "people")
    ]
    people = written.pop("people")
    assert [one["role"] for one in people] == [
        *("Administrator", "Order manager", "Order clerk", "Payments clerk", "Integrator", "Viewer")
    ]
    assert all(value in said for each in (written, *people) for name, value in each.items() if name != "role")
    assert written["url"] == f"http://127.0.0.1:{folder.port}"


def test_a_request_to_stop_ends_everything(folder):
    assert folder.process.returncode == 0
    assert "Your data is kept" in folder.last_words
    assert len(folder.family) >= 5
    assert folder.survivors == []


def test_a_second_run_keeps_the_data_and_the_credentials_and_every_part_answers(folder, again):
    kept = ("email", "password", "api_key", "viewer_email", "viewer_password")

    found = again.orders("?view=all&q=bob.norman")

    assert "made-up orders" not in again.second_words
    assert {name: again.written[name] for name in kept} == {name: folder.first_written[name] for name in kept}
    assert {"1042"} < {order["number"] for order in found["items"]}
    assert http.request("GET", f"{again.written['url']}/sign-in").status == 200
    assert http.request("GET", f"{again.written['practice_url']}/healthz").status == 200


def test_a_part_that_is_killed_is_started_again_and_that_is_said(again):
    worker, web = find(again, "worker"), find(again, "serve")

    os.kill(worker, signal.SIGKILL)
    os.kill(web, signal.SIGKILL)

    said = sorted(again.process.stdout.readline().split(" it is started again")[0] for _part in range(2))
    assert said == ["The web has ended with status -9;", "The worker has ended with status -9;"]
    wait_until(lambda: find(again, "worker") not in (None, worker) and find(again, "serve") not in (None, web))
    wait_until(lambda: is_answering(again))
    assert again.orders("?limit=1")["items"]


def test_the_end_by_force_leaves_no_process_behind(start):
    demo = start()
    demo.until_ready()
    # Some of them come a moment after the address is told.
    wait_until(lambda: len(demo.processes()) >= 5)
    family = demo.processes()

    demo.end(signal.SIGKILL)

    wait_until(lambda: not any(is_running(one) for one in family))


def test_a_taken_port_is_said_at_once_with_a_free_one(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        demo = start(port=port)
        said = demo.process.stdout.read()

    assert demo.process.wait(30) == 1
    assert f"Something listens on 127.0.0.1:{port} already. Choose another: PORT=" in said


def test_a_second_demo_in_the_same_folder_is_refused_with_the_address_of_the_first(again, start):
    second = start(inside=again.folder)
    said = second.process.stdout.read()

    assert second.process.wait(30) == 1
    assert f"is running in {again.folder} already. {again.written['url']}" in said


def test_a_desk_of_somebody_else_is_not_thrown_away(tmp_path):
    environment = {**os.environ, "ORDERWRIGHT_VAR": str(tmp_path), "ORDERWRIGHT_ENV": "development"}
    environment.pop("DATABASE_URL", None)
    elsewhere = {
        **environment,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'mine' / 'books.sqlite3'}",
        "PORT": str(unused_port()),
    }
    (tmp_path / "mine").mkdir()

    refused = subprocess.run(
        [sys.executable, "-m", "orderwright.cli.main", "demo", "--reset"],
        env=elsewhere,
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 1
    assert "throws away files in its own folder, and no database elsewhere" in refused.stderr


def test_verify_finds_nothing_wrong_with_the_books_of_the_demo(folder):
    environment = {**os.environ, "ORDERWRIGHT_VAR": str(folder.folder), "ORDERWRIGHT_ENV": "development"}
    environment.pop("DATABASE_URL", None)

    verified = subprocess.run(
        [sys.executable, "-m", "orderwright.cli.main", "verify"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert verified.stdout.startswith("Checked 200 orders")
    assert verified.stdout.endswith("Nothing is wrong.\n")
    assert verified.returncode == 0


def test_a_reset_starts_afresh_with_another_key(folder, start):
    demo = start("--reset")
    said = demo.until_ready()

    assert "200 made-up orders are in it" in said
    assert demo.written["api_key"] != folder.first_written["api_key"]
    assert demo.written["password"] == folder.first_written["password"]
    [showpiece] = [order for order in demo.orders("?view=all&q=1042")["items"] if order["number"] == "1042"]
    assert format_money(Money(showpiece["total"], showpiece["currency"])) == "$598.94"


def find(demo, word):
    """Return the id of the child whose command line has this word, or None."""
    for one in demo.processes():
        parts = Path(f"/proc/{one}/cmdline").read_text().split("\0") if Path(f"/proc/{one}").exists() else []
        parent = subprocess.run(["ps", "-o", "ppid=", "-p", str(one)], capture_output=True, text=True, check=False)
        if word in parts and parent.stdout.strip() == str(demo.process.pid):
            return one
    return None


def is_answering(demo):
    try:
        return http.request("GET", f"{demo.written['url']}/sign-in").status == 200
    except urllib3.exceptions.HTTPError:
        return False
