"""Whatever is sent, the API answers in its own words: never with a failure of ours (I19, FH1)."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.program import PROBLEM
from tests.api.test_hostile_bodies import ENDPOINTS
from tests.factories.orders import SAMPLE, totals_of

# The database is shared by the examples of one test: an example that were stored would be met by the next.
several = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

WHATEVER = "whatever hypothesis makes up, in bodies, parameters and addresses"

texts = st.text(st.characters(), max_size=30) | st.sampled_from(["\x00", "\ud800", "\u202e", "new", "1001", "-1"])
scalars = (
    st.none()
    | st.booleans()
    | texts
    | st.integers(-(2**70), 2**70)
    | st.floats(width=64)
    | st.sampled_from([0, -1, 10**12, 2**63])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)
names = st.sampled_from(
    [
        *("state", "is_confirmed", "invoice_number", "text", "items", "method", "item", "quantity", "tracking_number"),
        *("parcel", "delivery_state", "amount", "email_customer", "reason", "name", "color", "system_state", "site"),
    ]
)
bodies = values | st.dictionaries(names, values, max_size=6)


def encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode()


def is_no_json(body: bytes) -> bool:
    """Return whether these bytes are nothing that a route could take: `{}` changes nothing, and is fine."""
    try:
        json.loads(body)
    except ValueError:
        return True
    return False


@several
@given(endpoint=st.sampled_from(ENDPOINTS), body=bodies)
def test_any_json_is_answered(program, order, endpoint, body, figure):
    answer = program.send(*endpoint, encoded(body))
    figure("FH1", WHATEVER, requests=1, failures=int(answer.status >= 500))

    assert answer.status < 500, answer
    assert answer.status < 300 or answer.headers["Content-Type"] == PROBLEM


@several
@given(endpoint=st.sampled_from(ENDPOINTS), body=st.binary(max_size=200).filter(is_no_json))
def test_any_bytes_are_answered(program, order, endpoint, body, figure):
    answer = program.send(*endpoint, body)
    figure("FH1", WHATEVER, requests=1, failures=int(answer.status >= 500))

    assert 400 <= answer.status < 500, answer
    assert answer.headers["Content-Type"] == PROBLEM


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value within a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, child in inner for place in places(child, (*path, key)))]


WHOLE: dict[str, Any] = {
    **SAMPLE,
    "external_id": "fuzz",
    "totals": totals_of(SAMPLE),
    "shipments": [{"method": "pick-up", "tracking_numbers": ["1Z"], "items": [{"item": 0, "quantity": 1}]}],
    "payments": [
        {
            "provider": "practice",
            "reference": "auth_fuzz",
            "method": {"type": "card", "brand": "visa", "last4": "4242"},
            "authorised": 59894,
            "authorised_at": "2026-11-20T21:42:12Z",
            "expires_at": "2026-11-27T21:42:12Z",
            "transactions": [
                {"kind": "capture", "amount": 100, "reference": "cap_fuzz", "at": "2026-11-20T22:00:00Z"},
                {
                    "kind": "refund",
                    "amount": 50,
                    "reference": "ref_fuzz",
                    "parent": "cap_fuzz",
                    "at": "2026-11-20T22:00:00Z",
                },
            ],
        }
    ],
}


@several
@given(place=st.sampled_from(places(WHOLE)[1:]), value=values)
def test_an_order_document_with_anything_anywhere_is_answered(program, site, place, value, figure):
    changed = deepcopy(WHOLE)
    holder: Any = changed
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value

    answer = program.post("/orders", encoded(changed))
    figure("FH1", WHATEVER, requests=1, failures=int(answer.status >= 500))

    assert answer.status < 500, answer
    if answer.status in (400, 422):
        assert all(fault["pointer"] == "" or fault["pointer"].startswith("/") for fault in answer.json["errors"])


@several
@given(
    name=st.sampled_from(["q", "after", "limit", "state", "placed_from", "view", "site", "payment"]),
    value=st.text(max_size=40),
    path=st.sampled_from(["/orders", "/orders/1001/timeline"]),
)
def test_any_parameter_is_answered(program, order, path, name, value, figure):
    answer = program.get(f"{path}?{name}={quote(value, errors='surrogatepass')}")
    figure("FH1", WHATEVER, requests=1, failures=int(answer.status >= 500))

    assert answer.status in (200, 422), answer


@several
@given(
    name=st.sampled_from(["from", "to", "site", "provider", "after", "limit", "format"]),
    value=st.text(max_size=40) | st.dates().map(str),
    path=st.sampled_from(["/ledger", "/ledger/transactions"]),
)
def test_any_parameter_of_the_ledger_is_answered(program, order, path, name, value, figure):
    answer = program.get(f"{path}?{name}={quote(value, errors='surrogatepass')}")
    figure("FH1", WHATEVER, requests=1, failures=int(answer.status >= 500))

    assert answer.status in (200, 422), answer


@several
@given(number=st.text(min_size=1, max_size=40), tail=st.sampled_from(["", "/timeline", "/cancellation"]))
def test_any_number_is_answered(program, db, number, tail, figure):
    answer = program.get(f"/orders/{quote(number, safe='', errors='surrogatepass')}{tail}")
    figure("FH1", WHATEVER, requests=1, failures=int(answer.status >= 500))

    assert answer.status in (200, 404), answer
