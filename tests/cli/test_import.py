"""`orderwright import shopify-order` takes in every order of a file that it can, and names the others' faults."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from orderwright.core.actor import SYSTEM
from orderwright.orders.models import Order, Site
from orderwright.reads.order_detail import read_order

SHOPIFY = Path(__file__).parents[1] / "data" / "shopify"
MINIMAL = json.loads((SHOPIFY / "minimal.json").read_text())


@pytest.fixture
def write(tmp_path):
    """Write a file of Shopify's and return its path."""

    def make(document):
        file = tmp_path / "orders.json"
        file.write_text(document if isinstance(document, str) else json.dumps(document))
        return str(file)

    return make


def named(name, number, **changes):
    return {**MINIMAL, "id": number, "name": name, **changes}


def test_an_order_is_taken_in_and_the_report_names_both_numbers(site, capsys):
    call_command("import", "shopify-order", str(SHOPIFY / "documented_order.json"))

    first, *_notes, last = capsys.readouterr().out.splitlines()
    order = Order.objects.get()
    assert first == f"#1001: taken in as #{order.number}"
    assert last == "Orders: 1 taken in, 0 here already, 0 not taken in."
    assert (order.source, read_order(number=order.number, actor=SYSTEM).payments[0].account_slug) == (
        "shopify",
        "shopify",
    )


def test_the_same_file_again_changes_nothing(site, capsys):
    call_command("import", "shopify-order", str(SHOPIFY / "minimal.json"))
    call_command("import", "shopify-order", str(SHOPIFY / "minimal.json"))

    assert capsys.readouterr().out.splitlines()[-1] == "Orders: 0 taken in, 1 here already, 0 not taken in."
    assert Order.objects.count() == 1


def test_an_order_with_a_problem_leaves_nothing_behind_and_the_others_are_taken_in(site, write, capsys):
    file = write({"orders": [named("#1", 1), named("#2", 2, currency="???"), named("#3", 3)]})

    with pytest.raises(SystemExit) as ended:
        call_command("import", "shopify-order", file)

    lines = capsys.readouterr().out.splitlines()
    assert ended.value.code == 1
    assert "#2: not taken in" in lines
    assert lines[lines.index("#2: not taken in") + 1].startswith("  /orders/1/")
    assert lines[-1] == "Orders: 2 taken in, 0 here already, 1 not taken in."
    assert sorted(Order.objects.values_list("external_id", flat=True)) == ["1", "3"]


def test_what_the_desk_refuses_is_reported_with_its_place_and_code(site, write, capsys):
    with pytest.raises(SystemExit):
        call_command("import", "shopify-order", write(MINIMAL), "--site", "nowhere")

    assert "  /site: There is no such site. (site_unknown)" in capsys.readouterr().out.splitlines()
    assert not Order.objects.exists()


def test_a_changed_order_under_the_same_id_is_refused(site, write, capsys):
    call_command("import", "shopify-order", write(named("#1", 1)))
    with pytest.raises(SystemExit):
        call_command("import", "shopify-order", write(named("#1", 1, note="Something else")))

    assert "(external_id_taken)" in capsys.readouterr().out
    assert Order.objects.count() == 1


def test_the_file_may_come_from_standard_input(site, monkeypatch, capsys):
    text = io.BytesIO((SHOPIFY / "minimal.json").read_bytes())
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=text))

    call_command("import", "shopify-order", "-")

    assert Order.objects.count() == 1


def test_the_site_has_to_be_named_when_there_are_several(site, write):
    Site.objects.create(slug="second", name="Second", currency="EUR", sender="x@y.example", number_prefix="S-")

    with pytest.raises(CommandError, match="--site; there are: cozy-home-us, second"):
        call_command("import", "shopify-order", write(MINIMAL))

    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"), [("{", "not readable JSON"), ("", "not readable JSON"), ("NaN", "not readable JSON")]
)
def test_a_file_that_is_no_json_is_refused(site, write, content, words):
    with pytest.raises(CommandError, match=words):
        call_command("import", "shopify-order", write(content))


def test_a_file_that_is_not_there_is_named(site):
    with pytest.raises(CommandError, match=r"/nowhere/orders\.json cannot be read: No such file or directory\."):
        call_command("import", "shopify-order", "/nowhere/orders.json")
