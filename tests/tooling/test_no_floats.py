"""The rule that keeps floats away from money (I2). What is refused, what counts as time, and how a line is excused."""

from __future__ import annotations

import pytest

from scripts.no_floats import find_floats, money_files


@pytest.mark.parametrize(
    "line",
    [
        "amount = 12.50",
        "amount = 1e3",
        "amount = float(text)",
        "def pay(amount: float) -> None: ...",
        "def pay(*, amount=0.1): ...",
        "async def pay(amount: float) -> None: ...",
        "def due(order) -> float: ...",
        "share = total / 3",
        "total /= 3",
        "share = order.total / order.lines",
        "amount = models.FloatField()",
        "sql = 'SELECT sum(amount_minor)::float FROM line'",
        "sql = 'SELECT CAST(amount_minor AS REAL) FROM line'",
        "pay(order, amount=99.0)",
    ],
)
def test_a_float_that_could_be_money_is_refused(line):
    findings = find_floats(f"\n{line}\n")

    assert [finding.line for finding in findings] == [2]


@pytest.mark.parametrize(
    "line",
    [
        "amount = total // 3",
        "share, rest = divmod(total, 3)",
        "file = folder / 'orders.json'",
        "file = BASE_DIR / name",
        "file = Path(name).resolve() / name",
        "here /= 'orders.json'",
        "amount = Decimal('12.50')",
        "text = 'a price of 12.50'",
    ],
)
def test_whole_numbers_decimals_and_paths_pass(line):
    assert find_floats(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "READ_TIMEOUT = 0.5",
        "poll_s: float = 0.05",
        "time.sleep(0.05)",
        "stopped.wait(min(0.5, left))",
        "call(url, timeout=2.5)",
        "def call(*, timeout: float = 2.5) -> None: ...",
        "def seconds_left() -> float: ...",
        "self.delay_seconds *= 1.5",
    ],
)
def test_a_length_of_time_may_be_a_float(line):
    assert find_floats(line) == []


@pytest.mark.parametrize(
    "line", ["if isinstance(amount, float): raise Wrong", "match amount:\n    case float(): raise Wrong"]
)
def test_asking_whether_something_is_a_float_is_how_it_gets_refused(line):
    assert find_floats(line) == []


def test_a_line_is_excused_by_its_reason_and_by_nothing_less():
    assert find_floats("width = done / total  # not money: width of the bar in per cent") == []
    assert len(find_floats("width = done / total  # not money:")) == 1
    assert len(find_floats("width = done / total  # noqa")) == 1


def test_the_rule_reads_every_folder_that_money_passes_through():
    folders = {"/".join(path.parts[-3:-1]) for path in money_files()}

    assert {"orderwright/core", "orderwright/payments", "orderwright/actions"} <= folders
