"""The environment of every test process, set before Django reads its settings (loaded by `-p` in pyproject.toml)."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import tempfile

os.environ["ORDERWRIGHT_ENV"] = "test"
os.environ.setdefault("LOG_LEVEL", "ERROR")  # refusals are logged as warnings, and tests refuse a lot
# Nobody listens there: a test that wants a provider asks for the fixture `practice`, and mail goes nowhere by itself.
os.environ["PRACTICE_URL"] = "http://127.0.0.1:9"
os.environ["EMAIL_PORT"] = "9"
# Workers in tests look after what the test made; a sweep is asked for by name.
os.environ["PROVIDER_SWEEP_HOUR"] = "-1"
# Single sign-on is configured, with a provider that is not there; a test of it starts one.
os.environ["OIDC_ISSUER"] = "http://127.0.0.1:9"
os.environ["OIDC_CLIENT_ID"], os.environ["OIDC_CLIENT_SECRET"] = "orderwright", "only-for-tests"

# Runs at the same time share neither files nor databases. Workers inherit both from the process that starts them.
if "ORDERWRIGHT_TEST_RUN" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="orderwright-tests-")
    os.environ["ORDERWRIGHT_TEST_RUN"] = secrets.token_hex(4)
    os.environ["ORDERWRIGHT_TEST_SQLITE"] = os.path.join(_folder, "desk.sqlite3")  # noqa: PTH118 - before any import
    os.environ.setdefault("ORDERWRIGHT_VAR", _folder)
    _maker = os.getpid()

    @atexit.register
    def _remove() -> None:
        if os.getpid() == _maker:
            shutil.rmtree(_folder, ignore_errors=True)


def worker_name() -> str:
    """Return the name of this process among those of one run: `main`, or `gw0`, `gw1` … under xdist."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")
