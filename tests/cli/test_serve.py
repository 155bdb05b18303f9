"""`orderwright serve` answers with pages, the API and static files, and ends when it is told to."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
import urllib3

from tests.demo.ports import unused_port

pytestmark = pytest.mark.real_time


def serve(*arguments, database_url="sqlite://", **environment):
    return subprocess.Popen(
        [sys.executable, "-m", "orderwright.cli.main", "serve", *arguments],
        env={**os.environ, "DATABASE_URL": database_url, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def desk(database_url):
    """Run the server, and return its process and address."""
    port = unused_port()
    process = serve("--port", str(port), database_url=database_url)
    http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(20))
    url = f"http://127.0.0.1:{port}"
    ends_at = time.monotonic() + 60
    while True:
        try:
            http.request("GET", f"{url}/")
            break
        except urllib3.exceptions.HTTPError:
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < ends_at
            time.sleep(0.05)
    yield process, lambda path: http.request("GET", url + path, redirect=False)
    process.terminate()
    process.communicate(timeout=30)


def test_pages_api_and_static_files_come_from_one_server_without_collecting_them_first(desk):
    _process, get = desk

    page, answer, style = get("/sign-in"), get("/api/v1/orders"), get("/static/orderwright/js/toasts.js")

    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert (answer.status, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert style.status == 200


@pytest.mark.parametrize("request_to_stop", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_well_when_it_is_told_to(desk, request_to_stop):
    process, _get = desk

    process.send_signal(request_to_stop)

    assert process.wait(30) == 0


def test_a_taken_port_is_named_at_once():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = serve("--port", str(port))
        _output, trouble = process.communicate(timeout=60)

    assert process.returncode == 1
    assert trouble == f"CommandError: Cannot listen on 127.0.0.1, port {port}: Address already in use.\n"
