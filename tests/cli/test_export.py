"""`orderwright export ledger` writes the same file as portal and API, whole or not at all."""

from __future__ import annotations

import io
import stat
import sys
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from tests.ledger.files import as_records, csv_rows, export, xlsx_rows

SPAN = ("--from", "2026-11-01", "--to", "2026-11-21")
QUERY = {"first": "2026-11-01", "last": "2026-11-21"}


@pytest.mark.parametrize(
    ("more", "form", "file_type"),
    [
        ((), "days", "csv"),
        (("--format", "xlsx"), "days", "xlsx"),
        (("--detail",), "transactions", "csv"),
        (("--detail", "--format", "xlsx"), "transactions", "xlsx"),
    ],
)
def test_the_file_is_the_one_that_portal_and_api_give(order, clerk, now, tmp_path, capsys, more, form, file_type):
    target = tmp_path / "ledger.out"

    call_command("export", "ledger", *SPAN, *more, "--output", str(target))

    assert target.read_bytes() == export(clerk.actor, now=now, form=form, file_type=file_type, **QUERY)
    assert list(tmp_path.iterdir()) == [target]
    name = "ledger-transactions" if form == "transactions" else "ledger"
    assert capsys.readouterr().err == f"{name}-2026-11-01-2026-11-21.{file_type}: 1 ledger transactions.\n"


def test_it_is_narrowed_to_a_site_and_a_provider_account(order, tmp_path):
    target = tmp_path / "ledger.xlsx"

    call_command(
        "export", "ledger", *SPAN, "--site", "cozy-home-us", "--provider", "practice", "--format", "xlsx",
        "--output", str(target),
    )  # fmt: skip

    assert [row["row"] for row in as_records(xlsx_rows(target.read_bytes()))] == ["day", "total", "control"]


def test_it_may_go_to_standard_output(order, monkeypatch):
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out, write=lambda _text: None, flush=lambda: None))

    call_command("export", "ledger", *SPAN, "--output", "-")

    assert csv_rows(out.getvalue())[-1][0] == "control"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "2026-11-22"), r"lies after the last, 2026-11-21\. \(from_after_to\)"),
        (("--from", "2024-11-22"), r"At most 366 days at once; these are 730\. \(span_too_long\)"),
        (("--to", "soon"), r"It must be a day such as 2026-11-20.* \(not_a_day\)"),
        (("--site", "nowhere"), r"There is no such site\. \(site_unknown\)"),
        (("--provider", "nobody"), r"There is no such provider account\. \(provider_unknown\)"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_the_old_file(order, tmp_path, arguments, words):
    target = tmp_path / "ledger.csv"
    target.write_text("the one of last month")

    with pytest.raises(CommandError, match=words):
        call_command("export", "ledger", *arguments, "--output", str(target))

    assert target.read_text() == "the one of last month"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_not_there_is_named(order, tmp_path):
    target = tmp_path / "nowhere" / "ledger.csv"

    with pytest.raises(CommandError, match=r"ledger\.csv cannot be written: No such file or directory\."):
        call_command("export", "ledger", *SPAN, "--output", str(target))


def test_the_file_gets_the_rights_of_any_other_file(order, tmp_path):
    target, other = tmp_path / "ledger.csv", tmp_path / "other"
    other.touch()

    call_command("export", "ledger", *SPAN, "--output", str(target))

    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(other.stat().st_mode)
