"""docs/api.md speaks of routes, codes and fields that exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from orderwright.api import urls
from orderwright.api.openapi import encoded
from orderwright.api.problems import KINDS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def text():
    return (ROOT / "docs" / "api.md").read_text()


def test_every_call_that_it_names_is_a_route(text):
    paths = json.loads(encoded(urls.api))["paths"]
    routes = [
        (method.upper(), re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path.removeprefix("/api/v1")))))
        for path, methods in paths.items()
        for method in methods
    ]
    calls = re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^` ?]*)", text)

    assert len(calls) > 20
    for method, path in calls:
        assert any(verb == method and route.fullmatch(path) for verb, route in routes), f"{method} {path}"


def test_every_route_is_named_in_it(text):
    for path in json.loads(encoded(urls.api))["paths"]:
        pattern = re.sub(r"\\{\w+\\}", "[^/`]+", re.escape(path.removeprefix("/api/v1")))
        assert re.search(rf"{pattern}[`\" ?]", text), path


def test_every_code_that_it_names_is_one_of_ours(text):
    sources = "".join(path.read_text() for path in (ROOT / "orderwright").rglob("*.py"))

    for code in re.findall(r"\d{3} `([a-z_]+)`", text):
        assert f'"{code}"' in sources, code


def test_every_status_is_explained(text):
    rows = re.findall(r"^\| ([\d, ]+) \|", text, flags=re.MULTILINE)

    explained = {int(status) for row in rows for status in row.split(",")}
    assert explained == set(KINDS) - {405}


def test_the_order_that_it_hands_in_is_taken_in(program, site, text):
    body = re.search(r"-d '(\{\n.*?\n\})'", text, flags=re.DOTALL)

    answer = program.post("/orders", json.loads(body[1]))

    assert (answer.status, answer.json["totals"]["total"]) == (201, 10832)
