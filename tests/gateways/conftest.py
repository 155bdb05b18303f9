"""The benches of all gateways, each with the same practice provider behind it and a mailbox for what that tells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateways.bench import Bench
from tests.gateways.benches import BENCHES
from tests.gateways.mailbox import Mailbox
from tests.support.practice import Practice


@pytest.fixture(scope="session")
def open_mailbox() -> Iterator[Mailbox]:
    opened = Mailbox()
    yield opened
    opened.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test against every bench, or against those of which the condition of its mark `only` is true."""
    if "bench" in metafunc.fixturenames:
        conditions = [mark.args[0] for mark in metafunc.definition.iter_markers("only")]
        chosen = [bench for bench in BENCHES if all(is_so(bench) for is_so in conditions)]
        assert chosen, f"no bench is left for {metafunc.definition.name}"
        metafunc.parametrize("bench", chosen, ids=lambda bench: bench.name, indirect=True)


@pytest.fixture
def bench(request: pytest.FixtureRequest, practice: Practice, open_mailbox: Mailbox) -> Iterator[Bench]:
    """Give one way to speak to a provider after the other, with a provider that tells the mailbox what happens."""
    open_mailbox.empty()
    made: Bench = request.param(practice, open_mailbox)
    made.listen()
    yield made
    practice.forget_listeners()
