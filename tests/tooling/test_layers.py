"""The import contracts of pyproject.toml refuse what they are there to refuse: a planted import breaks each."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).parent / "lint-imports"
FOLDERS = (
    *("web", "api", "cli", "worker", "actions", "reads", "outbox", "payments", "payments/gateways"),
    *("shipping", "orders", "accounts", "journal", "core"),
)


@pytest.fixture
def tree(tmp_path):
    """Return an empty project of the same shape under the same contracts."""
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for package in ("config", "practice_provider", "orderwright", *(f"orderwright/{folder}" for folder in FOLDERS)):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    return tmp_path


def broken_contracts(tree: Path) -> list[str]:
    command = [str(LINTER), "--no-logo", "--no-cache"]
    done = subprocess.run(
        command, cwd=tree, env={"PYTHONPATH": str(tree)}, capture_output=True, text=True, check=False, timeout=60
    )
    contracts = done.stdout.replace("\n", " ")
    assert "Contracts: " in contracts, done.stdout + done.stderr
    assert (done.returncode == 0) == ("0 broken" in contracts)
    names = {
        "Each layer imports only": "layers",
        "Portal, API, command line": "top-four",
        "Rules, states and money": "pure",
        "Only payments/gateways": "vendors",
        "Only shipping/recognition": "numbers",
        "The practice provider": "provider",
    }
    listed = contracts.split("Broken contracts")[-1] if "Broken contracts" in contracts else ""
    return [contract for words, contract in names.items() if words in listed]


def test_a_project_without_imports_breaks_nothing(tree):
    assert broken_contracts(tree) == []


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("orderwright/orders/models.py", "import orderwright.payments", ["layers"]),
        ("orderwright/core/money.py", "import orderwright.journal", ["layers"]),
        ("orderwright/reads/order_list.py", "import orderwright.actions", ["layers"]),
        ("orderwright/actions/capture.py", "import config", ["layers"]),
        ("orderwright/web/views.py", "import orderwright.api", ["layers", "top-four"]),
        ("orderwright/worker/loop.py", "import orderwright.cli", ["layers", "top-four"]),
        ("orderwright/orders/states.py", "import django.db", ["pure"]),
        ("orderwright/payments/rules.py", "import django.utils.translation", ["pure"]),
        ("orderwright/actions/capture.py", "import stripe", ["vendors"]),
        ("orderwright/payments/models.py", "import Adyen", ["vendors"]),
        ("orderwright/actions/set_tracking.py", "import tracking_numbers", ["numbers"]),
        ("practice_provider/http.py", "import orderwright.core", ["provider"]),
        ("orderwright/payments/gateways/practice.py", "import practice_provider", ["provider"]),
    ],
)
def test_a_forbidden_import_breaks_its_contract(tree, module, line, broken):
    (tree / module).write_text(f"{line}\n", encoding="utf-8")

    assert broken_contracts(tree) == broken


def test_rules_may_not_reach_django_by_a_detour_either(tree):
    (tree / "orderwright/core/db.py").write_text("import django.db\n", encoding="utf-8")
    (tree / "orderwright/orders/states.py").write_text("import orderwright.core.db\n", encoding="utf-8")

    assert broken_contracts(tree) == ["pure"]


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("orderwright/payments/gateways/stripe.py", "import stripe"),
        ("orderwright/shipping/recognition.py", "import tracking_numbers"),
        ("orderwright/web/views.py", "import orderwright.actions, orderwright.reads, orderwright.core"),
        ("config/urls.py", "import orderwright.web, orderwright.api"),
    ],
)
def test_an_import_downwards_breaks_nothing(tree, module, line):
    (tree / module).write_text(f"{line}\n", encoding="utf-8")

    assert broken_contracts(tree) == []
