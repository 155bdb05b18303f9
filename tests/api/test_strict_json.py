"""Reading bodies: what cannot be read in one way only is refused, with its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderwright.api.errors import MalformedJson
from orderwright.api.strict_json import DEEPEST, read_json


def test_plain_json_is_read_as_it_stands():
    value = read_json(b' {"a": [1, -2, true, null, "\xc3\xa9", "\\ud83d\\ude9a"], "b": {}} \n')

    assert value == {"a": [1, -2, True, None, "é", "🚚"], "b": {}}


def test_a_number_with_a_fraction_never_becomes_a_double():
    value = read_json(b'{"a": 0.1, "b": 1e2}')

    assert value == {"a": Decimal("0.1"), "b": Decimal("1E+2")}


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (rb'{"a": {"b": ["x", "\ud800"]}}', "/a/b/1", "lone_surrogate"),
        (rb'{"a": "\udc00\ud800"}', "/a", "lone_surrogate"),
        (rb'{"\udfff": 1}', "", "lone_surrogate"),
        (b'{"a": {"x": 1, "y": 2, "x": 1}}', "/a/x", "repeated_name"),
        (b'{"a/b": {"~": NaN}}', "/a~1b/~0", "not_a_number"),
        (b"[Infinity]", "/0", "not_a_number"),
        (b"[-Infinity]", "/0", "not_a_number"),
        (b'{"a": 1e400}', "/a", "number_out_of_range"),
        (b'{"a": 1e-400}', "/a", "number_out_of_range"),
        (b'{"a": 1e999999999999999999999}', "/a", "number_out_of_range"),
        (b'{"a": 0.%s}' % (b"1" * 50), "/a", "number_out_of_range"),
        (b'{"a": %s}' % (b"9" * 20), "/a", "number_out_of_range"),
        (b'{"a": %s}' % (b"9" * 100_000), "/a", "number_out_of_range"),
        (b'{"a": {%s}}' % b",".join(b'"%d": 1' % at for at in range(501)), "/a", "too_many_names"),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "/0" * DEEPEST, "nested_too_deeply"),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused_at_its_place(body, pointer, code):
    with pytest.raises(MalformedJson) as refused:
        read_json(body)

    assert [(fault.pointer, fault.code) for fault in refused.value.fields] == [(pointer, code)]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"{} {}", "Extra data"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": 01}', "not JSON"),
        (b'{"a": "x\ny"}', "not JSON"),
        (b'{"a": 1,}', "not JSON"),
        (b'\xef\xbb\xbf{"a": 1}', "not JSON"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
        (b'{"a": "\xc0\xaf"}', "not UTF-8"),
        (b"[" * 500_000, "nested deeper"),
        (b'{"a":' * 200_000 + b"1" + b"}" * 200_000, "nested deeper"),
    ],
)
def test_what_is_no_json_is_refused_with_a_plain_reason(body, words):
    with pytest.raises(MalformedJson, match=words) as refused:
        read_json(body)

    assert refused.value.fields == ()


def test_thirty_two_levels_are_enough_for_everybody():
    assert read_json(b"[" * DEEPEST + b"]" * DEEPEST)


def test_at_most_twenty_places_are_named():
    with pytest.raises(MalformedJson) as refused:
        read_json(b"[" + b",".join([b"NaN"] * 5000) + b"]")

    assert len(refused.value.fields) == 20
